/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dlpar.h - /sys/kernel/dlpar: requests that the kernel carries out itself
 *
 * For memory and processors the kernel does everything, from the sensor to the device
 * tree. A request is completed as a whole or not at all. Only then does the kernel write
 * the property of memory; a failure of that undoes nothing.
 *
 * For device-tree nodes ("dt", if the kernel offers it) the kernel calls
 * ibm,configure-connector and attaches the nodes. The caller does isolation, allocation,
 * power and slots. A successful removal proves nothing: the caller must check the tree.
 *
 * Errors:  negative errno; -EOPNOTSUPP this kernel does not offer the resource.
 * Source:  Linux 6.12 arch/powerpc/platforms/pseries/dlpar.c; commit 41a1452759a8
 * Layer:   kern
 */
#pragma once

#include <stdint.h>

#include "kern/root.h"
#include "wire/dlpar_cmd.h"

/* Return 0, -ENOENT if the file does not exist, -EOPNOTSUPP, or the errno of the reading. */
int dlpar_probe(const struct kern_root *root, const char *resource);

/* Add or remove the resource with this DRC index. */
int dlpar_by_index(const struct kern_root *root, const char *resource, bool add,
		   uint32_t drc_index);

/* Find out whether the kernel finds the connector with this DRC index, whose resource is
 * absent, to attach its node. Until Linux 6.12.42 it searched "ibm,drc-info" only, not the
 * older lists. Either way the request fails with EIO; only the kernel's log tells whether
 * firmware was called. Return 1, 0, or the errno of /dev/kmsg. */
int dlpar_finds_connector(const struct kern_root *root, uint32_t drc_index);

/* The kernel tells only its log why it refuses a request. Begin with its next record. Return a
 * descriptor that the caller closes, or the errno of /dev/kmsg. */
int dlpar_log_open(const struct kern_root *root);
/* Find the first record with a text; found receives it from there on. Return 1, 0, or the errno
 * of the reading. */
int dlpar_log_find(int log, const char *text, char *found, size_t size);

/* Write any request. */
int dlpar_write(const struct kern_root *root, const struct dlpar_request *request);
