/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handle.h - contents of a handle
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "base/mem.h"
#include "kern/deadline.h"
#include "ofpathtool/ofpath.h"
#include "ofpathtool/place.h"

struct device;

struct alias {
	const char *name, *path;
};

/* What has been read. */
struct cache {
	struct mem mem;
	void *adapters; /* see adapter.h */

	struct device *devices; /* see devices.h */
	size_t n_devices;
	int has_devices; /* enum devices_what; 0: not read yet */

	struct alias *aliases;
	size_t n_aliases;
	bool has_aliases;
};

struct ofp {
	struct source src;
	enum ofp_dialect dialect; /* OFP_AUTO: not detected yet */
	struct cache cache;

	struct mem mem;	 /* of results, until ofp_forget() */
	const char *why; /* see ofp_why() */

	int events; /* socket for uevents during a wait; otherwise -1 */
	struct deadline until;
};

enum ofp_dialect handle_dialect(struct ofp *h);

/* Set the result of ofp_why(), unless it has one. */
void handle_set_why(struct ofp *h, const char *why);

/* Return this error, or OFP_ENOMEM if memory was short since ofp_forget(). Then the next
 * call reads all data again. */
int handle_end(struct ofp *h, int err);

/* Replace the alias that text may begin with: "disk:1" becomes
 * "/vdevice/v-scsi@71000003/disk@8000000000000000:1". Return 0, or OFP_EINVAL if the alias
 * does not exist. */
int alias_expand(struct ofp *h, const char *text, char *path, size_t size);
