/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adapter.h - find the device-tree node of a device's adapter
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/place.h"

struct adapter {
	char *dir;	/* where the search began */
	char *node;	/* the node, as sysfs reports it; NULL: not found */
	char *key;	/* key of node, see path.h */
	char *found_in; /* the directory in sysfs that belongs to the node */
};

/* Cache of all searches. Zeroed: empty. */
struct adapters {
	void *known;
};

/* Search dir[0..len) and its parents, up to the first device of a bus. The result is
 * valid until adapters_clear(). Return NULL without memory. */
const struct adapter *adapter_of(struct adapters *adapters, struct source *src,
				 const char *dir, size_t len);

/* Search for a device. Directories below its adapter are skipped. */
const struct adapter *adapter_of_place(struct adapters *adapters, struct source *src,
				       const struct place *place);

void adapters_clear(struct adapters *adapters);
