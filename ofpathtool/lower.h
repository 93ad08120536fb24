/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lower.h - the devices that a device is made of
 *
 * Multipath, LVM, RAID and encryption stand on disks, bonds and VLANs on interfaces, a
 * namespace of a shared NVMe subsystem on controllers. Firmware knows the lowest alone.
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/handle.h"

/* Not 0 ends it. */
typedef int leaf_visitor(void *priv, const struct place *leaf);

/* Each device at the bottom, in the order of their names: itself, if it stands on none.
 * 0, OFP_ENOMEM, or what the visitor said. */
int lower_each(struct ofp *h, const struct place *place, leaf_visitor *visit, void *priv);
