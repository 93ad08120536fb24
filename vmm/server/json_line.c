// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/json_line.h"
#include "vmm/server/mutf8.h"

/* ---- Order of members ------------------------------------------------------------------ */

/* The hash function of QEMU's tables of members */
static unsigned int bucket_of(const char *name)
{
	enum { BUCKETS = 512 };
	uint32_t hash = UINT32_C(0x238f13af) * (uint32_t)strlen(name);

	for (unsigned int i = 0; name[i]; i++)
		hash += (uint32_t)(unsigned char)name[i] << i * 5 % 24;
	return (UINT32_C(1103515243) * hash + 12345) % BUCKETS;
}

/* Of a bucket, the newest member is first. */
static int compare(const void *a, const void *b)
{
	const struct json_member *x = a, *y = b;

	if (x->bucket != y->bucket)
		return x->bucket < y->bucket ? -1 : 1;
	return x->place > y->place ? -1 : 1;
}

struct json_member *json_members(json_object *object, size_t *n)
{
	size_t all = (size_t)json_object_object_length(object);
	struct json_member *members = calloc(all + 1, sizeof(*members));

	*n = 0;
	if (!members)
		return NULL;
	json_object_object_foreach(object, name, value)
	{
		members[*n] = (struct json_member){ name, value, bucket_of(name),
						    (unsigned int)*n };
		++*n;
	}
	qsort(members, *n, sizeof(*members), compare);
	return members;
}

/* ---- Text ---------------------------------------------------------------------------------- */

static int put(struct buffer *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int put(struct buffer *out, const char *format, ...)
{
	char text[64];
	va_list ap;
	int len;

	va_start(ap, format);
	len = vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return buffer_put(out, text, (size_t)len);
}

static int put_character(struct buffer *out, int c)
{
	static const char bytes[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
	const char *byte = c > 0 && c < 0x80 ? strchr(bytes, c) : NULL;

	if (byte)
		return put(out, "\\%c", names[byte - bytes]);
	if (c >= ' ' && c < 0x7f)
		return put(out, "%c", c);
	if (c <= 0xffff)
		return put(out, "\\u%04X", (unsigned int)(c < 0 ? 0xfffd : c));
	c -= 0x10000;
	return put(out, "\\u%04X\\u%04X", 0xd800u + ((unsigned int)c >> 10),
		   0xdc00u + (c & 0x3ff));
}

/* Return the number of first characters that need no escape. */
static size_t plain(const char *text)
{
	size_t len = 0;

	while (text[len] >= ' ' && text[len] < 0x7f && text[len] != '"' &&
	       text[len] != '\\')
		len++;
	return len;
}

static int put_string(struct buffer *out, const char *text)
{
	int err = put(out, "\"");
	size_t len;

	for (; !err && *text; text += len) {
		len = plain(text);
		if (len)
			err = buffer_put(out, text, len);
		else
			err = put_character(out, mutf8_decode(text, &len));
	}
	return err ? err : put(out, "\"");
}

static int put_object(struct buffer *out, json_object *object)
{
	size_t n;
	struct json_member *members = json_members(object, &n);
	int err = members ? put(out, "{") : -ENOMEM;

	for (size_t i = 0; !err && i < n; i++) {
		err = put(out, i ? ", " : "");
		if (!err)
			err = put_string(out, members[i].name);
		if (!err)
			err = put(out, ": ");
		if (!err)
			err = json_line(out, members[i].value);
	}
	free(members);
	return err ? err : put(out, "}");
}

static int put_array(struct buffer *out, json_object *array)
{
	size_t n = json_object_array_length(array);
	int err = put(out, "[");

	for (size_t i = 0; !err && i < n; i++) {
		err = put(out, i ? ", " : "");
		if (!err)
			err = json_line(out, json_object_array_get_idx(array, i));
	}
	return err ? err : put(out, "]");
}

static int put_integer(struct buffer *out, json_object *value)
{
	int64_t number = json_object_get_int64(value);

	if (number == INT64_MAX)
		return put(out, "%llu",
			   (unsigned long long)json_object_get_uint64(value));
	return put(out, "%lld", (long long)number);
}

int json_line(struct buffer *out, json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_object:
		return put_object(out, value);
	case json_type_array:
		return put_array(out, value);
	case json_type_string:
		return put_string(out, json_object_get_string(value));
	case json_type_int:
		return put_integer(out, value);
	case json_type_double:
		return put(out, "%.17g", json_object_get_double(value));
	case json_type_boolean:
		return put(out, json_object_get_boolean(value) ? "true" : "false");
	default:
		return put(out, "null");
	}
}
