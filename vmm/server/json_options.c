// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/json_options.h"

enum { JSON_DEPTH = 16 };

/* Return the value's text, or NULL if it is not passed on. */
static const char *value_text(json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_boolean:
		return json_object_get_boolean(value) ? "on" : "off";
	case json_type_int:
	case json_type_double:
	case json_type_string:
		return json_object_get_string(value);
	default:
		return NULL;
	}
}

static bool is_plain(json_object *value)
{
	return !json_object_is_type(value, json_type_string) ||
	       strlen(json_object_get_string(value)) ==
		       (size_t)json_object_get_string_len(value);
}

static char *put(char *to, const char **place, const char *text)
{
	size_t size = strlen(text) + 1;

	*place = memcpy(to, text, size);
	return to + size;
}

static int measure(json_object *object, size_t *n, size_t *bytes)
{
	*n = *bytes = 0;
	json_object_object_foreach(object, name, value)
	{
		const char *text = value_text(value);

		if (!is_plain(value))
			return -EINVAL;
		if (!text)
			continue;
		*n += 1;
		*bytes += strlen(name) + strlen(text) + 2;
	}
	return 0;
}

int json_options(struct keyval *kv, json_object *object)
{
	size_t n, bytes;
	char *to;
	int err = measure(object, &n, &bytes);

	*kv = (struct keyval){ 0 };
	if (err)
		return err;
	kv->text = to = malloc(bytes + 1);
	kv->options = calloc(n + 1, sizeof(*kv->options));
	if (!kv->text || !kv->options) {
		keyval_free(kv);
		return -ENOMEM;
	}
	json_object_object_foreach(object, name, value)
	{
		struct papr_option *o = &kv->options[kv->n];

		if (!value_text(value))
			continue;
		to = put(to, &o->name, name);
		to = put(to, &o->value, value_text(value));
		kv->n++;
	}
	return 0;
}

int json_options_of_text(struct keyval *kv, const char *text)
{
	json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH);
	json_object *object;
	int err = -EINVAL;

	if (!tokener)
		return -ENOMEM;
	object = json_tokener_parse_ex(tokener, text, (int)strlen(text) + 1);
	if (json_object_is_type(object, json_type_object))
		err = json_options(kv, object);
	json_object_put(object);
	json_tokener_free(tokener);
	return err;
}
