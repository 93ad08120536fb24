// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "vmm/server/json_print.h"
#include "vmm/server/utf8.h"

enum { REPLACEMENT = 0xfffd };

static int put_text(struct buffer *out, const char *text)
{
	return buffer_put(out, text, strlen(text));
}

static int put_unicode(struct buffer *out, uint32_t code)
{
	char text[16];

	if (code < 0x10000)
		snprintf(text, sizeof(text), "\\u%04X", code);
	else
		snprintf(text, sizeof(text), "\\u%04X\\u%04X", 0xd7c0 + (code >> 10),
			 0xdc00 | (code & 0x3ff));
	return put_text(out, text);
}

static int put_character(struct buffer *out, int32_t code)
{
	static const char means[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
	const char *at = code > 0 && code < 0x80 ? strchr(means, code) : NULL;
	char text[2];

	if (at) {
		text[0] = '\\';
		text[1] = names[at - means];
		return buffer_put(out, text, 2);
	}
	if (code < ' ' || code >= 0x7f)
		return put_unicode(out, code < 0 ? REPLACEMENT : (uint32_t)code);
	text[0] = (char)code;
	return buffer_put(out, text, 1);
}

static int put_string(struct buffer *out, const char *text, size_t len)
{
	const uint8_t *p = (const uint8_t *)text, *end = p + len;
	int err = put_text(out, "\"");

	while (p < end && !err) {
		size_t n;

		err = put_character(out, utf8_decode(p, (size_t)(end - p), &n));
		p += n;
	}
	return err ? err : put_text(out, "\"");
}

static int put_double(struct buffer *out, double value)
{
	char text[40];

	snprintf(text, sizeof(text), "%.17g", value);
	return put_text(out, text);
}

static int put_array(struct buffer *out, json_object *array)
{
	size_t n = json_object_array_length(array);
	int err = put_text(out, "[");

	for (size_t i = 0; i < n && !err; i++) {
		if (i)
			err = put_text(out, ", ");
		if (!err)
			err = json_print(out, json_object_array_get_idx(array, i));
	}
	return err ? err : put_text(out, "]");
}

static int put_object(struct buffer *out, json_object *object)
{
	int err = put_text(out, "{"), first = 1;

	json_object_object_foreach(object, key, value)
	{
		if (!err && !first)
			err = put_text(out, ", ");
		first = 0;
		if (!err)
			err = put_string(out, key, strlen(key));
		if (!err)
			err = put_text(out, ": ");
		if (!err)
			err = json_print(out, value);
	}
	return err ? err : put_text(out, "}");
}

int json_print(struct buffer *out, json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_string:
		return put_string(out, json_object_get_string(value),
				  (size_t)json_object_get_string_len(value));
	case json_type_double:
		return put_double(out, json_object_get_double(value));
	case json_type_array:
		return put_array(out, value);
	case json_type_object:
		return put_object(out, value);
	default: /* null, boolean, int */
		return put_text(out, json_object_to_json_string(value));
	}
}
