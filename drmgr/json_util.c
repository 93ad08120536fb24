// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drmgr/json_util.h"

/* Bytes of the UTF-8 sequence at s, 0 if it is none. */
static size_t utf8_len(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t len = u[0] < 0x80		   ? 1
		     : u[0] >= 0xc2 && u[0] < 0xe0 ? 2
		     : u[0] >= 0xe0 && u[0] < 0xf0 ? 3
		     : u[0] >= 0xf0 && u[0] < 0xf5 ? 4
						   : 0;

	for (size_t i = 1; i < len; i++)
		if ((u[i] & 0xc0) != 0x80)
			return 0;
	if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) ||
	    (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] > 0x8f))
		return 0;
	return len;
}

/* Bytes that are no UTF-8 become the characters of the same number. */
static json_object *text_object(const char *text)
{
	char *copy = malloc(2 * strlen(text) + 1), *to = copy;
	json_object *object;

	if (!copy)
		return NULL;
	while (*text) {
		size_t len = utf8_len(text);

		if (len) {
			memcpy(to, text, len);
			to += len;
			text += len;
		} else {
			unsigned char c = (unsigned char)*text++;

			*to++ = (char)(0xc0 | c >> 6);
			*to++ = (char)(0x80 | (c & 0x3f));
		}
	}
	object = json_object_new_string_len(copy, (int)(to - copy));
	free(copy);
	return object;
}

void json_put_text(json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, text ? text_object(text) : NULL);
}

void json_put_chars(json_object *object, const char *key, const char *chars, size_t size)
{
	char *text = strndup(chars, size);

	json_put_text(object, key, text);
	free(text);
}

void json_put_index(json_object *object, const char *key, uint32_t index)
{
	char text[16];

	snprintf(text, sizeof(text), "0x%08x", index);
	json_put_text(object, key, text);
}

void json_put_int(json_object *object, const char *key, int64_t n)
{
	json_object_object_add(object, key, json_object_new_int64(n));
}

void json_put_ms(json_object *object, const char *key, int64_t ns)
{
	char text[32];

	snprintf(text, sizeof(text), "%.3f", (double)ns / 1e6);
	json_object_object_add(object, key,
			       json_object_new_double_s((double)ns / 1e6, text));
}

void json_put_bool(json_object *object, const char *key, int value)
{
	json_object_object_add(object, key, json_object_new_boolean(value));
}

void json_append_text(json_object *array, const char *text)
{
	json_object_array_add(array, text_object(text));
}

void json_print(json_object *document)
{
	puts(json_object_to_json_string_ext(
		document, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
				  JSON_C_TO_STRING_NOSLASHESCAPE));
}
