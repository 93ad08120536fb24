// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Disks on USB. Linux may report a wrong node for the device of a port: it counts ports
 * by controller, firmware counts them by bus. The path is therefore made from the ports.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ofpathtool/bus.h"

static bool usb_matches(const struct way *way)
{
	return way->place->kind == PLACE_DISK && way->place->usb.end &&
	       way->place->scsi.end;
}

/* Write the tail. "2.4.1" is port 1 of the hub at port 4 of the hub at port 2. The older
 * program knew only one hub. */
static int usb_tail(const struct way *way, char *tail, size_t size, struct ofp_unit *unit)
{
	const char *port =
		place_text(way->place, way->place->usb, unit->ports, sizeof(unit->ports));
	size_t used = 0;
	uint64_t number;
	char *end;

	port = strchr(port, '-') + 1;
	for (bool first = true;; first = false) {
		number = strtoull(port, &end, 10);
		if (number > UINT8_MAX)
			return OFP_ENOINFO;
		if (*end != '.')
			break;
		if ((first || way->dialect != OFP_COMPAT) &&
		    bus_format(tail + used, size - used, "/hub@%" PRIx64, number))
			return OFP_ENOINFO;
		used += strlen(tail + used);
		port = end + 1;
	}

	memmove(unit->ports, strchr(unit->ports, '-') + 1,
		strlen(strchr(unit->ports, '-')));
	unit->is_scsi = true;
	unit->lun = way->place->lun;
	return bus_format(tail + used, size - used, "/storage@%" PRIx64 "/disk@%" PRIX64,
			  number, (0x01000000 | number << 16 | way->place->lun) << 32);
}

const struct bus bus_usb = { "usb", usb_matches, usb_tail, NULL };
