/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mounts.h - mounted file systems and active swap
 *
 * Names:   without the kernel's escapes: "\040" becomes a blank.
 * Errors:  negative errno; -EBADMSG a line of the kernel's file has an unknown form.
 * Source:  Linux fs/proc_namespace.c, mm/swapfile.c; proc(5)
 * Layer:   kern
 */
#pragma once

#include "kern/root.h"

struct mount_entry {
	unsigned int major, minor; /* of the file system; major 0: no device */
	char *dir;		   /* the mounted directory of the file system: "/" */
	char *point;
	char *type;
	char *source;
	char *options; /* of the file system, with escapes: "rw,addr=192.0.2.1" */
};

struct mount_table {
	struct mount_entry *list;
	size_t n;
	char *text;
};

/* Read the mounts of a process: "proc/1/mountinfo". The caller must free the table, also
 * after an error. */
int mounts_read(const struct kern_root *root, const char *path,
		struct mount_table *table);
void mounts_free(struct mount_table *table);

/* Return the mount on which this path is, or NULL. If mounts cover each other, it is the
 * newest. without: ignore this mount, and what was mounted on it or over it later; NULL:
 * nothing. */
const struct mount_entry *mounts_find(const struct mount_table *table, const char *path,
				      const struct mount_entry *without);

/* Read the next value of an option of the file system: "addr". An option may occur more
 * than once. *at is NULL at first. Return 1 and *value, which the caller frees; 0 after the
 * last one; or -ENOMEM. */
int mount_next_option(const struct mount_entry *mount, const char *name, const char **at,
		      char **value);

/* Add the devices and files of active swap to paths. */
int swaps_read(const struct kern_root *root, struct kern_names *paths);
