/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_options.h - convert a JSON object to the options of a device or an object
 *
 * Numbers become decimal text, booleans "on" and "off". Lists and null are omitted, and
 * objects too, as QEMU 7.2 does for device_add; deep: an object's members become options
 * like "file.driver", as those of a disk do on the command line.
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "vmm/server/keyval.h"

/* Convert the object. Fails with -EINVAL (a string contains a NUL) or -ENOMEM. */
int json_options(struct keyval *kv, json_object *object);

/* Parse and convert the text. Fails with -EINVAL (not a JSON object) or -ENOMEM. */
int json_options_of_text(struct keyval *kv, const char *text);
