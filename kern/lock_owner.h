/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lock_owner.h - which process has a lock on a file, or has it open
 *
 * fcntl(2) reports one lock, which may be another user's, and no PID of an open file
 * description lock. /proc/PID/fdinfo (since Linux 4.1) has the locks of each process. This
 * needs many system calls, so it is for a lock that was refused.
 *
 * Layer:   kern (libkernio)
 */
#pragma once

#include <sys/stat.h>

#include "kern/root.h"

enum lock_owner_kind {
	LOCK_OWNER_ROOT, /* its four user IDs are 0, and it has a lock, also of a part */
	LOCK_OWNER_USER, /* the same, but not all are 0: also a set-user-ID program */
	LOCK_OWNER_OPEN, /* root's, and not this process: it has the file open */
};

/* Find a process of the kind, for the file of *st. Return its PID; 0: no process, except for
 * those that even root may not read; -1: not known, because some processes could not be
 * read. */
pid_t lock_owner_find(const struct kern_root *root, const struct stat *st,
		      enum lock_owner_kind kind);

/* Return 1 if this process is such a one, 0 if not, or a negative errno. */
int lock_owner_is(const struct kern_root *root, pid_t pid, const struct stat *st,
		  enum lock_owner_kind kind);
