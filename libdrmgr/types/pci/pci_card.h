/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci_card.h - the parts that the operations on a PCI slot are put together from
 *
 * Errors:  negative errno, and xact.error.
 */
#pragma once

#include "libdrmgr/core/drc_state.h"
#include "libdrmgr/types/pci/pci_ops.h"

/* How far a connector is on the way to its card. */
struct card_state {
	bool is_powered, is_unisolated;
};

/* May anything be done to this slot? */
int card_check_slot(struct xact *x, const struct connectors *cs,
		    const struct connector *c);

/* Sets the indicator; the first time in a transaction its inverse is pushed: what the
 * slot, occupied or not, shows at rest. */
int card_led(struct xact *x, const struct connectors *cs, const struct connector *c,
	     enum drc_led led);

/* Ask the person at the slot. Return 0 for yes, -ECANCELED for no, -ENODATA if the input
 * has ended, -EINTR. */
int card_ask(struct xact *x, enum dr_prompt prompt, const struct connector *c);

/* Isolated and without power, as an empty slot is. Frees a connector that somebody left
 * in the middle of a walk. */
int card_rest(struct xact *x, const struct connector *c);

/* From here on the inverse leaves the slot at rest. */
int card_push_rest(struct xact *x, const struct connector *c);

/* What the sensor says now, powering the slot where it needs that. */
int card_sense(struct xact *x, const struct connector *c, struct card_state *state,
	       int32_t *sense);

/* Waits for a card to be sensed, powering the slot where the sensor needs it. */
int card_wait(struct xact *x, const struct connector *c,
	      const struct pci_request *request, struct card_state *state);

/* Power, unisolate, walk, attach, let Linux take it up; then what is behind a bridge.
 * *node: malloc'ed, NULL if only planned. */
int card_configure(struct xact *x, const struct connector *c,
		   const struct card_state *state, char **node);

/* The connectors of a node. They live as long as the transaction, for its inverses refer
 * to them. */
int card_read_behind(struct xact *x, const char *node, struct connectors **below);

/* The cards behind a bridge that Linux has. */
int card_configure_bridge(struct xact *x, const char *node);

/* Let Linux let go of a node's functions, what is behind a bridge first; detach. */
int card_unconfigure(struct xact *x, const struct connector *c, const char *node);

/* Isolate, power off. The inverse takes the card up again as far as firmware goes. */
int card_release(struct xact *x, const struct connector *c);
