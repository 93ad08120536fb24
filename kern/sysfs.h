/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sysfs.h - attributes, links between objects, and the device-tree node of a device
 *
 * Paths:   relative to the root: "sys/bus/pci/devices/0000:00:01.0".
 * Errors:  negative errno; -ENOENT the attribute does not exist.
 * Layer:   kern (libkernio)
 */
#pragma once

#include "kern/root.h"

/* Read the first line of an attribute without its newline, cut to size. Return 0 or a
 * negative errno. */
int sysfs_text(const struct kern_root *root, char *text, size_t size, const char *fmt,
	       ...) __attribute__((format(printf, 4, 5)));

/* Read the target of a link. */
int sysfs_link(const struct kern_root *root, char *target, size_t size, const char *fmt,
	       ...) __attribute__((format(printf, 4, 5)));

/* Read the last component of a link's target: the name of a driver or device. */
int sysfs_link_name(const struct kern_root *root, char *name, size_t size,
		    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Read the device-tree path to which <object>/of_node points:
 * "/pci@800000020000000/ethernet@1". Without this link, <object>/devspec has the path: in
 * older kernels, and in captures that have files only. */
int sysfs_of_node(const struct kern_root *root, const char *object, char *node,
		  size_t size);

/* Find the object of this node in a directory of objects, and return its name. -ENOENT:
 * it does not exist. Another error: it was not found, and an object could not be read. */
int sysfs_find_of_node(const struct kern_root *root, const char *dir, const char *node,
		       char *name, size_t size);
