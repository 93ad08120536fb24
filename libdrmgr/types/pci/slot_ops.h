/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * slot_ops.h - configure or unconfigure the PCI functions of a connector in Linux
 *
 * A function is configured if its of_node is the connector's node. The slot files of
 * rpaphp are written, too: other tools read them. If slots share a bus, their "power"
 * acts on the whole bus, so it is powered off only if no other function is left.
 */
#pragma once

#include "libdrmgr/core/xact.h"

/* Configure the functions of a new node. A warning explains a function that cannot appear
 * yet. The inverse unconfigures the functions. */
int slot_enable(struct xact *x, const struct connector *c, const char *node,
		bool is_bridge);

/* Push the inverse only: Linux has configured the functions itself. */
int slot_push_enabled(struct xact *x, const struct connector *c, const char *node);

/* Unconfigure every function at or below the node, the farthest first, before the node is
 * detached. The bridge of a logical slot remains: it is removed with the slot. The
 * inverse scans for the functions again. */
int slot_disable(struct xact *x, const struct connector *c, const char *node);
