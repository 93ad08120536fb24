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

/* In the order of their names: disks, interfaces, controllers. 0, OFP_ENOMEM,
 * OFP_ENOSYSFS. */
int devices_find(struct ofp *h);
void devices_forget(struct ofp *h);
