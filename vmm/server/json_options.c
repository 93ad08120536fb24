// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
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
	bool deep; /* with the members of inner objects */
};

static const char *flat_text(struct flat *flat, const char *owner, const char *text)
{
	size_t owner_len = strlen(owner), size = owner_len + strlen(text) + 1;
	char *at = flat->to;

	flat->bytes += size;
	if (!flat->options)
		return NULL;
	memcpy(at, owner, owner_len);
	memcpy(at + owner_len, text, size - owner_len);
	flat->to += size;
	return at;
}

/* Put the members of an object: "NAME", or "OWNER.NAME" of an object in it. */
static int flat_put(struct flat *flat, const char *owner, json_object *object)
{
	json_object_object_foreach(object, name, value)
	{
		const char *text = value_text(value);

		if (!is_plain(value))
			return -EINVAL;
		if (flat->deep && json_object_is_type(value, json_type_object)) {
			char *inner;
			int err =
				asprintf(&inner, "%s%s.", owner, name) < 0 ? -ENOMEM : 0;

			if (err)
				return err;
			err = flat_put(flat, inner, value);
			free(inner);
			if (err)
				return err;
		} else if (text) {
			const char *as = flat_text(flat, owner, name);

			text = flat_text(flat, "", text);
			if (flat->options)
				flat->options[flat->n] = (struct papr_option){ as, text };
			flat->n++;
		}
	}
	return 0;
}

int json_options(struct keyval *kv, json_object *object, bool deep)
{
	struct flat flat = { .deep = deep };
	int err = flat_put(&flat, "", object);

	*kv = (struct keyval){ 0 };
	if (err)
		return err;
	kv->text = malloc(flat.bytes + 1);
	kv->options = calloc(flat.n + 1, sizeof(*kv->options));
	if (!kv->text || !kv->options) {
		keyval_free(kv);
		return -ENOMEM;
	}
	flat = (struct flat){ .options = kv->options, .to = kv->text, .deep = deep };
	err = flat_put(&flat, "", object);
	kv->n = flat.n;
	if (err)
		keyval_free(kv);
	return err;
}

int json_options_of_text(struct keyval *kv, const char *text, bool deep)
{
	json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH);
	json_object *object;
	int err = -EINVAL;

	if (!tokener)
		return -ENOMEM;
	object = json_tokener_parse_ex(tokener, text, (int)strlen(text) + 1);
	if (json_object_is_type(object, json_type_object))
		err = json_options(kv, object, deep);
	json_object_put(object);
	json_tokener_free(tokener);
	return err;
}
