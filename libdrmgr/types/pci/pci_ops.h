/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pci_ops.h - add, remove, replace and identify: one transaction for one PCI slot
 *
 * Errors:  negative errno and *error. -ECANCELED: the user answered "no", which is no
 *          error. A failed operation has undone its steps, or has set is_undo_incomplete.
 * Source:  PAPR+ 13.5.3, 13.6; order of the steps: drmgr(8), NOTES
 */
#pragma once

#include "libdrmgr/core/connector.h"
#include "libdrmgr/core/result.h"

struct pci_request {
	bool prompt;	    /* prompt the user at the slot */
	bool skip_identify; /* but do not let the user confirm the slot */
	bool hotplug_only;  /* do not change isolation and power */
};

int pci_add(struct dr_ctx *dr, const struct connectors *cs, const struct connector *c,
	    const struct pci_request *request, struct dr_result *result);
int pci_remove_card(struct dr_ctx *dr, const struct connectors *cs,
		    const struct connector *c, const struct pci_request *request,
		    struct dr_result *result);
int pci_replace(struct dr_ctx *dr, const struct connectors *cs, const struct connector *c,
		const struct pci_request *request, struct dr_result *result);

/* Identify a slot. With a prompt, the indicator is restored after the answer. */
int pci_identify(struct dr_ctx *dr, const struct connectors *cs,
		 const struct connector *c, const struct pci_request *request,
		 struct dr_result *result);

/* List every connector that senses a card and has no node, ordered by index. The caller
 * frees the list. */
int pci_unconfigured(struct dr_ctx *dr, const struct connectors *cs,
		     const struct connector ***list, size_t *n, struct dr_error *error);
