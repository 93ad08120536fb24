/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_print.h - a JSON value in one line, blanks and escapes as QEMU has them
 *
 * Everything that is not ASCII is escaped; bytes that are no character become U+FFFD.
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <json-c/json.h>

#include "vmm/server/buffer.h"

/* Appended to the buffer. 0 or -ENOMEM. */
int json_print(struct buffer *out, json_object *value);
