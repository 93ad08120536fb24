/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.h - texts, hexadecimal bytes, and members of JSON objects
 *
 * Memory:  a returned char * is allocated, a const char * belongs to the object.
 * Errors:  running out of memory ends the program.
 */
#pragma once
#include <json-c/json.h>
#include <stddef.h>
#include <stdint.h>

char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));

char *hex_of(const void *data, size_t len);
/* Write at most room bytes. Return their number. The first character that is no digit
 * ends it. */
size_t hex_bytes(const char *hex, void *data, size_t room);

/* Return a member of an object, or fallback if it is missing. */
const char *json_text(json_object *in, const char *name, const char *fallback);
int64_t json_number(json_object *in, const char *name, int64_t fallback);
uint64_t json_hex(json_object *in, const char *name, uint64_t fallback);
size_t json_count(json_object *in, const char *name); /* number of elements of an array */
json_object *json_at(json_object *array, size_t n);

/* Add to an object or array, which then owns the value. */
void json_put_hex(json_object *in, const char *name, const void *data, size_t len);
void json_put_int(json_object *in, const char *name, int64_t value);
void json_put_u64(json_object *in, const char *name, uint64_t value); /* as hex text */
json_object *json_new_u64(uint64_t value);

const char *json_line(json_object *what); /* plain, in one line */
json_object *json_copy(json_object *what);
/* Return the merge patch (RFC 7396) that turns an object into another one; allocated. */
json_object *json_difference(json_object *from, json_object *to);
