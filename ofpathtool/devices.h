/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * devices.h - list of all devices, read once
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/handle.h"

struct device {
	enum place_kind kind;
	char *name, *dir;
	const struct adapter *adapter; /* NULL: not searched yet, or none */
	char *key;     /* key of its path, see path.h; NULL: not known yet */
	bool is_whole; /* not a partition of another device */
};

enum devices_what { DEVICES_WHOLE = 1, DEVICES_ALL };

/* Find all devices, sorted by name: disks, with partitions or without, interfaces,
 * controllers. Return 0, OFP_ENOMEM or OFP_ENOSYSFS. */
int devices_find(struct ofp *h, enum devices_what what);
void devices_clear(struct ofp *h);
