/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loop.h - the one loop of papr-vmm: descriptors that became ready, and their handlers
 *
 * One thread serves everything (sockets, FUSE, system calls of the simulated guest,
 * signals), so that the machine needs no lock. A handler does not block; in
 * particular, nothing here may touch the simulated guest's own mounts.
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct loop;

/* events: EPOLLIN... as epoll_wait() told. */
typedef void loop_fn(void *arg, uint32_t events);

int loop_new(struct loop **out);
void loop_free(struct loop *loop); /* NULL is fine; descriptors stay open */

int loop_add(struct loop *loop, int fd, uint32_t events, loop_fn *fn, void *arg);
int loop_change(struct loop *loop, int fd, uint32_t events);
/* From inside any handler as well, its own included; done before fd is closed. */
void loop_remove(struct loop *loop, int fd);

/* Waits for one batch of ready descriptors and serves it: 0 or -errno. */
int loop_run_once(struct loop *loop);
/* Serves until loop_end() is called; returns what that was given, or -errno. */
int loop_run(struct loop *loop);
void loop_end(struct loop *loop, int result);
