/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lock.h - lock files shared with other programs of the same system
 *
 * A lock file lies in a directory that others may write to: a stranger's file there
 * may deny the lock, never redirect it. So: no links followed, a regular file of
 * root with one name, readable by root alone (whoever may open it for reading could
 * hold a read lock for ever).
 *
 * Errors:  negative errno; -EPERM the file is not ours to trust.
 * Layer:   kern (libkernio)
 */
#pragma once

#include "kern/root.h"

/* Opens or creates a lock file. Descriptor, negative errno. */
int lock_file_open(const struct kern_root *root, const char *path);

/* Who keeps a lock from us. */
struct lock_holder {
	pid_t pid; /* 0: unknown */
	char command[256];
};

/* Without trying to take it: 0 nobody has it, -1 somebody without a number here. */
pid_t lock_holder_pid(int fd);

/* Who that is: *holder, its words with a blank between them. */
void lock_holder_find(struct lock_holder *holder, const struct kern_root *root,
		      pid_t pid);

/* A POSIX record lock on the whole file, as the lock of dynamic reconfiguration is:
 * held until close or process end. Tries until the deadline; one that is let go while we
 * ask who has it is tried for once more.
 * 0; -EAGAIN held by another process, which *holder then names. */
int lock_whole(int fd, const struct kern_root *root, const struct deadline *dl,
	       struct lock_holder *holder);
