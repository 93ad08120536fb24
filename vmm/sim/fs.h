/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fs.h - serve the kernel's files to the guest's programs through FUSE
 *
 * Files use direct I/O: every read and write of a program is one request here. So a write
 * returns exactly the number or the error that the simulated kernel gave.
 *
 * Memory:  fs_free() answers waiting writes with EIO; the caller owns the tree.
 * Errors:  negative errno.
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

struct fs;
struct fs_request;
struct loop;
struct pfs_node;

/* Called before each write, and before a read from the start of a file. Return 0 to continue,
 * a negative errno to fail, or, for a write, a number > 0 to hold it. A held write waits for
 * fs_release() with that number. It keeps its locks (struct pfs_ops): other writes with one of
 * them wait, then are executed in order. */
typedef int fs_before(void *arg, struct pfs_node *node, bool is_write);

/* Serve the tree over fuse_fd, an open /dev/fuse that is already mounted. Takes ownership
 * of fuse_fd. */
int fs_new(struct fs **out, struct loop *loop, int fuse_fd, struct pfs_node *root,
	   fs_before *before, void *arg);
void fs_free(struct fs *fs); /* NULL is fine */

/* Serve all requests that are pending. After this call, a file that a program closed is
 * closed here too. Must not be called from within a request. */
void fs_catch_up(struct fs *fs);

/* Release the writes that wait with this number; they continue at the next fs_go_on(). If
 * err is not 0, they fail with it. Return their number. */
unsigned int fs_release(struct fs *fs, int number, int err);
/* Execute the released writes. Must not be called from within a request. */
void fs_go_on(struct fs *fs);

/* Answer a waiting read with these bytes, or, if err is not 0 (negative errno), with the
 * error. */
void fs_reply(struct fs_request *request, const void *bytes, size_t len, int err);

/* Return the file offset of the read. */
uint64_t fs_offset(const struct fs_request *request);

/* Set the function to call when the program stops waiting (a signal). It must answer the
 * request, with EINTR. */
void fs_on_interrupt(struct fs_request *request,
		     void (*fn)(struct fs_request *request, void *arg), void *arg);

/* Wake the programs that poll this file. */
void fs_notify_poll(struct fs *fs, struct pfs_node *node);
