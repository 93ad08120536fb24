// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks on parallel ATA, by the old and the new driver. */
#include <stdio.h>
#include <string.h>

#include "ofpathtool/bus.h"

static bool ide_has_type(const struct way *way, const char *a, const char *b)
{
	char type[32];

	return !tree_text(&way->h->src, type, sizeof(type), way->adapter->node,
			  "device_type") &&
	       (!strcmp(type, a) || !strcmp(type, b));
}

static bool ide_matches(const struct way *way)
{
	const struct place *place = way->place;

	if (place->kind != PLACE_DISK || place->virtio.end)
		return false;
	return place->ide.end ||
	       (place->ata.end && ide_has_type(way, "pci-ata", "pci-ide"));
}

/* Read channel and device: "0.1" of the old driver, port and target of the new one. */
static void ide_read_address(const struct way *way, unsigned *channel, unsigned *device)
{
	const struct place *place = way->place;
	char text[OFP_NAME_MAX + 1], port[24];

	*channel = *device = 0;
	if (place->ide.end) {
		place_text(place, place->ide, text, sizeof(text));
		sscanf(text, "%u.%u", channel, device);
		return;
	}
	*device = place->target;
	place_text(place, place->ata, text, sizeof(text));
	if (!source_text(&way->h->src, port, sizeof(port), "%.*s/ata_port/%s/port_no",
			 (int)place->ata.end, place->dir, text) &&
	    sscanf(port, "%u", channel) == 1 && *channel)
		--*channel;
}

static int ide_tail(const struct way *way, char *tail, size_t size, struct ofp_unit *unit)
{
	unsigned channel, device;

	ide_read_address(way, &channel, &device);
	unit->is_scsi = true;
	unit->channel = channel;
	unit->target = device;
	if (way->dialect == OFP_MAC)
		return bus_format(tail, size, "/@%x", device);
	if (way->dialect == OFP_EFIKA)
		return bus_format(tail, size, "/disk@0,0");
	if (ide_has_type(way, "pci-ata", "pci-ide"))
		return bus_format(tail, size, "/@%x/disk@%x", channel, device);
	return bus_format(tail, size, "/disk@%x", device);
}

const struct bus bus_ide = { "ide", ide_matches, ide_tail, NULL };
