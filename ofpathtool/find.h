/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * find.h - the device that somebody means: by its name, its node or a link to it
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/handle.h"

/* 0, OFP_ENOTCONF, OFP_ENOSYSFS. */
int find_device(struct ofp *h, const char *text, struct place *place);
