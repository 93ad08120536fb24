// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/json_util.h"
#include "libdrmgr/drmgr.h"

/* Memory was short. json-c returns no object then, which as a value is null, or a text with
 * holes. */
static struct {
	bool is_incomplete; /* a value of the next document is lost */
	bool was_replaced;  /* a document was */
} json_state;

static json_object *json_made(json_object *object)
{
	json_state.is_incomplete |= !object;
	return object;
}

json_object *json_new_object(void)
{
	return json_made(json_object_new_object());
}

json_object *json_new_array(void)
{
	return json_made(json_object_new_array());
}

json_object *json_new_int(int64_t n)
{
	return json_made(json_object_new_int64(n));
}

json_object *json_new_bool(bool value)
{
	return json_made(json_object_new_boolean(value));
}

/* Return the length of the UTF-8 sequence at s, or 0 if it is invalid. */
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

static bool text_is_ascii(const char *text)
{
	while (*text && (unsigned char)*text < 0x80)
		text++;
	return !*text;
}

json_object *json_text(const char *text)
{
	json_object *object;
	char *copy, *to;

	if (text_is_ascii(text))
		return json_made(json_object_new_string(text));
	copy = malloc(2 * strlen(text) + 1);
	to = copy;
	if (!copy)
		return json_made(NULL);
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
	object = json_made(json_object_new_string_len(copy, (int)(to - copy)));
	free(copy);
	return object;
}

/* Put a value. A long list has a million keys, so they are neither copied nor
 * compared. */
void json_put(json_object *object, const char *key, json_object *value)
{
	if (object && !json_object_object_add_ex(object, key, value,
						 JSON_C_OBJECT_ADD_KEY_IS_NEW |
							 JSON_C_OBJECT_KEY_IS_CONSTANT))
		return;
	json_object_put(value);
	json_lose();
}

void json_append(json_object *array, json_object *value)
{
	if (array && !json_object_array_add(array, value))
		return;
	json_object_put(value);
	json_lose();
}

void json_put_text(json_object *object, const char *key, const char *text)
{
	json_put(object, key, text ? json_text(text) : NULL);
}

void json_put_chars(json_object *object, const char *key, const char *chars, size_t size)
{
	char *text = strndup(chars, size);

	if (text)
		json_put_text(object, key, text);
	else
		json_lose();
	free(text);
}

json_object *json_index(uint32_t index)
{
	char text[16];

	snprintf(text, sizeof(text), "0x%08x", index);
	return json_made(json_object_new_string(text));
}

json_object *json_address(uint64_t address)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%016" PRIx64, address);
	return json_made(json_object_new_string(text));
}

void json_put_index(json_object *object, const char *key, uint32_t index)
{
	json_put(object, key, json_index(index));
}

void json_put_int(json_object *object, const char *key, int64_t n)
{
	json_put(object, key, json_new_int(n));
}

void json_put_time(json_object *object, const char *key, int64_t seconds)
{
	time_t time = (time_t)seconds;
	struct tm tm = { .tm_mday = 1 }; /* for a year that does not fit */
	char text[32];

	gmtime_r(&time, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	json_put_text(object, key, text);
}

void json_put_ms(json_object *object, const char *key, int64_t ns)
{
	char text[32];

	snprintf(text, sizeof(text), "%.3f", (double)ns / 1e6);
	json_put(object, key,
		 json_made(json_object_new_double_s((double)ns / 1e6, text)));
}

void json_put_bool(json_object *object, const char *key, int value)
{
	json_put(object, key, json_new_bool(value));
}

void json_append_text(json_object *array, const char *text)
{
	json_append(array, json_text(text));
}

/* ---- Print ---- */

enum {
	JSON_LINE = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE,
	JSON_LAYOUT = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
		      JSON_C_TO_STRING_NOSLASHESCAPE
};

void json_lose(void)
{
	json_state.is_incomplete = true;
}

/* Return the whole text of an object, or NULL. */
static const char *json_whole(json_object *object, int flags, size_t *len)
{
	bool is_incomplete = json_state.is_incomplete;
	const char *text;

	errno = 0;
	text = object ? json_object_to_json_string_length(object, flags, len) : NULL;
	json_state.is_incomplete = false;
	/* Of a text with holes, only malloc() reports the error. */
	return is_incomplete || errno == ENOMEM || errno == EFBIG ? NULL : text;
}

static void json_print_no_memory(const char *begin, const char *end)
{
	printf("%s{\"code\": \"%s\", \"message\": \"%s\", \"hint\": \"%s\"}%s\n", begin,
	       dr_code_name(DR_CODE_NO_MEMORY), "Cannot allocate memory",
	       dr_code_hint(DR_CODE_NO_MEMORY), end);
	json_state.was_replaced = true;
}

static void json_print_as(json_object *document, int flags)
{
	size_t len;
	const char *text = json_whole(document, flags, &len);

	if (text)
		puts(text);
	else
		json_print_no_memory("{\"schema\": \"papr.error/1\", \"error\": ", "}");
	json_object_put(document);
}

void json_print(json_object *document)
{
	json_print_as(document, JSON_LAYOUT);
}

void json_print_line(json_object *document)
{
	json_print_as(document, JSON_LINE);
	fflush(stdout);
}

int json_printed(void)
{
	return json_state.was_replaced ? -ENOMEM : 0;
}

const char *json_bytes(json_object *document, size_t *len)
{
	return json_whole(document, JSON_LAYOUT, len);
}

int json_write(int fd, json_object *document)
{
	size_t len;
	const char *text = json_bytes(document, &len);

	if (!text)
		return -ENOMEM;
	return dprintf(fd, "%s\n", text) < 0 ? -errno : 0;
}

/* ---- A long list ---- */

void json_list_begin(struct json_list *list, json_object *head, const char *key)
{
	*list = (struct json_list){ .head = head, .key = key };
}

/* Print the keys before the list, without the closing brace. Return false if it cannot. */
static bool json_list_print_head(const struct json_list *list)
{
	size_t len;
	const char *text = json_whole(list->head, JSON_LAYOUT, &len);

	if (!text)
		return false;
	/* The last line is the brace. */
	while (len && text[len - 1] != '\n')
		len--;
	printf("%.*s,\n  \"%s\": [", (int)(len ? len - 1 : 0), text, list->key);
	return true;
}

/* Print an element, two levels deep. An LF is only between its lines, never in a text. */
static void json_list_print_element(const char *text)
{
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, "\n");
		fwrite_unlocked("\n    ", 1, 5, stdout);
		fwrite_unlocked(text, 1, len, stdout);
		if (!text[len])
			return;
	}
}

void json_list_add(struct json_list *list, json_object *object)
{
	size_t len;
	const char *text =
		list->has_failed ? NULL : json_whole(object, JSON_LAYOUT, &len);

	/* The head was made before the object. */
	list->has_failed |= !text || (!list->has_begun && !json_list_print_head(list));
	if (!list->has_failed) {
		if (list->has_begun)
			putchar(',');
		list->has_begun = true;
		json_list_print_element(text);
	}
	json_object_put(object);
}

void json_list_end(struct json_list *list, json_object *error)
{
	json_object *tail;
	const char *text;
	size_t len;

	if (!list->has_begun) {
		json_put(list->head, list->key, json_new_array());
		json_put(list->head, "error", error);
		if (list->has_failed)
			json_lose();
		json_print(list->head);
		return;
	}
	tail = json_new_object();
	json_put(tail, "error", error);
	text = list->has_failed ? NULL : json_whole(tail, JSON_LAYOUT, &len);
	if (text) /* after the brace of its first line */
		printf("\n  ],%s\n", text + 1);
	else
		json_print_no_memory("\n  ],\n  \"error\": ", "\n}");
	json_object_put(tail);
	json_object_put(list->head);
}
