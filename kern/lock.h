/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lock.h - a lock with one holder at a time, shared with other programs of the system
 *
 * The lock is an open file description lock on the whole file (lock_file.h). It conflicts
 * with POSIX record locks, which other programs use, in both directions, and with a
 * second lock of the same process. The kernel reports no PID for it, so the holder writes
 * "PID COMMAND\n" into the file.
 *
 * A forked child shares the lock for as long as it has the descriptor.
 *
 * A user who had the file open before its mode became 0600 can lock it. If it is locked, and
 * no process of root has a lock on it, it is replaced (lock_file.h). The lock of the replaced
 * file is kept as well, as far as the user leaves it: another program may have it open.
 *
 * Errors:  negative errno; -EPERM the file cannot be trusted (lock_file.h).
 * Layer:   kern (libkernio)
 */
#pragma once

#include "kern/lock_owner.h"
#include "kern/root.h"

/* The lock of dynamic reconfiguration. */
#define LOCK_DR_FILE "var/lock/dr_config_lock"

/* The process that holds a lock. */
struct lock_holder {
	pid_t pid; /* 0: unknown */
	char command[256];
};

/* A lock that is held, or {-1, -1}. */
struct lock {
	int fd;
	int replaced; /* what the file replaced; -1: nothing */
};

/* Acquire the lock at this path, and create the file if it does not exist. The file then
 * names the command (NULL: the arguments of this process). Try until the
 * deadline, and once more if the holder is ending. *lock holds it until lock_release();
 * after an error it is {-1, -1}. Return 0, -EAGAIN if *holder has the lock, -ESTALE if the
 * file is replaced again and again, or another negative errno. */
int lock_acquire(struct lock *lock, const struct kern_root *root, const char *path,
		 const char *command, const struct deadline *dl,
		 struct lock_holder *holder);

/* Clear what lock_acquire() wrote, and release the lock, if it is held. */
void lock_release(struct lock *lock);

/* Another user has locked root's file at the path, of which lock->fd is a descriptor, so that
 * no try can succeed. Replace it, unless another process of root uses it (lock_file.h).
 * *lock receives the new file, not locked, and what it replaced. Return -ESTALE after that;
 * -EAGAIN: process *pid replaces it; or another error, and *lock may be closed. */
int lock_take_from_user(struct lock *lock, const struct kern_root *root, const char *path,
			enum lock_owner_kind use, pid_t *pid);

/* Close the files: the locks end. */
void lock_close(struct lock *lock);

/* Return the PID of the holder without trying to take the lock; 0: no holder; -1:
 * unknown. For root, a process of another user is no holder. */
pid_t lock_holder_pid(int fd, const struct kern_root *root);

/* Describe a process by its PID: its arguments, separated by blanks. */
void lock_holder_find(struct lock_holder *holder, const struct kern_root *root,
		      pid_t pid);
