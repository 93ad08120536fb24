/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alias.h - firmware's short names for paths
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/handle.h"

/* Replace the alias that text may begin with: "disk:1" becomes
 * "/vdevice/v-scsi@71000003/disk@8000000000000000:1". Return 0, OFP_EINVAL if the alias
 * does not exist, or OFP_ENOMEM. */
int alias_expand(struct ofp *h, const char *text, char *path, size_t size);

void aliases_clear(struct ofp *h);
