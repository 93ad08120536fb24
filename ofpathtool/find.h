/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * find.h - find a device by its name, its node or a link to it
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/handle.h"

/* Find a device. Return 0, OFP_ENOTCONF or OFP_ENOSYSFS. */
int find_device(struct ofp *h, const char *text, struct place *place);
