/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lower.h - the devices below a device
 *
 * Multipath, LVM, RAID and encryption are built on disks, bonds and VLANs on interfaces.
 * A namespace of a shared NVMe subsystem is reached by controllers. Firmware knows only
 * the lowest devices.
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/handle.h"

/* How firmware finds the first bytes of the device on a lowest device. */
enum doubt {
	DOUBT_NONE,
	DOUBT_PLACE, /* they are at another place, or it is not known */
	DOUBT_FORM,  /* they are encrypted */
	DOUBT_ALL,   /* not at all */
};

struct leaf {
	const struct place *place;
	enum doubt doubt;
	const char *note; /* the reason; NULL: DOUBT_NONE */
};

/* Visit a lowest device. */
typedef void leaf_visitor(void *priv, const struct leaf *leaf);

/* Visit each lowest device, sorted by name. If no device is below, visit the device
 * itself. */
void lower_each(struct ofp *h, const struct place *place, leaf_visitor *visit,
		void *priv);
