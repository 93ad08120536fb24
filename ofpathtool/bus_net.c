// SPDX-License-Identifier: GPL-2.0-or-later
/* Network interfaces: their path is that of the adapter. */
#include "ofpathtool/bus.h"

static bool is_net(const struct way *way)
{
	return way->place->kind == PLACE_NET;
}

/* What hangs on USB has no name in firmware. */
static int net_tail(const struct way *way, char *tail, size_t size, struct ofp_unit *unit)
{
	(void)unit;
	return way->place->usb_root.end ? OFP_ENOPATH : bus_put(tail, size, "%s", "");
}

const struct bus bus_net = { "net", is_net, net_tail, NULL };
