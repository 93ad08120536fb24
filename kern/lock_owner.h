/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lock_owner.h - which process of root has a lock on a file
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

/* Find a process whose four user IDs are all 0 and that has a lock on the file of *st, or of a
 * part of it, for reading or writing. A set-user-ID program that another user started is not
 * one of them. Return its PID; 0: no process, except for those that even root may not read;
 * -1: not known, because some processes could not be read. */
pid_t lock_owner_find(const struct kern_root *root, const struct stat *st);

/* Return 1 if this process is such a one, 0 if not, or a negative errno. */
int lock_owner_is(const struct kern_root *root, pid_t pid, const struct stat *st);
