/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slot_ops.h - Linux takes up, or lets go of, the PCI functions behind a connector
 *
 * What counts is the function whose of_node is the connector's node. The slot files of
 * rpaphp are served too, for other tools read them, but where slots share a bus their
 * "power" acts on all of it, so it is switched off only when nothing is left there.
 */
#pragma once

#include "libdrmgr/core/xact.h"

/* After the node came: the function appears, or a warning tells why it cannot yet. The
 * inverse lets go of it. */
int slot_enable(struct xact *x, const struct connector *c, const char *node,
		bool is_bridge);

/* Linux has taken it up by itself: the inverse alone. */
int slot_push_enabled(struct xact *x, const struct connector *c, const char *node);

/* Before the node goes: every function at or below it, the farthest first; of a logical
 * slot those below its bridge, which goes with the slot. The inverse looks for them
 * again. */
int slot_disable(struct xact *x, const struct connector *c, const char *node);

/* Lets go of them without an inverse, and of nothing else. */
int slot_forget(struct xact *x, const char *node);
int slot_forget_behind(struct xact *x, const char *node); /* not of the node itself */

/* Does Linux have a function for this very node? */
bool slot_has_function(const struct xact *x, const char *node);

/* Is it a PCI to PCI bridge? */
bool slot_is_bridge(const struct xact *x, const char *node);
