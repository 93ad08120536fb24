/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fs.h - the kernel's files for the guest's programs, through FUSE
 *
 * Every read and write of a program is one request here (direct I/O), so that a write
 * is answered with exactly the number or the error that the kernel part gave.
 *
 * Memory:  fs_free() answers what still waits with an error; the tree is the caller's.
 * Errors:  negative errno.
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct fs;
struct fs_request;
struct loop;
struct pfs_node;

/* Called before each write. Return 0, the error that it fails with, or a number > 0 with
 * which it waits for fs_release(). */
typedef int fs_before_write(void *arg, struct pfs_node *node);

/* fuse_fd: an opened /dev/fuse that is mounted already; owned from then on. */
int fs_new(struct fs **out, struct loop *loop, int fuse_fd, struct pfs_node *root,
	   fs_before_write *before_write, void *arg);
void fs_free(struct fs *fs); /* NULL is fine */

/* Does what was asked for and waits: a program that has closed a file finds it closed,
 * whatever it does next. Never from inside of a request. */
void fs_catch_up(struct fs *fs);

/* Let the writes that wait with this number go on, or fail with err, if that is not 0: with
 * the next fs_go_on(). Return how many they are. */
unsigned int fs_release(struct fs *fs, int number, int err);
/* Do the writes that were released. Never from inside of a request. */
void fs_go_on(struct fs *fs);

/* To a read that waited: bytes, or with err != 0 (negative) the error. */
void fs_reply(struct fs_request *request, const void *bytes, size_t len, int err);

/* Where in the file the program reads. */
uint64_t fs_offset(const struct fs_request *request);

/* Told when the program gave up waiting; the request is answered EINTR then. */
void fs_on_interrupt(struct fs_request *request,
		     void (*fn)(struct fs_request *request, void *arg), void *arg);

/* Whoever polls this file is to look again. */
void fs_notify_poll(struct fs *fs, struct pfs_node *node);
