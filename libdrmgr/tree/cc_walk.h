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

/* Read and check a complete fragment. The caller frees it in any case. */
int cc_walk(struct xact *x, const struct connector *c, struct fdt_frag *frag);

/* Read a fragment for display. Its nodes are not attached and need no
 * "ibm,my-drc-index". */
int cc_walk_only(struct xact *x, const struct connector *c, struct fdt_frag *frag);

/* Read the unfinished walk of another process to its end and drop it. Return 0 if
 * firmware counts the connector as configured; -EREMOTEIO if the second try does not end
 * it either. */
int cc_drain(struct xact *x, const struct connector *c);

/* Read the walk of a connector whose node exists, so that firmware counts it as
 * configured. Sets xact.error. */
int cc_complete(struct xact *x, const struct connector *c);
