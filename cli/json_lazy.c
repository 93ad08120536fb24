// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>

#include <json-c/json.h>

#include "cli/json_lazy.h"

#ifndef JSON_SONAME /* the program is linked to the library */

const char *json_load(void)
{
	return NULL;
}

#else

#include <dlfcn.h>
#include <string.h>

#include "kern/cleanup.h"
#include "kern/dlopen_note.h"

/* clang-format off */
#define JSON_FUNCTIONS(FUNCTION) \
	FUNCTION(json_object_array_add) \
	FUNCTION(json_object_get) \
	FUNCTION(json_object_new_array) \
	FUNCTION(json_object_new_boolean) \
	FUNCTION(json_object_new_double_s) \
	FUNCTION(json_object_new_int64) \
	FUNCTION(json_object_new_object) \
	FUNCTION(json_object_new_string) \
	FUNCTION(json_object_new_string_len) \
	FUNCTION(json_object_object_add_ex) \
	FUNCTION(json_object_put) \
	FUNCTION(json_object_to_json_string_length)
/* clang-format on */

#define JSON_MEMBER(name) __typeof__(name) *name;
static struct {
	JSON_FUNCTIONS(JSON_MEMBER)
} json;

#define JSON_ENTRY(name) #name,
static const char *const json_names[] = { JSON_FUNCTIONS(JSON_ENTRY) };
_Static_assert(sizeof(json) == ARRAY_SIZE(json_names) * sizeof(void *),
	       "one pointer for each name");

DLOPEN_NOTE(json_note, "json", "Documents of --json", "recommended", JSON_SONAME);

const char *json_load(void)
{
	void *library = dlopen(JSON_SONAME, RTLD_NOW | RTLD_LOCAL);
	void *function = library;

	for (size_t i = 0; function && i < ARRAY_SIZE(json_names); i++) {
		function = dlsym(library, json_names[i]);
		memcpy((char *)&json + i * sizeof(function), &function, sizeof(function));
	}
	return function ? NULL : dlerror();
}

int json_object_array_add(json_object *array, json_object *value)
{
	return json.json_object_array_add(array, value);
}

json_object *json_object_get(json_object *object)
{
	return json.json_object_get(object);
}

json_object *json_object_new_array(void)
{
	return json.json_object_new_array();
}

json_object *json_object_new_boolean(json_bool value)
{
	return json.json_object_new_boolean(value);
}

json_object *json_object_new_double_s(double value, const char *text)
{
	return json.json_object_new_double_s(value, text);
}

json_object *json_object_new_int64(int64_t value)
{
	return json.json_object_new_int64(value);
}

json_object *json_object_new_object(void)
{
	return json.json_object_new_object();
}

json_object *json_object_new_string(const char *text)
{
	return json.json_object_new_string(text);
}

json_object *json_object_new_string_len(const char *text, const int len)
{
	return json.json_object_new_string_len(text, len);
}

int json_object_object_add_ex(json_object *object, const char *const key,
			      json_object *const value, const unsigned int options)
{
	return json.json_object_object_add_ex(object, key, value, options);
}

int json_object_put(json_object *object)
{
	return json.json_object_put(object);
}

const char *json_object_to_json_string_length(json_object *object, int flags, size_t *len)
{
	return json.json_object_to_json_string_length(object, flags, len);
}

#endif
