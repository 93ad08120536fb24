/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci_ops.h - add, remove, replace and identify: one transaction for one PCI slot
 *
 * Errors:  negative errno and *error; -ECANCELED the person at the prompt said no, which
 *          is no error. An operation that failed has undone what it did, or says with
 *          is_undo_incomplete that it could not.
 * Source:  PAPR+ 13.5.3, 13.6; order of the steps: drmgr(8), NOTES
 */
#pragma once

#include "libdrmgr/core/connector.h"
#include "libdrmgr/core/result.h"

struct pci_request {
	bool ask;	    /* talk with the person at the slot */
	bool skip_identify; /* but do not ask whether it is the right one */
	bool hotplug_only;  /* leave isolation and power alone */
	bool describe;	    /* also say what Linux made of the card */
};

int pci_add(struct dr_ctx *dr, const struct connectors *cs, const struct connector *c,
	    const struct pci_request *request, struct dr_result *result);
int pci_remove_card(struct dr_ctx *dr, const struct connectors *cs,
		    const struct connector *c, const struct pci_request *request,
		    struct dr_result *result);
int pci_replace(struct dr_ctx *dr, const struct connectors *cs, const struct connector *c,
		const struct pci_request *request, struct dr_result *result);

/* With ask the indicator is put back when the question was answered. */
int pci_identify(struct dr_ctx *dr, const struct connectors *cs,
		 const struct connector *c, const struct pci_request *request,
		 struct dr_result *result);

/* Every connector that senses a card and has no node, in order of index; malloc'ed. */
int pci_unconfigured(struct dr_ctx *dr, const struct connectors *cs,
		     const struct connector ***list, size_t *n, struct dr_error *error);
