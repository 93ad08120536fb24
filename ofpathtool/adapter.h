/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adapter.h - the node in the device tree of the adapter that a device is behind
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/place.h"

struct adapter {
	char *dir;	/* where somebody asked */
	char *node;	/* as sysfs says; NULL: there is none */
	char *key;	/* of it, see path.h */
	char *found_in; /* the folder in sysfs that belongs to the node */
};

/* What has been asked already; zeroed: nothing. */
struct adapters {
	void *known;
};

/* Looks in dir[0..len) and upwards, up to the first that is a device of a bus. The answer
 * lives until adapters_forget(). NULL: out of memory. */
const struct adapter *adapter_of(struct adapters *adapters, struct source *src,
				 const char *dir, size_t len);

/* The same for a device: what it is made of itself is passed by. */
const struct adapter *adapter_of_place(struct adapters *adapters, struct source *src,
				       const struct place *place);

void adapters_forget(struct adapters *adapters);
