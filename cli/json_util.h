/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_util.h - the project's forms of values in JSON documents
 *
 * Indexes are strings "0x%08x", addresses "0x%016x", unknown values null. In a text that
 * is not UTF-8, invalid bytes become \u00XX.
 *
 * If memory is short, values are lost, and functions return NULL. All accept that: then the
 * document that is printed next is replaced by one of the schema papr.error/1.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <json-c/json.h>

json_object *json_new_object(void);
json_object *json_new_array(void);
json_object *json_new_int(int64_t n);
json_object *json_new_bool(bool value);
/* Return a string. Bytes that are not UTF-8 become the characters of the same number. */
json_object *json_text(const char *text);
json_object *json_index(uint32_t index);
json_object *json_address(uint64_t address);

/* Put a value, of which the object becomes the owner; NULL: null. Each key is put only once
 * and outlives the object, like a literal. */
void json_put(json_object *object, const char *key, json_object *value);
void json_put_text(json_object *object, const char *key,
		   const char *text); /* NULL: null */
/* Put at most size characters, up to a NUL. */
void json_put_chars(json_object *object, const char *key, const char *chars, size_t size);
void json_put_index(json_object *object, const char *key, uint32_t index);
void json_put_int(json_object *object, const char *key, int64_t n);
/* Put seconds since 1970 as "2026-11-26T12:00:00Z". */
void json_put_time(json_object *object, const char *key, int64_t seconds);
void json_put_ms(json_object *object, const char *key, int64_t ns);
void json_put_bool(json_object *object, const char *key, int value);
void json_append(json_object *array, json_object *value);
void json_append_text(json_object *array, const char *text);

/* A value of the next document is lost, because memory is short. */
void json_lose(void);

/* Print the document and one LF on stdout, and free it. */
void json_print(json_object *document);
/* The same in one line, at once. */
void json_print_line(json_object *document);
/* Return 0, or -ENOMEM if a document was replaced. */
int json_printed(void);

/* Return the text of a document, which remains its owner; NULL: memory is short. */
const char *json_bytes(json_object *document, size_t *len);

/* Write a document and one LF into a file. Return 0 or a negative errno. */
int json_write(int fd, json_object *document);

/*
 * A document with a list too long to hold in memory. Each element is printed when it is
 * added. The result looks like that of json_print(). If an element is lost, the list ends
 * before it.
 */
struct json_list {
	json_object *head; /* the keys before the list */
	const char *key;
	bool has_begun, has_failed;
};

/* Begin a list, which becomes the owner of head. */
void json_list_begin(struct json_list *list, json_object *head, const char *key);
/* Add an object. The list becomes its owner. */
void json_list_add(struct json_list *list, json_object *object);
/* End the document with the key "error". The list becomes the owner of the object; NULL: no
 * error. */
void json_list_end(struct json_list *list, json_object *error);
