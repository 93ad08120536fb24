/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rmo_pool.h - work areas in the window of memory that firmware can address
 *
 * The kernel reserves one window (64 KiB at boot) and lets root map it from /dev/mem.
 * Kernels have pages of up to 64 KiB, so the window is mapped once and divided here, in
 * units of 4096 bytes. All processes use the same window. Each unit has one byte of the
 * lock file /var/lock/LCK..librtas, which is write-locked while the unit is in use. A
 * process tries the locks one after the other and never blocks on one of them. A stopped
 * process thus blocks only its own units.
 *
 * A thread that releases units wakes the waiting threads of its process. Units that
 * another process releases are found by trying again.
 *
 * A user who had the lock file open before its mode became 0600 can lock all of it, for
 * reading. Then it is replaced, but only if no other process of root has it open: the library
 * of another project keeps what it has opened. Ours tests before each area that the file still
 * has a name.
 *
 * Threads: all functions may be called from any thread.
 * Fork:    the child starts with no areas of its own.
 * Errors:  negative errno.
 * Source:  Linux 6.1 arch/powerpc/kernel/rtas-proc.c (rmo_buffer), prom.c
 * Layer:   librtas
 */
#pragma once

#include <pthread.h>

#include "kern/lock.h"
#include "librtas/transport.h"

struct rmo_pool {
	const struct kern_root *root;
	pthread_cond_t freed; /* signalled when a thread of this process releases units */
	pthread_mutex_t mutex; /* guards the members below */
	pid_t owner;	       /* the process that opened the lock file */
	struct lock lock;      /* the file is open, its units are locked */
	const char *lock_path;
	dev_t lock_dev; /* of the lock file: the program may close or reuse its descriptor */
	ino_t lock_ino;
	uint8_t *window;
	uint32_t base;
	unsigned int units;
	uint64_t used; /* bit n: this process uses unit n */
};

void rmo_pool_init(struct rmo_pool *pool, const struct kern_root *root);
void rmo_pool_close(struct rmo_pool *pool);

/* Handle fork(2), as fork of the transport. */
void rmo_pool_fork(struct rmo_pool *pool, enum fork_stage stage);

/* Allocate and release an area, as rmo_get and rmo_put of the transport. -EPERM: the
 * kernel refuses /dev/mem (as under lockdown). -ENOENT: this kernel has no window. */
int rmo_pool_get(struct rmo_pool *pool, size_t pages, const struct deadline *dl,
		 struct rmo_area *area);
int rmo_pool_put(struct rmo_pool *pool, const struct rmo_area *area);

/* Map the window, as rmo_probe of the transport. */
int rmo_pool_probe(struct rmo_pool *pool);
