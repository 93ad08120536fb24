/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adapter.h - find the device-tree node of a device's adapter
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/handle.h"

struct adapter {
	const char *dir;      /* where the search began */
	const char *node;     /* the node, as sysfs reports it */
	const char *key;      /* key of node, see path.h */
	const char *found_in; /* the directory in sysfs that belongs to the node */
};

/* Search dir[0..len) and its parents, up to the first device of a bus. The result is cached.
 * Return NULL if none has a node. */
const struct adapter *adapter_of(struct ofp *h, const char *dir, size_t len);

/* Search for a device. Directories below its adapter are skipped. */
const struct adapter *adapter_of_place(struct ofp *h, const struct place *place);

void adapters_clear(struct ofp *h);
