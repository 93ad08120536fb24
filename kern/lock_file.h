/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lock_file.h - open the lock files that programs of one system share
 *
 * A lock file is in a directory where all users may create files, such as /var/lock.
 * Another user can create it first, as a file, a link, a FIFO or a directory. Root
 * replaces such an object, and never follows it or waits for it. Root's own file must be
 * a regular file with one link. Its mode becomes 0600, because a user who can open it can
 * lock it, for reading at least; who had it open before can do that forever. So root's file
 * is replaced too if it is locked, but by no process of root.
 *
 * The replacement is created with O_EXCL under another name and exchanged by
 * renameat2(2), so the other user cannot create the file again in between. If a root
 * process has a lock on the file (lock_owner.h), it is not replaced: older programs open
 * another user's file.
 *
 * Errors:  negative errno; -EPERM root's own file is not a regular file with one link.
 * Layer:   kern (libkernio)
 */
#pragma once

#include "kern/lock_owner.h"
#include "kern/root.h"

/* Open or create a lock file for reading and writing. Return the descriptor. Return
 * -EAGAIN if root's process *pid holds a lock on another user's file, or -ESTALE if the
 * file changes again and again. */
int lock_file_open(const struct kern_root *root, const char *path, pid_t *pid);

/* Replace root's own file, of which bad is a descriptor for reading and writing: it is locked,
 * but by no process of root. The descriptor then has a lock on it, for reading if no more is
 * possible, so that no process that has it open can lock it for writing; it may have none if
 * another user has locked it for writing. Return a descriptor of the new file, -ESTALE if bad
 * is not the file at the path any more or another process of root uses it meanwhile, or
 * another error. use: LOCK_OWNER_ROOT, a process uses it that has a lock; LOCK_OWNER_OPEN, one
 * that has it open, as programs need that keep it open. */
int lock_file_replace(const struct kern_root *root, const char *path, int bad,
		      enum lock_owner_kind use);

/* Open root's lock file for reading. Create and change nothing. Return the descriptor. */
int lock_file_open_to_read(const struct kern_root *root, const char *path);

/* Lock the whole file, or release it (F_UNLCK), without waiting. Kernels before 3.15 have only
 * POSIX locks for this. Return 0, -EAGAIN if another lock excludes this one, or another
 * error. */
int lock_file_set(int fd, short type);

/* Return true if the descriptor is still the file at this path. */
bool lock_file_is_at(const struct kern_root *root, const char *path, int fd);

/* The same. *at is the status of the file at this path. */
bool lock_file_is_at_stat(const struct kern_root *root, const char *path, int fd,
			  struct stat *at);
