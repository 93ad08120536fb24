/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alias.h - short names that firmware has for paths
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/handle.h"

/* A path that may begin with an alias, with what that stands for: "disk:1" becomes
 * "/vdevice/v-scsi@71000003/disk@8000000000000000:1". OFP_EINVAL no such alias. */
int alias_expand(struct ofp *h, const char *text, char *path, size_t size);

void aliases_forget(struct ofp *h);
