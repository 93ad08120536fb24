/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loop.h - papr-vmm's event loop: calls the handlers of ready descriptors
 *
 * The thread that created the loop serves sockets, FUSE and signals. It holds the loop's
 * lock, except while it waits. Another thread (sim/trap.c) takes this lock to change the
 * machine. So the machine needs no lock of its own. Handlers must not block. In
 * particular, papr-vmm must not access the simulated guest's own mounts or memory.
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct loop;

/* Handle a ready descriptor. events: EPOLLIN..., from epoll_wait(). */
typedef void loop_fn(void *arg, uint32_t events);

int loop_new(struct loop **out);
void loop_free(struct loop *loop); /* NULL is fine; descriptors stay open */

int loop_add(struct loop *loop, int fd, uint32_t events, loop_fn *fn, void *arg);
int loop_change(struct loop *loop, int fd, uint32_t events);
/* Remove a descriptor before it is closed. Any handler may call this, even for its own
 * descriptor. */
void loop_remove(struct loop *loop, int fd);

/* For another thread, around everything that handlers access. */
void loop_lock(struct loop *loop);
void loop_unlock(struct loop *loop);

/* Wait for one batch of ready descriptors and serve it. Return 0 or -errno. */
int loop_run_once(struct loop *loop);
/* Serve until loop_end() is called. Return the result passed to it, or -errno. */
int loop_run(struct loop *loop);
void loop_end(struct loop *loop, int result);
