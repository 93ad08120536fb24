/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * devices.h - every device there is, found once
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/handle.h"

struct device {
	enum place_kind kind;
	char *name, *dir;
	const struct adapter *adapter; /* NULL: none that firmware knows */
	char *key;		       /* of its path, see path.h; NULL: not asked yet */
	bool is_whole;		       /* no partition of another */
};

enum devices_what { DEVICES_WHOLE = 1, DEVICES_ALL };

/* In the order of their names: disks, with partitions or without, interfaces, controllers.
 * 0, OFP_ENOMEM, OFP_ENOSYSFS. */
int devices_find(struct ofp *h, enum devices_what what);
void devices_forget(struct ofp *h);
