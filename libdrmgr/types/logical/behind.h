/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * behind.h - the cards below a host bridge or a logical slot that is added or removed
 * whole
 *
 * The connectors of the cards are children of the host bridge. Some of their nodes may be
 * attached together with it, although firmware does not count these cards as configured.
 *
 * Errors:  negative errno, and xact.error with is_behind set.
 */
#pragma once

#include "libdrmgr/types/pci/pci_card.h"

struct behind {
	const char *node; /* of the host bridge */
	struct connectors *cs;
	bool *is_waiting; /* by connector: a card that is not configured yet */
};

/* Before Linux has the bus: sense the cards, and prepare those whose nodes are attached.
 * The caller calls behind_free() in any case. */
int behind_sense(struct xact *x, const char *node, struct behind *b);

/* When Linux has the bus: configure the remaining cards. */
int behind_configure(struct xact *x, const struct behind *b);

/* In a dry run: report the steps for such cards, which only the walk shows. */
int behind_plan(struct xact *x);

/* Unconfigure the cards and detach their nodes. Then isolate them and power them off,
 * unless hotplug_only. */
int behind_release(struct xact *x, const char *node, bool hotplug_only);

/* Return 1 if a card must stay with the host bridge: a display adapter, or an owned logical
 * slot. Return 0, or the errno of the reading. */
int behind_has_fixed(const struct dr_ctx *dr, const char *node);
