/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * writer.h - a child that makes one write to a kernel file, so that the write can have a
 * deadline
 *
 * A driver that hangs in its remove function keeps a write(2) in the kernel, where no signal
 * ends it. Only a child can be left there. Such a child has no descriptor of its parent:
 * null, null, null and the kernel file.
 *
 * While a child is still writing, nobody can tell what the write comes to.
 *
 * Errors:  negative errno
 * Layer:   kern (libkernio)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "kern/deadline.h"

struct kern_root;

/* A process, for good: PIDs are used again, with another start time. */
struct kern_writer {
	pid_t pid;	/* 0: none */
	uint64_t start; /* /proc/PID/stat, field 22; 0: unknown */
	char path[300]; /* of the kernel file, without the first slash */
};

/* The children of one process. One writes at a time. */
struct kern_writers {
	struct kern_writer late; /* pid 0: none is left in the kernel */
	/* Called once a child has begun, before it is waited for. May be NULL. */
	void (*begun)(void *priv, const struct kern_writer *writer);
	void *priv;
};

/* Write len bytes to a file below the root by a child, and wait for its end until the
 * deadline. The child reports the result of its write(2).
 * Return 0 or negative errno. -ETIMEDOUT: the child is in root->writers->late, if that is
 * not NULL, and may still write. -EBUSY: an earlier child is still writing; nothing was
 * begun. -EIO: the child was killed, or its write was short. */
int writer_run(const struct kern_root *root, const char *path, const void *buf,
	       size_t len, const struct deadline *dl);

/* Wait until the deadline for the child that was left. Return true if it is still in the
 * kernel. */
bool writers_are_busy(struct kern_writers *writers, const struct deadline *dl);

/* Return true if this process, of whatever parent, is still running. */
bool writer_is_alive(const struct kern_root *root, const struct kern_writer *writer);
