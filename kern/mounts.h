/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mounts.h - what is mounted, and what the system swaps to
 *
 * Names:   without the kernel's escapes: "\040" is a blank.
 * Errors:  negative errno; -EBADMSG the kernel's file has a line of another form.
 * Source:  Linux fs/proc_namespace.c, mm/swapfile.c; proc(5)
 * Layer:   kern
 */
#pragma once

#include "kern/root.h"

struct mount_entry {
	unsigned int major, minor; /* of the file system; major 0: it has no device */
	char *dir;		   /* part of the file system that is mounted: "/" */
	char *point;
	char *type;
	char *source;
	char *options; /* of the file system: "rw,addr=192.0.2.1" */
};

struct mount_table {
	struct mount_entry *list;
	size_t n;
	char *text;
};

/* Free in both cases. */
int mounts_read(const struct kern_root *root, struct mount_table *table);
void mounts_free(struct mount_table *table);

#define _cleanup_mounts_ __attribute__((cleanup(mounts_free)))

/* Return the newest mount that holds this path, or NULL. */
const struct mount_entry *mounts_find(const struct mount_table *table, const char *path);

/* Copy the value of an option of the file system: "addr". False: it has none. */
bool mount_option(const struct mount_entry *mount, const char *name, char *value,
		  size_t size);

/* Devices and files of active swap. */
int swaps_read(const struct kern_root *root, struct kern_names *paths);
