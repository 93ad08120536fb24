/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * writer.h - a child process that writes to kernel files, so that a write can have a
 * deadline
 *
 * A driver that hangs in its remove function keeps a write(2) in the kernel, where no
 * signal ends it. Only a child can be left there. Such a child has no descriptor of its
 * parent but a socket: two of /dev/null and the kernel file.
 *
 * A process with a struct kern_writers keeps its child for the next write, because to start one
 * costs more than most writes. After a write of more than a second the child ends, so that who
 * waits for the end of the write can wait for the end of the child.
 *
 * While a child is still writing, the result of the write is unknown.
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

/* Identifies a process. A PID alone is not enough: it can be used again, but with another
 * start time. */
struct kern_writer {
	pid_t pid;	/* 0: none */
	uint64_t start; /* /proc/PID/stat, field 22; 0: unknown */
	char path[300]; /* of the kernel file, without the first slash */
};

/* The children of one process. Only one of them writes at a time. */
struct kern_writers {
	struct kern_writer child;   /* waits for a write; pid 0: none */
	int end, orders;	    /* of this child: its pidfd, and a socket */
	struct writer_order *order; /* memory that it shares */
	struct kern_writer late;    /* writing, or left in the kernel; pid 0: none */
	/* Called after a child has been started, before the wait for it. May be NULL. */
	void (*begun)(void *priv, const struct kern_writer *writer);
	/* Called each second while a write lasts until the deadline. May be NULL. */
	void (*waiting)(void *waiting_priv, const struct kern_writer *writer,
			const struct deadline *dl);
	/* Called after the wait. Return false if this process must not go on: then the result
	 * of the write stays unknown, and nothing is written any more. May be NULL. */
	bool (*waited)(void *waiting_priv);
	void *priv, *waiting_priv;
	bool is_cut_off; /* waited() has returned false */
};

/* Write len bytes to a file below the root in a child, and wait for its end until the
 * deadline. The child reports the result of its write(2). Return 0 or a negative errno.
 * -ETIMEDOUT: the child may still write, and is in root->writers->late if root->writers
 * is not NULL. -EBUSY: an earlier child is still writing; nothing was started. -EIO: the
 * child was killed, or its write was short. */
int writer_run(const struct kern_root *root, const char *path, const void *buf,
	       size_t len, const struct deadline *dl);

/* End the child that waits for a write. */
void writers_close(struct kern_writers *writers);

/* Wait until the deadline for the child that timed out. Return true if it is still in the
 * kernel, or if this process must not go on. */
bool writers_are_busy(struct kern_writers *writers, const struct deadline *dl);

/* Locks of the kernel that a write can hold for its whole time, so that others wait. */
enum writer_lock {
	WRITER_PCI = 1,	  /* of removals and scans */
	WRITER_CORES = 2, /* of processors and memory */
	WRITER_TREE = 4,
	WRITER_SLOTS = 8, /* of logical slots, also of virtual adapters */
};

/* Return the locks that a write to this file can hold; 0: none known. path: without the first
 * slash, by the folders of devices or by a bus or class. */
unsigned int writer_locks(const char *path);

/* Find another process that has a file of the kernel open to which the kernel may handle one
 * write at a time: ours may wait for it. Return false if no process has. */
bool writers_find_other(const struct kern_root *root, const struct kern_writer *ours,
			struct kern_writer *other);

/* Wait until the deadline for the end of a process, which need not be our child. stop_fd ends
 * the wait when it is readable; -1: none. Return 0, -ETIMEDOUT or -EINTR. */
int writer_wait_for(const struct kern_root *root, const struct kern_writer *writer,
		    const struct deadline *dl, int stop_fd);

/* Read the start time of a process. Return 0 or a negative errno. */
int writer_read_start(const struct kern_root *root, struct kern_writer *writer);

/* Return true if this process still runs; it need not be our child. */
bool writer_is_alive(const struct kern_root *root, const struct kern_writer *writer);
