/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hfi.h - host fabric interfaces, which are found in the device tree alone
 *
 * hf0 and hf2 are the first node "hfi-ethernet", hf1 and hf3 the last.
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/translate.h"

bool hfi_is_name(const char *name);
/* 0, OFP_ENOPATH, OFP_ENOMEM. */
int hfi_from_device(struct ofp *h, const char *name, struct results *results);
/* Adds hf0 or hf1 if the key is its node's. */
int hfi_to_device(struct ofp *h, const char *key, struct results *results);
