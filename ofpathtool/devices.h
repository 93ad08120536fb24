/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * devices.h - list of all devices, read once
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/adapter.h"

struct device {
	enum place_kind kind;
	const char *name, *dir;
	const struct adapter *adapter; /* NULL: not searched yet, or none */
	bool is_whole;		       /* not a partition of another device */
};

enum devices_what { DEVICES_WHOLE = 1, DEVICES_ALL };

/* Find all devices, sorted by name: disks, with partitions or without, interfaces,
 * controllers. Return 0 or OFP_ENOSYSFS. */
int devices_find(struct ofp *h, enum devices_what what);
