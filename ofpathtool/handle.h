/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handle.h - contents of a handle
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "kern/deadline.h"
#include "ofpathtool/adapter.h"
#include "ofpathtool/ofpath.h"
#include "ofpathtool/source.h"

struct device;

struct alias {
	char *name, *path;
	char *key;
};

struct ofp {
	struct source src;
	enum ofp_dialect dialect; /* OFP_AUTO: not detected yet */
	struct adapters adapters;

	struct device *devices; /* see devices.h */
	size_t n_devices;
	int has_devices; /* enum devices_what; 0: not read yet */

	struct alias *aliases;
	size_t n_aliases;
	bool has_aliases;

	char *why; /* see ofp_why() */

	int events; /* socket for uevents during a wait; otherwise -1 */
	struct deadline until;
};

enum ofp_dialect handle_dialect(struct ofp *h);

/* Set the result of ofp_why(), which the handle then owns. NULL: none. */
void handle_set_why(struct ofp *h, char *why);

/* Drop all cached data, so that it is read again. */
void handle_clear(struct ofp *h);
