/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * overlay_resolve.h - resolve the references of a compiler's overlay against a base tree
 *
 * "dtc -@" numbers the handles of an overlay from 1 and lists its references.
 * "__local_fixups__" has those to its own nodes, "__fixups__" those to labels of the
 * base. Resolving produces the same numbers as fdt_overlay_apply() of libfdt 1.8. Each handle
 * and each local reference grows by the largest handle of the base. Each reference to a
 * label becomes the handle of its node. A node that exists in the base keeps its handle, and
 * references to the blob's handle of it are changed. If it has none, the blob's remains if a
 * fragment refers to it, and is removed otherwise. Both lists are then overwritten with FDT_NOP: the
 * blob keeps its size and offsets, and no longer has these nodes. The caller handles
 * symbols and targets.
 *
 * Differences from libfdt: "ibm,phandle" is a handle too. A path in "__fixups__" begins
 * with '/', and an offset has only decimal digits. A local reference that exceeds 32 bits
 * is rejected, as a handle is. Of "hub" and "hub@1", the exact name is found. An entry that changes "__local_fixups__" has no effect.
 *
 * Memory:  the blob is changed in place; after an error it must not be used.
 * Errors:  negative errno.
 *          -EINVAL: a handle is not one cell, an entry is malformed, or an entry names no
 *          place in the blob.
 *          -ENOENT: the base has no such label.
 *          -ENODEV: the label's node does not exist in the base, or has no handle.
 *          -ENOSPC: a handle exceeds 0xfffffffe, or a local reference exceeds 32 bits.
 *          -E2BIG: more references than OVERLAY_REFERENCES_MAX.
 *          -ENOMEM.
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "wire/overlay.h"

enum { OVERLAY_REFERENCES_MAX = 16384 }; /* of "__fixups__" and "__local_fixups__" */

/* Resolve a blob that overlay_decode() accepted. base: a tree that passed fdt_check(), or
 * NULL: any label resolves. After an error reason has one line of printable ASCII, cut to
 * room and OVERLAY_REASON_BYTES; after success it is empty. */
int overlay_resolve(void *blob, const void *base, char *reason, size_t room);
