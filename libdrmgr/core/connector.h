/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connector.h - the connectors of this machine, and the nodes that occupy them
 *
 * Connectors are described by properties of the node above them: a host bridge or a
 * bridge for PCI slots, "/" for host bridges and memory, "/cpus", "/vdevice". A child
 * node with the connector's index in "ibm,my-drc-index" occupies it.
 * A parent whose properties are damaged is left out with a warning.
 *
 * Memory:  struct connectors owns everything; pointers into it live as long.
 * Source:  PAPR+ 13.5.2
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "libdrmgr/core/number_map.h"
#include "kern/prop.h"
#include "wire/drc_list.h"

struct drc_parent {
	char *path; /* "/pci@800000020000000" */
	/* What the names and types of its connectors point into. */
	struct prop raw[DRC_LIST_PROPS];
	struct kern_names made; /* names that follow from a range */
};

struct connector {
	struct drc drc;
	const struct drc_parent *parent;
};

/* A node below a parent that has connectors. */
struct occupant {
	char *path;
	uint32_t index;
	char *loc_code; /* NULL without, or not read */
	const struct drc_parent *parent;
};

struct connectors {
	struct drc_parent **parents;
	size_t n_parents;
	struct connector *list; /* by parent, in firmware's order */
	size_t n;
	uint64_t name_bytes; /* of names made from ibm,drc-info, at most */
	struct occupant *occupants;
	size_t n_occupants;
	struct number_map by_index; /* the occupants */
};

/* Which DRC types are wanted. */
typedef bool connector_filter(const char *type);

/* PCI hot-plug slots: types that are numbers above 0. */
bool connector_is_pci_slot(const char *type);
/* Logical slots: "SLOT". */
bool connector_is_logical_slot(const char *type);
/* Host bridges: "PHB". */
bool connector_is_phb(const char *type);

/* Every host bridge and bridge, recursively. 0, -ENOMEM; -ENOENT no device tree. */
int connectors_read_pci(struct connectors *cs, const struct dr_ctx *dr,
			connector_filter *filter);

/* Host bridges themselves (not what is behind bridges) and /vdevice. */
int connectors_read_logical(struct connectors *cs, const struct dr_ctx *dr,
			    connector_filter *filter);

/* One node alone: "/", "/cpus", "/vdevice". A node without connectors: 0, and none.
 * Location codes are not read: of a thousand cores few readers want them. */
int connectors_read_node(struct connectors *cs, const struct dr_ctx *dr, const char *node,
			 connector_filter *filter);

/* One node and what is below it. */
int connectors_read_below(struct connectors *cs, const struct dr_ctx *dr,
			  const char *node, connector_filter *filter);

/* Location codes of the occupants, where they were not read. */
void connectors_read_loc_codes(struct connectors *cs, const struct dr_ctx *dr);

void connectors_free(struct connectors *cs);

#define _cleanup_connectors_ __attribute__((cleanup(connectors_free)))

/*
 * The one connector that a person or program means: "0x" and its index; its name,
 * also with further parts behind a last '/'; the location code or the PCI address
 * of what occupies it; its index in decimal. 0 and *found, or -ENOENT, -ENOTUNIQ and
 * *error.
 */
int connectors_find(const struct connectors *cs, const struct dr_ctx *dr, const char *key,
		    const struct connector **found, struct dr_error *error);

/* Where a number is no name: "0x" and its index, or its very name. As above. */
int connectors_find_exact(const struct connectors *cs, const char *key,
			  const struct connector **found, struct dr_error *error);

const struct connector *connectors_by_index(const struct connectors *cs, uint32_t index);

/* The nodes that occupy a connector: call with *i = 0 first; NULL: no more. */
const struct occupant *connector_occupant(const struct connectors *cs,
					  const struct connector *c, size_t *i);
bool connector_is_occupied(const struct connectors *cs, const struct connector *c);

/* Location codes tell of some slots that they cannot be hot-plugged. */
bool connector_allows_hotplug(const struct connectors *cs, const struct connector *c);
