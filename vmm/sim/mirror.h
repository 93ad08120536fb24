/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mirror.h - this computer's files as a FUSE file system, the lower layer of a guest's root
 *
 * Linux refuses a directory with mounts below it as a layer of an overlay. The mirror shows it
 * with all that is mounted below. It is read-only: names, attributes, extended attributes and
 * data are those outside at the moment. Inode numbers are its own, because all its files are on
 * one device; ids that the guest does not have are shown as known ones. A process of its own, in
 * a mount namespace of its own, serves it. It ends with its parent.
 *
 * Errors:  negative errno
 * Source:  Documentation/filesystems/overlayfs.rst of Linux; fuse(4)
 * Layer:   papr-vmm, simulated guest (runs inside it, before any command)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct ids_foreign;

/* Return true if the directory with this path of len bytes is shown as an empty one. */
typedef bool mirror_hides(const void *arg, const char *path, size_t len);

/* Start the process *pid, and mount its files on a directory. If it ends, they are gone. */
int mirror_mount(const char *to, mirror_hides *hides, const void *arg,
		 const struct ids_foreign *foreign, pid_t *pid);
