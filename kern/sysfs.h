/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sysfs.h - attributes, links between objects, and the node behind a device
 *
 * Paths:   relative to the root: "sys/bus/pci/devices/0000:00:01.0".
 * Errors:  negative errno; -ENOENT no such attribute.
 * Layer:   kern (libkernio)
 */
#pragma once

#include "kern/root.h"

/* Text without trailing newline, cut to size. 0, negative errno. */
int sysfs_text(const struct kern_root *root, char *text, size_t size, const char *fmt,
	       ...) __attribute__((format(printf, 4, 5)));

/* Last component of what a link points to: the name of a driver, a device. */
int sysfs_link_name(const struct kern_root *root, char *name, size_t size,
		    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The device-tree path behind <object>/of_node: "/pci@800000020000000/ethernet@1". */
int sysfs_of_node(const struct kern_root *root, const char *object, char *node,
		  size_t size);

/* Name of the object in a directory of objects that belongs to this node. -ENOENT. */
int sysfs_find_of_node(const struct kern_root *root, const char *dir, const char *node,
		       char *name, size_t size);
