/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pci_card.h - the steps of operations on a PCI slot
 *
 * Errors:  negative errno, and xact.error.
 */
#pragma once

#include "libdrmgr/core/drc_state.h"
#include "libdrmgr/types/pci/pci_ops.h"

/* The property with the index of the other connector of a card with two paths. */
#define PCI_PARTNER "ibm,multipath-partner-drc"

/* The state of a connector while its card is configured. */
struct card_state {
	bool is_powered, is_unisolated;
};

/* Check that the slot may be changed. */
int card_check_slot(struct xact *x, const struct connectors *cs,
		    const struct connector *c);

/* Set the indicator. The first call in a transaction pushes the inverse: the state of an
 * occupied or unoccupied slot at rest. */
int card_led(struct xact *x, const struct connectors *cs, const struct connector *c,
	     enum drc_led led);

/* Prompt the user at the slot. Return 0 for yes, -ECANCELED for no, -ENODATA at the end
 * of the input, or -EINTR. */
int card_prompt(struct xact *x, enum dr_prompt prompt, const struct connector *c);

/* Isolate and power off the slot, like an empty slot. End an unfinished walk of another
 * process. */
int card_rest(struct xact *x, const struct connector *c);

/* Push an inverse that isolates the slot and powers it off. */
int card_push_rest(struct xact *x, const struct connector *c);

/* Read the sensor. If the sensor needs power, power on the slot. */
int card_sense(struct xact *x, const struct connector *c, struct card_state *state,
	       int32_t *sense);

/* Wait until the sensor detects a card. If the sensor needs power, power on the slot. */
int card_wait(struct xact *x, const struct connector *c,
	      const struct pci_request *request, struct card_state *state);

/* Power on, unisolate, walk, attach and configure the card, then the cards below a
 * bridge. *node receives the path, or NULL in a dry run. *partner
 * receives the node's PCI_PARTNER, or 0. */
int card_configure(struct xact *x, const struct connector *c,
		   const struct card_state *state, const char **node, uint32_t *partner);

/* Read the connectors below a node. They are valid as long as the transaction, whose
 * inverses refer to them. */
int card_read_below(struct xact *x, const char *node, struct connectors **below);

/* Configure the cards below a bridge that Linux has. */
int card_configure_bridge(struct xact *x, const char *node);

/* Unconfigure the functions of a node, below a bridge first, and detach the node. */
int card_unconfigure(struct xact *x, const struct connector *c, const char *node);

/* Isolate and power off the slot. The inverse configures the connector again, but not the
 * card in Linux. */
int card_release(struct xact *x, const struct connector *c);
