/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_line.h - print a JSON value as QEMU does
 *
 * Shape:   one line, ASCII, with blanks after colons and commas. QEMU keeps the members of
 *          an object in a hash table and prints them in its order. Scripts compare such
 *          text, and error messages name the first wrong member.
 * Source:  replies of QEMU 7.2
 * Layer:   papr-vmm
 */
#pragma once

#include <json-c/json.h>
#include <stddef.h>

#include "vmm/server/buffer.h"

struct json_member {
	const char *name; /* of the object */
	json_object *value;
	unsigned int bucket, place; /* in the hash table; among all that were added */
};

/* List the members of an object in QEMU's order. Return NULL without memory. The caller
 * frees the list. */
struct json_member *json_members(json_object *object, size_t *n);

/* Append the value, without a line end. Return 0 or -ENOMEM. */
int json_line(struct buffer *out, json_object *value);
