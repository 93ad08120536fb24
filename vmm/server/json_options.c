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

/* Where the options are put; first only their size is counted */
struct flat {
	struct papr_option *options; /* NULL: count */
	char *to;
	size_t n, bytes;
};

static const char *flat_text(struct flat *flat, const char *text)
{
	size_t size = strlen(text) + 1;
	char *at = flat->to;

	flat->bytes += size;
	if (!flat->options)
		return NULL;
	memcpy(at, text, size);
	flat->to += size;
	return at;
}

/* Put the members of an object. */
static int flat_put(struct flat *flat, json_object *object)
{
	json_object_object_foreach(object, name, value)
	{
		const char *text = value_text(value);
		struct papr_option option;

		if (!is_plain(value))
			return -EINVAL;
		if (!text)
			continue;
		option.name = flat_text(flat, name);
		option.value = flat_text(flat, text);
		if (flat->options)
			flat->options[flat->n] = option;
		flat->n++;
	}
	return 0;
}

int json_options(struct keyval *kv, json_object *object)
{
	struct flat flat = { 0 };
	int err = flat_put(&flat, object);

	*kv = (struct keyval){ 0 };
	if (err)
		return err;
	kv->text = malloc(flat.bytes + 1);
	kv->options = calloc(flat.n + 1, sizeof(*kv->options));
	if (!kv->text || !kv->options) {
		keyval_free(kv);
		return -ENOMEM;
	}
	flat = (struct flat){ .options = kv->options, .to = kv->text };
	err = flat_put(&flat, object);
	kv->n = flat.n;
	if (err)
		keyval_free(kv);
	return err;
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
