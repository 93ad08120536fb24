/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * phb_list.h - the PCI host bridges of this machine, owned or not, and their slots
 *
 * A host bridge is a connector of "/". This partition owns it if a node below "/" has the
 * connector's index.
 *
 * Memory:  that of the list.
 * Source:  PAPR+ 13.5.2
 */
#pragma once

#include "libdrmgr/core/connector.h"

struct phb {
	const struct connector *c;   /* NULL: firmware's table does not list it */
	const struct occupant *node; /* NULL: not owned */
	/* Of its own node, the last one first. Real ones are PCI slots, and logical slots with
	 * a node: firmware lists many logical slots that the partition never owns. */
	const struct connector **slots, **real_slots;
	size_t n_slots, n_real_slots;
};

struct phb_list {
	struct connectors connectors, slots;
	struct phb *phbs; /* owned ones by node, then other ones in firmware's order */
	size_t n, n_owned;
};

/* Read the host bridges. Return 0, or -ENODEV if the machine has none. */
int phb_list_read(struct phb_list *list, struct mem *m, const struct dr_ctx *dr);

/* Find a host bridge that firmware's table does not list, by its DRC index, node or location
 * code, or a device below it. cs: the connectors of "/". Return its node, or NULL. Some
 * firmware omits host bridges that the partition uses. */
const struct occupant *phb_find_unlisted(struct connectors *cs, const struct dr_ctx *dr,
					 const char *key);
