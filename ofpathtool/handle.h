/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handle.h - what a handle holds
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
	enum ofp_dialect dialect; /* OFP_AUTO: not looked up yet */
	struct adapters adapters;

	struct device *devices; /* see devices.h */
	size_t n_devices;
	int has_devices; /* enum devices_what; 0: not looked for yet */

	struct alias *aliases;
	size_t n_aliases;
	bool has_aliases;

	int events; /* of the kernel, while somebody waits; or -1 */
	struct deadline until;
};

enum ofp_dialect handle_dialect(struct ofp *h);

/* What has been read is read anew. */
void handle_forget(struct ofp *h);
