/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * behind.h - the cards behind a host bridge, or a logical slot, that comes or goes whole
 *
 * Their connectors are children of it. Some of their nodes may come with it, although
 * firmware does not yet count those cards as configured.
 *
 * Errors:  negative errno, and xact.error with is_behind set.
 */
#pragma once

#include "libdrmgr/types/pci/pci_card.h"

struct behind {
	char *node; /* of the host bridge */
	struct connectors *cs;
	bool *is_waiting; /* by connector: a card that is not configured yet */
};

/* Before Linux has the bus: senses them, takes those up whose nodes have come. Free *b in
 * any case. */
int behind_sense(struct xact *x, const char *node, struct behind *b);

/* When Linux has the bus: the others. */
int behind_configure(struct xact *x, const struct behind *b);

void behind_free(struct behind *b);

/* Nodes gone, isolated, without power; with hotplug_only the first alone. */
int behind_release(struct xact *x, const char *node, bool hotplug_only);

/* Is there one that must stay with it: a display adapter, or a logical slot that is
 * owned? */
bool behind_has_fixed(const struct dr_ctx *dr, const char *node);
