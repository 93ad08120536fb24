// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks on Fibre Channel, with physical and with virtual adapters. */
#include <stdio.h>
#include <string.h>

#include "ofpathtool/bus.h"

static bool fc_matches(const struct way *way)
{
	return way->place->kind == PLACE_DISK && way->place->rport.end &&
	       way->place->scsi.end;
}

/* Find the node that has the disks. QLogic's adapters have a node in between. */
static void fc_append_port_node(const struct way *way, char *tail, size_t size)
{
	_cleanup_names_ struct kern_names children = { 0 };
	struct source *src = &way->h->src;

	*tail = '\0';
	if (tree_has(src, way->adapter->node, "disk") ||
	    tree_children(src, &children, way->adapter->node))
		return;
	for (size_t i = 0; i < children.n; i++) {
		char disk[OFP_NAME_MAX + 8];

		snprintf(disk, sizeof(disk), "%s/disk", children.name[i]);
		if (!tree_has(src, way->adapter->node, disk))
			continue;
		snprintf(tail, size, "/%s", children.name[i]);
		return;
	}
}

/* Return true if the older program wrote an empty LUN: for adapters without a type. */
static bool fc_has_empty_lun(const struct way *way)
{
	char type[32];

	return way->dialect == OFP_COMPAT &&
	       !strncmp(way->adapter->node, "/vdevice/", 9) &&
	       tree_text(&way->h->src, type, sizeof(type), way->adapter->node,
			 "device_type");
}

static int fc_tail(const struct way *way, char *tail, size_t size, struct ofp_unit *unit)
{
	const struct place *place = way->place;
	char rport[OFP_NAME_MAX + 1], lun[17];
	size_t used;

	place_text(place, place->rport, rport, sizeof(rport));
	if (!bus_hex(way, unit->wwn, "%.*s/fc_remote_ports/%s/port_name",
		     (int)place->rport.end, place->dir, rport))
		return OFP_ENOINFO;
	bus_fill_scsi(place, unit);

	fc_append_port_node(way, tail, size);
	used = strlen(tail);
	bus_sam_lun(place->lun, lun);
	return bus_format(tail + used, size - used, "/disk@%s%s%s", unit->wwn,
			  *lun || fc_has_empty_lun(way) ? "," : "", lun);
}

const struct bus bus_fc = { "fc", fc_matches, fc_tail, NULL };
