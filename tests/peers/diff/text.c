// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/peers/diff/text.h"

char *text_of(const char *format, ...)
{
	va_list ap;
	char *text;

	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		err(1, "text");
	va_end(ap);
	return text;
}

char *hex_of(const void *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = data;
	char *hex = malloc(2 * len + 1);
	size_t i;

	if (!hex)
		err(1, "hex");
	for (i = 0; i < len; i++) {
		hex[2 * i] = digits[p[i] >> 4];
		hex[2 * i + 1] = digits[p[i] & 15];
	}
	hex[2 * len] = '\0';
	return hex;
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t hex_bytes(const char *hex, void *data, size_t room)
{
	uint8_t *p = data;
	size_t n = 0;

	while (n < room && digit(hex[2 * n]) >= 0 && digit(hex[2 * n + 1]) >= 0) {
		p[n] = digit(hex[2 * n]) << 4 | digit(hex[2 * n + 1]);
		n++;
	}
	return n;
}

const char *json_text(json_object *in, const char *name, const char *fallback)
{
	json_object *value;

	return in && json_object_object_get_ex(in, name, &value)
		       ? json_object_get_string(value)
		       : fallback;
}

int64_t json_number(json_object *in, const char *name, int64_t fallback)
{
	json_object *value;

	return in && json_object_object_get_ex(in, name, &value)
		       ? json_object_get_int64(value)
		       : fallback;
}

uint64_t json_hex(json_object *in, const char *name, uint64_t fallback)
{
	const char *text = json_text(in, name, NULL);

	return text ? strtoull(text, NULL, 16) : fallback;
}

size_t json_count(json_object *in, const char *name)
{
	json_object *value;

	return json_object_object_get_ex(in, name, &value) &&
			       json_object_is_type(value, json_type_array)
		       ? json_object_array_length(value)
		       : 0;
}

json_object *json_at(json_object *array, size_t n)
{
	return json_object_array_get_idx(array, n);
}

void json_put_hex(json_object *in, const char *name, const void *data, size_t len)
{
	char *hex = hex_of(data, len);

	json_object_object_add(in, name, json_object_new_string(hex));
	free(hex);
}

void json_put_int(json_object *in, const char *name, int64_t value)
{
	json_object_object_add(in, name, json_object_new_int64(value));
}

json_object *json_new_u64(uint64_t value)
{
	char text[20];

	snprintf(text, sizeof(text), "%" PRIx64, value);
	return json_object_new_string(text);
}

void json_put_u64(json_object *in, const char *name, uint64_t value)
{
	json_object_object_add(in, name, json_new_u64(value));
}

const char *json_line(json_object *what)
{
	return json_object_to_json_string_ext(
		what, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}

json_object *json_copy(json_object *what)
{
	json_object *copy = NULL;

	if (what && json_object_deep_copy(what, &copy, NULL) < 0)
		err(1, "JSON");
	return copy;
}

json_object *json_difference(json_object *from, json_object *to)
{
	json_object *patch = json_object_new_object(), *old;

	json_object_object_foreach(to, key, value)
	{
		bool both = json_object_object_get_ex(from, key, &old) &&
			    json_object_is_type(old, json_type_object) &&
			    json_object_is_type(value, json_type_object);

		if (!json_object_equal(old, value))
			json_object_object_add(patch, key,
					       both ? json_difference(old, value)
						    : json_object_get(value));
	}
	json_object_object_foreach(from, gone, unused)
	{
		(void)unused;
		if (!json_object_object_get_ex(to, gone, NULL))
			json_object_object_add(patch, gone, NULL);
	}
	return patch;
}
