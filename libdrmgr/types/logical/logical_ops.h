/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * logical_ops.h - add and remove what a partition owns or does not own as a whole: host
 * bridges and logical slots, with the cards behind them
 *
 * Each is one transaction.
 *
 * Errors:  negative errno and result->error; see pci_ops.h.
 * Source:  PAPR+ 13.7; order of the steps: drmgr(8), NOTES
 */
#pragma once

#include "libdrmgr/core/connector.h"
#include "libdrmgr/core/result.h"

struct logical_request {
	bool hotplug_only; /* leave isolation and power of the cards behind it alone */
	bool describe;	   /* also say what Linux made of them */
};

/* Host bridges. */
int phb_read(struct connectors *cs, const struct dr_ctx *dr);

/* Logical slots: virtual devices below /vdevice, PCI slots below host bridges. */
int lslot_read(struct connectors *cs, const struct dr_ctx *dr);

/* cs: what one of these has read. */
int logical_add(struct dr_ctx *dr, const struct connectors *cs, const struct connector *c,
		const struct logical_request *request, struct dr_result *result);
int logical_remove(struct dr_ctx *dr, const struct connectors *cs,
		   const struct connector *c, const struct logical_request *request,
		   struct dr_result *result);

/* Its node; NULL: not this partition's. */
const char *logical_node(const struct connectors *cs, const struct connector *c);
