/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cc_walk.h - read from firmware the device-tree nodes of a connector
 *
 * A connector with an unfinished walk can never be isolated. So if a walk fails, the
 * remaining answers are read and dropped.
 *
 * Errors:  negative errno. -EREMOTEIO: firmware ended the walk. -EBADMSG, -E2BIG: an
 *          answer is invalid.
 * Source:  PAPR+ 13.5.3.5
 */
#pragma once

#include "libdrmgr/core/xact.h"
#include "wire/fdt_frag.h"

/* Return 0 if this process can walk: the kernel permits a work area. Otherwise return the
 * kernel's error: -EPERM under lockdown, -ENOENT without /dev/mem. */
int cc_probe(const struct dr_ctx *dr);

/* Read and check a complete fragment. The caller frees it in any case. Return 0; 1 in a dry
 * run; or a negative errno. */
int cc_walk(struct xact *x, const struct connector *c, struct fdt_frag *frag);

/* Read the unfinished walk of another process to its end and drop it. If this process
 * cannot walk, the kernel does, and attaches and detaches the node for it. Return 0 if
 * firmware counts the connector as configured; -EREMOTEIO if the second try does not end
 * it either. */
int cc_drain(struct xact *x, const struct connector *c);

/* Isolate the connector. Firmware refuses this while a walk is unfinished: then read it to
 * its end and try once more. patiently: wait for outstanding translations to end. */
int cc_isolate(struct xact *x, const struct connector *c, bool patiently);

/* Read the walk of a connector whose node exists, so that firmware counts it as
 * configured. This process must be able to walk (cc_probe()). Sets xact.error. */
int cc_complete(struct xact *x, const struct connector *c);

/* In the undo of a release: the same, but only if this process can walk. Otherwise the
 * kernel walks when the next undo attaches the nodes. */
int cc_complete_released(struct xact *x, const struct connector *c);
