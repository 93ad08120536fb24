/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * connector.h - the connectors of this machine, and the nodes that occupy them
 *
 * Properties of a parent node describe the connectors: a host bridge or bridge for PCI
 * slots, "/" for host bridges and memory, "/cpus", "/vdevice". A child node whose
 * "ibm,my-drc-index" is the connector's index occupies the connector.
 * A parent with damaged properties is ignored, with a warning.
 *
 * Memory:  that of the list or run that reads them; pointers between them are valid until it
 *          ends.
 * Source:  PAPR+ 13.5.2
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "libdrmgr/core/number_map.h"
#include "kern/prop.h"
#include "wire/drc_list.h"

struct drc_parent {
	const char *path; /* "/pci@800000020000000" */
	/* Has the names and types of the connectors. */
	struct prop raw[DRC_LIST_PROPS];
};

struct connector {
	struct drc drc;
	struct drc_parent *parent;
};

/* A node below a parent that has connectors. */
struct occupant {
	const char *path;
	uint32_t index;
	const char *loc_code; /* NULL: no location code, or not read */
	const struct drc_parent *parent;
};

struct connectors {
	struct mem *mem;
	struct drc_parent **parents;
	size_t n_parents;
	struct connector *list; /* by parent, in firmware's order */
	size_t n;
	uint64_t name_bytes; /* of names made from ibm,drc-info, at most */
	bool is_unread;	     /* the occupants are not read */
	struct occupant *occupants;
	size_t n_occupants;
	struct number_map by_index; /* finds the occupants */
};

/* Return the path of a child: "/a" + "b" = "/a/b"; "/" + "b" = "/b". */
const char *node_child(struct mem *m, const char *node, const char *name);

/* Return true for a DRC type to read. */
typedef bool connector_filter(const char *type);

/* Return true for a PCI hot-plug slot: the type is a number above 0. */
bool connector_is_pci_slot(const char *type);
/* Return true for a logical slot: the type is "SLOT". */
bool connector_is_logical_slot(const char *type);
/* Return true for a host bridge: the type is "PHB". */
bool connector_is_phb(const char *type);

/* Read the connectors of every host bridge and bridge, recursively. Return 0, -ENOENT if
 * there is no device tree, or the errno of the reading, such as -EIO, -EACCES. */
int connectors_read_pci(struct connectors *cs, struct mem *m, const struct dr_ctx *dr,
			connector_filter *filter);

/* The same if recursive; if not, without the bridges below host bridges, but with /vdevice.
 * With a key (not NULL), no occupants: connectors_find() reads as few as possible. */
int connectors_read_for(struct connectors *cs, struct mem *m, const struct dr_ctx *dr,
			const char *key, connector_filter *filter, bool recursive);

/* Read the occupants of one connector; all if it is NULL. */
int connectors_read_occupants(struct connectors *cs, const struct dr_ctx *dr,
			      const struct connector *only);

/* Read the connectors of one node: "/", "/cpus", "/vdevice". A node without connectors is
 * no error. Location codes are not read: few callers need them, and cores can be many. */
int connectors_read_node(struct connectors *cs, struct mem *m, const struct dr_ctx *dr,
			 const char *node, connector_filter *filter);

/* Read the connectors of a node and of the nodes below it. */
int connectors_read_below(struct connectors *cs, struct mem *m, const struct dr_ctx *dr,
			  const char *node, connector_filter *filter);

/* Read the missing location codes of the occupants. Return 0 or the errno of the reading. */
int connectors_read_loc_codes(struct connectors *cs, const struct dr_ctx *dr);

const struct connector *connectors_by_index(const struct connectors *cs, uint32_t index);

/* Return the next node that occupies a connector, or NULL. The caller sets *i to 0 before
 * the first call. */
const struct occupant *connector_occupant(const struct connectors *cs,
					  const struct connector *c, size_t *i);
bool connector_is_occupied(const struct connectors *cs, const struct connector *c);

/* Return false if location codes show that the slot cannot be hot-plugged. */
bool connector_allows_hotplug(const struct connectors *cs, const struct connector *c);
