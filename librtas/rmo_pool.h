/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rmo_pool.h - work areas in the window of memory that firmware can reach
 *
 * The kernel sets one window aside (64 KiB at boot) and lets root map it from
 * /dev/mem. Kernels have pages of up to 64 KiB, so the window is mapped once and
 * divided here, in units of 4096 bytes. Other processes use the same window: each
 * unit is one byte of the lock file /var/lock/LCK..librtas, write-locked while the
 * unit is in use. The lock is tried, unit after unit, never waited for on one unit,
 * so a stopped process keeps only what it holds.
 *
 * What another thread gives back wakes those that wait; what another process gives
 * back is found by looking again.
 *
 * Threads: all functions may be called from any thread.
 * Fork:    the child starts with no areas of its own.
 * Errors:  negative errno.
 * Source:  Linux 6.1 arch/powerpc/kernel/rtas-proc.c (rmo_buffer), prom.c
 * Layer:   librtas
 */
#pragma once

#include <pthread.h>

#include "librtas/transport.h"

struct rmo_pool {
	const struct kern_root *root;
	pthread_cond_t freed;  /* by a thread of this process */
	pthread_mutex_t mutex; /* guards what follows */
	pid_t owner;	       /* the process that opened the lock file */
	int lock_fd;
	uint8_t *window;
	uint32_t base;
	unsigned int units;
	uint64_t used; /* bit n: unit n is held by this process */
};

void rmo_pool_init(struct rmo_pool *pool, const struct kern_root *root);
void rmo_pool_close(struct rmo_pool *pool);

/* Around fork(2), as fork of the transport. */
void rmo_pool_fork(struct rmo_pool *pool, enum fork_stage stage);

/* As rmo_get and rmo_put of the transport. -EPERM the kernel refuses /dev/mem (as
 * under lockdown), -ENOENT there is no window. */
int rmo_pool_get(struct rmo_pool *pool, size_t pages, const struct deadline *dl,
		 struct rmo_area *area);
int rmo_pool_put(struct rmo_pool *pool, const struct rmo_area *area);
