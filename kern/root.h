/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * root.h - access to all files of the guest through a root directory
 *
 * The running system is the root "/". A captured tree (--sysroot) is any other directory.
 * Links in a capture are followed inside it, so an absolute link of the captured system
 * stays within the capture.
 *
 * Paths:   relative to the root, without leading '/': "proc/cpuinfo".
 * Memory:  the caller frees what a read returns; a NUL that is not counted follows the
 *          bytes.
 * Errors:  negative errno of the failing system call; -E2BIG a file is larger than the
 *          limit.
 * Layer:   kern (libkernio)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "kern/cleanup.h"
#include "kern/deadline.h"

enum { KERN_READ_MAX = 4 << 20 };

/* The device tree. The kernel makes it a link to /sys/firmware/devicetree/base. */
#define DT_BASE "proc/device-tree"

struct kern_writers;

/* The last file that could not be read, for a message. */
struct kern_unread {
	int err; /* a negative errno, but not that of an absent file; 0: none */
	char path[300];
};

struct kern_root {
	int fd;		/* -1: absolute paths of the running system */
	int tree;	/* the folder DT_BASE, if has_tree */
	bool is_system; /* "/" of the running system */
	bool has_tree;
	/* A capture has the device tree only below /sys, where the kernel has it. */
	bool has_tree_in_sys;
	/* Write a command to the kernel: kern_write_once(), or the function of a watcher
	 * with the same contract. */
	ssize_t (*write)(const struct kern_root *root, const char *path, const void *buf,
			 size_t len, const struct deadline *dl);
	void *priv; /* for the watcher */
	/* Record of the child that makes a write with a deadline; NULL: no record. */
	struct kern_writers *writers;
	/* Deadline of kern_write(); NULL: wait as long as the kernel takes. */
	const struct deadline *limit;
	/* What kern_write() writes, "write /FILE TEXT", for the watcher; NULL: unknown. */
	const char *write_text;
	struct kern_unread *unread; /* NULL: no record */
	/* The limit that overlay_probe() has read, 0: none; NULL: no record. */
	uint64_t *overlay_max;
};

/* Open a root. sysroot NULL is the running system. Return 0 or a negative errno. */
int kern_root_open(struct kern_root *root, const char *sysroot);
/* Use the running system by absolute paths, and keep no descriptor: for a library whose
 * program may close all descriptors. */
void kern_root_use_system(struct kern_root *root);
/* Keep the running system's device tree open, for a program that reads many properties:
 * each read then walks three folders less, and no link. Without a device tree, nothing
 * changes. */
void kern_root_keep_tree(struct kern_root *root);
void kern_root_close(struct kern_root *root);

/* Open a file as openat(2) with O_CLOEXEC. Return the descriptor or a negative errno. */
int kern_open(const struct kern_root *root, const char *path, int flags);

/* Return the error of a reading, or 0 if there is nothing to read: the file does not exist or
 * has gone meanwhile, or something else is in its place, as in a capture. */
int kern_read_failure(int err);

/* Return 1, 0 if the file does not exist, or a negative errno if that is unknown. */
int kern_exists(const struct kern_root *root, const char *path);

/* Read the status of a file; of a link itself, if the path ends in one. Return 0 or a
 * negative errno. */
int kern_lstat(const struct kern_root *root, const char *path, struct stat *st);

/* Read a whole file. Return 0, -E2BIG above KERN_READ_MAX, or a negative errno. */
int kern_read(const struct kern_root *root, const char *path, char **buf, size_t *len);

/* Read a whole file of up to max bytes. */
int kern_read_up_to(const struct kern_root *root, const char *path, size_t max,
		    char **buf, size_t *len);

/* Read a whole attribute or property. The kernel returns it in one piece, or in whole
 * pages if it is larger. So a read that fills neither the buffer nor whole pages is the
 * last. */
int kern_read_attr(const struct kern_root *root, const char *path, char **buf,
		   size_t *len);

/* Read the first size - 1 bytes of a short attribute or property into buf, with a NUL.
 * Return their number, or a negative errno. */
ssize_t kern_read_short(const struct kern_root *root, const char *path, char *buf,
			size_t size);

/* Read the remaining part of an open file, as kern_read_up_to(). */
int kern_read_fd(int fd, size_t max, char **buf, size_t *len);

/* Return the result of write(2): a count, or -errno. A handler that returns the status of a
 * hypervisor call as an unsigned number seems to have written more than len bytes: for
 * H_FUNCTION return -EOPNOTSUPP, for others -EPROTO (lparcfg on Linux 7.2 under QEMU). */
ssize_t kern_written(ssize_t n, size_t len);

/* Write one command: exactly one write(2) of len bytes to an existing file, which is
 * neither created nor truncated. Return the result of write(2), or a negative errno. With
 * a deadline a child writes (kern/writer.h): -ETIMEDOUT if the kernel has not returned by
 * then. */
ssize_t kern_write_once(const struct kern_root *root, const char *path, const void *buf,
			size_t len, const struct deadline *dl);

/* Write one command through root->write. Any result except len is an error. Return 0, a
 * negative errno, -EIO for a short write, or -E2BIG if the kernel took nothing.
 * kern_write() waits until root->limit. */
int kern_write(const struct kern_root *root, const char *path, const void *buf,
	       size_t len);
int kern_write_until(const struct kern_root *root, const char *path, const void *buf,
		     size_t len, const struct deadline *dl);

/* Read the text of a symbolic link into buf, with a NUL. Return 0, -ENAMETOOLONG, or a
 * negative errno. */
int kern_readlink(const struct kern_root *root, const char *path, char *buf, size_t size);

/* Resolve the links of a path; the result is relative to the root. Components that do not
 * exist are copied. Return 0, -ELOOP or -ENAMETOOLONG. */
int kern_resolve(const struct kern_root *root, const char *path, char *buf, size_t size);

/* Names in a directory, sorted by byte value. Names that begin with '.' are omitted. */
struct kern_names {
	char **name;
	size_t n;
};

enum kern_list_what { KERN_LIST_ALL, KERN_LIST_DIRS, KERN_LIST_FILES };

/* Visit each name in the order of the kernel. A visitor's value other than 0 ends the
 * visit. Return 0, a negative errno, or that value. */
typedef int kern_visitor(void *priv, const char *name);
int kern_visit(const struct kern_root *root, const char *path, enum kern_list_what what,
	       kern_visitor *visit, void *priv);

/* List the names. Return 0 or a negative errno (-ENOENT: the directory does not exist).
 * The caller must free the list, also after an error. */
int kern_list(const struct kern_root *root, const char *path, enum kern_list_what what,
	      struct kern_names *names);
/* Append a copy. Return 0 or -ENOMEM. */
int kern_names_add(struct kern_names *names, const char *name);
/* Return true if a list from kern_list() has this name. */
bool kern_names_has(const struct kern_names *names, const char *name);
void kern_names_free(struct kern_names *names);

#define _cleanup_names_ __attribute__((cleanup(kern_names_free)))
