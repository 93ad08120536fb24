// SPDX-License-Identifier: GPL-2.0-or-later
/* Network interfaces. Their path is that of the adapter. */
#include "ofpathtool/bus.h"

static bool net_matches(const struct way *way)
{
	return way->place->kind == PLACE_NET;
}

/* Return the empty tail. Firmware has no name for an interface on USB. */
static int net_tail(const struct way *way, char *tail, size_t size, struct ofp_unit *unit)
{
	(void)unit;
	return way->place->usb_root.end ? OFP_ENOPATH : bus_format(tail, size, "%s", "");
}

const struct bus bus_net = { "net", net_matches, net_tail, NULL };
