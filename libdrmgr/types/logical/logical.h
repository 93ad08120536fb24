/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * logical.h - acquire and release logical connectors: their resources are not plugged in
 *
 * Host bridges, processors, memory, virtual slots. Acquired: allocated and unisolated,
 * with or without nodes in the device tree. Released: isolated and deallocated.
 *
 * Errors:  negative errno, and xact.error with is_logical set.
 * Source:  PAPR+ 13.5.3, 13.7
 */
#pragma once

#include "libdrmgr/core/xact.h"

/* Check that the resource is available, allocate and unisolate it. The inverse releases
 * it. */
int logical_acquire(struct xact *x, const struct connector *c);

/* Check that the resource can be allocated: sense, allocate, deallocate. For a connector
 * without a resource, QEMU's firmware reports "available" and fails only the
 * allocation. */
int logical_try(struct xact *x, const struct connector *c);

/* Return true if the error means that the connector has no resource. */
bool logical_is_missing(const struct dr_error *error);

/* Isolate, waiting for outstanding translations to end, and deallocate. The inverse
 * acquires the resource again. */
int logical_release(struct xact *x, const struct connector *c);

/* Release a connector after the kernel failed to add it. The kernel may have left it
 * acquired, in an unfinished walk, where its own undo fails. */
int logical_reclaim(struct xact *x, const struct connector *c);
