/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * root.h - every file of the guest is reached through a root directory
 *
 * The running system is the root "/". A captured tree (--sysroot) is any other
 * folder; links in it are followed inside it, so an absolute link of the captured
 * system stays within the capture.
 *
 * Paths:   relative to the root, without leading '/': "proc/cpuinfo".
 * Memory:  what a read returns is malloc'ed and the caller's; a NUL that is not
 *          counted follows the bytes.
 * Errors:  negative errno of the failing system call; -E2BIG a file is larger than
 *          the cap.
 * Layer:   kern (libkernio)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "kern/cleanup.h"
#include "kern/deadline.h"

enum { KERN_READ_MAX = 4 << 20 };

struct kern_writers;

struct kern_root {
	int fd;
	bool is_system; /* "/" of the running system */
	/* What carries a command to the kernel: kern_write_once() unless a watcher put
	 * itself in between. Same contract. */
	ssize_t (*write)(const struct kern_root *root, const char *path, const void *buf,
			 size_t len, const struct deadline *dl);
	void *priv; /* the watcher's */
	/* Where children that write are kept, for writes with a deadline; NULL: nowhere. */
	struct kern_writers *writers;
	/* Until when kern_write() waits for the kernel; NULL: as long as it takes. */
	const struct deadline *limit;
};

/* sysroot NULL: the running system. 0, negative errno. */
int kern_root_open(struct kern_root *root, const char *sysroot);
void kern_root_close(struct kern_root *root);

/* openat(2) with O_CLOEXEC. Descriptor or negative errno. */
int kern_open(const struct kern_root *root, const char *path, int flags);

bool kern_exists(const struct kern_root *root, const char *path);

/* Whole file. 0, -E2BIG above KERN_READ_MAX, negative errno. */
int kern_read(const struct kern_root *root, const char *path, char **buf, size_t *len);

/* The same with another limit. */
int kern_read_up_to(const struct kern_root *root, const char *path, size_t max,
		    char **buf, size_t *len);

/* The same for an attribute or a property: the kernel gives it in one piece, or in whole
 * pages if it is larger, so a read that fills neither the buffer nor pages is the last. */
int kern_read_attr(const struct kern_root *root, const char *path, char **buf,
		   size_t *len);

/* What is left to read of an open file. As kern_read(). */
int kern_read_fd(int fd, char **buf, size_t *len);

/* One command: exactly one write(2) of len bytes to an existing file, which is neither
 * created nor truncated. What write(2) returned, or negative errno. With a deadline a child
 * writes (kern/writer.h): -ETIMEDOUT if the kernel has not come back by then. */
ssize_t kern_write_once(const struct kern_root *root, const char *path, const void *buf,
			size_t len, const struct deadline *dl);

/* The same through root->write, where anything but len is an error: 0, negative errno,
 * -EIO a short write, -E2BIG the kernel took nothing. kern_write(): until root->limit. */
int kern_write(const struct kern_root *root, const char *path, const void *buf,
	       size_t len);
int kern_write_until(const struct kern_root *root, const char *path, const void *buf,
		     size_t len, const struct deadline *dl);

/* Text of a symbolic link, NUL-terminated in buf. 0, -ENAMETOOLONG, negative errno. */
int kern_readlink(const struct kern_root *root, const char *path, char *buf, size_t size);

/* Where a path leads, relative to the root and free of links; what is not there stays as
 * it is written. 0, -ELOOP, -ENAMETOOLONG. */
int kern_resolve(const struct kern_root *root, const char *path, char *buf, size_t size);

/* Names in a directory, without those that begin with '.', sorted by byte value. */
struct kern_names {
	char **name;
	size_t n;
};

enum kern_list_what { KERN_LIST_ALL, KERN_LIST_DIRS, KERN_LIST_FILES };

/* Each name as it comes, unsorted; what is not 0 ends it. 0, negative errno, or that. */
typedef int kern_visitor(void *priv, const char *name);
int kern_visit(const struct kern_root *root, const char *path, enum kern_list_what what,
	       kern_visitor *visit, void *priv);

/* 0, negative errno (-ENOENT no such directory). Free in both cases. */
int kern_list(const struct kern_root *root, const char *path, enum kern_list_what what,
	      struct kern_names *names);
/* Appends a copy. 0, -ENOMEM. */
int kern_names_add(struct kern_names *names, const char *name);
/* Of a list as kern_list() makes it. */
bool kern_names_has(const struct kern_names *names, const char *name);
void kern_names_free(struct kern_names *names);

#define _cleanup_names_ __attribute__((cleanup(kern_names_free)))
