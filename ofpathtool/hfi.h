/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hfi.h - host fabric interfaces, which only the device tree lists
 *
 * hf0 and hf2 are the first node "hfi-ethernet", hf1 and hf3 the last.
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/translate.h"

bool hfi_is_name(const char *name);
/* Add the path of a host fabric interface, if it has one. */
void hfi_from_device(const char *name, struct results *results);
/* Add hf0 or hf1 if the key is that of its node. */
void hfi_to_device(const char *key, struct results *results);
