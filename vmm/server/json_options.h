/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_options.h - the members of a JSON object as options of a device or an object
 *
 * Numbers become decimal text, booleans "on" and "off"; a list, an object and null are
 * left out, as QEMU 7.2 does for device_add.
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <json-c/json.h>

#include "vmm/server/keyval.h"

/* 0, -EINVAL (a text with a NUL in it), -ENOMEM. */
int json_options(struct keyval *kv, json_object *object);

/* 0, -EINVAL (no JSON object), -ENOMEM. */
int json_options_of_text(struct keyval *kv, const char *text);
