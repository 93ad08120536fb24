/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * logical_ops.h - add and remove host bridges and logical slots, with the cards below
 * them
 *
 * A partition owns such a resource as a whole. Each operation is one transaction.
 *
 * Errors:  negative errno and result->error; see pci_ops.h.
 * Source:  PAPR+ 13.7; order of the steps: drmgr(8), NOTES
 */
#pragma once

#include "libdrmgr/core/connector.h"
#include "libdrmgr/core/result.h"

struct logical_request {
	bool hotplug_only; /* do not change isolation and power of the cards below it */
};

/* Read the host bridges. */
int phb_read(struct connectors *cs, struct mem *m, const struct dr_ctx *dr);

/* Read the logical slots: virtual devices below /vdevice, PCI slots below host
 * bridges. */
int lslot_read(struct connectors *cs, struct mem *m, const struct dr_ctx *dr);

/* Find the connector that a user named (core/resolve.h). For an addition it must be known,
 * otherwise it must be owned: DR_FAULT_ABSENT. DR_FAULT_WRONG_TYPE: a connector of another
 * type has the name. */
int logical_find(struct connectors *cs, const struct dr_ctx *dr, bool is_phb, bool is_add,
		 const char *key, const struct connector **found, struct dr_error *error);

/* Add or remove a connector of cs, which phb_read() or lslot_read() has read. */
int logical_add(struct dr_ctx *dr, const struct connectors *cs, const struct connector *c,
		const struct logical_request *request, struct dr_result *result);
int logical_remove(struct dr_ctx *dr, const struct connectors *cs,
		   const struct connector *c, const struct logical_request *request,
		   struct dr_result *result);

/* Return the path of the connector's node, or NULL if this partition does not own it. */
const char *logical_node(const struct connectors *cs, const struct connector *c);
