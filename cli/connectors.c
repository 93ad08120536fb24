// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/connectors.h"

/* ---- Members ---- */

static const char *text_of_value(int err, const struct dr_value *value)
{
	return !err && value->is_known && value->kind == DR_KIND_TEXT ? value->text
								      : NULL;
}

static int64_t number_of_value(int err, const struct dr_value *value)
{
	return !err && value->is_known && value->kind != DR_KIND_TEXT &&
			       value->kind != DR_KIND_LIST
		       ? value->number
		       : -1;
}

const char *connector_text(const struct dr_connector *connector, const char *key)
{
	struct dr_value value;
	int err = dr_connector_get(connector, key, &value);

	return text_of_value(err, &value);
}

int64_t connector_number(const struct dr_connector *connector, const char *key)
{
	struct dr_value value;
	int err = dr_connector_get(connector, key, &value);

	return number_of_value(err, &value);
}

void connector_items(const struct dr_connector *connector, const char *key,
		     struct dr_value *list)
{
	if (dr_connector_get(connector, key, list) || !list->is_known)
		*list = (struct dr_value){ .kind = DR_KIND_LIST };
}

const char *item_text(const struct dr_value *list, size_t i, const char *key)
{
	struct dr_value value;
	int err = dr_value_get(list, i, key, &value);

	return text_of_value(err, &value);
}

int64_t item_number(const struct dr_value *list, size_t i, const char *key)
{
	struct dr_value value;
	int err = dr_value_get(list, i, key, &value);

	return number_of_value(err, &value);
}

void size_format(uint64_t bytes, char *text, size_t size)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
	size_t unit = 0;

	while (bytes && bytes % 1024 == 0 && unit + 1 < sizeof(units) / sizeof(*units)) {
		bytes /= 1024;
		unit++;
	}
	snprintf(text, size, "%" PRIu64 " %s", bytes, units[unit]);
}

/* ---- Documents ---- */

static json_object *value_object(const struct dr_value *value);

/* Return the i-th item: an object, or a plain value. */
static json_object *item_object(const struct dr_value *list, size_t i)
{
	const char *key = dr_value_get_member(list, 0);
	struct dr_value value;
	json_object *o;

	if (!key)
		return dr_value_get(list, i, NULL, &value) ? NULL : value_object(&value);
	o = json_new_object();
	for (size_t m = 0; (key = dr_value_get_member(list, m)); m++)
		if (!dr_value_get(list, i, key, &value) && !value.is_internal)
			json_put(o, key, value_object(&value));
	return o;
}

/* Return the object of a value; NULL, which is null: unknown. */
static json_object *value_object(const struct dr_value *value)
{
	json_object *array;

	if (!value->is_known)
		return NULL;
	switch (value->kind) {
	case DR_KIND_TEXT:
		return json_text(value->text);
	case DR_KIND_NUMBER:
		return json_new_int(value->number);
	case DR_KIND_INDEX:
		return json_index((uint32_t)value->number);
	case DR_KIND_ADDRESS:
		return json_address((uint64_t)value->number);
	case DR_KIND_BOOL:
		return json_new_bool(value->number != 0);
	default:
		array = json_new_array();
		for (size_t i = 0; i < value->n; i++)
			json_append(array, item_object(value, i));
		return array;
	}
}

json_object *connector_object(const struct dr_connector *connector)
{
	const struct dr_type *type = dr_connector_get_type(connector);
	json_object *o = json_new_object();
	struct dr_value value;
	const char *key;

	for (size_t i = 0; (key = dr_type_get_member(type, i)); i++)
		if (!dr_connector_get(connector, key, &value) && !value.is_internal)
			json_put(o, key, value_object(&value));
	return o;
}

static json_object *connectors_head(const struct dr_type *type,
				    const struct dr_list *list)
{
	json_object *head = json_new_object();
	struct dr_value value;
	const char *key;

	json_put_text(head, "schema", "papr.lsslot/1");
	json_put_text(head, "type", type ? dr_type_get_name(type) : NULL);
	for (size_t i = 0; type && (key = dr_type_get_list_member(type, i)); i++)
		if (!dr_list_get(type, list, key, &value) && !value.is_internal)
			json_put(head, key, value_object(&value));
	return head;
}

enum dr_code code_of_open(int err, const char *sysroot)
{
	switch (err) {
	case -ENOMEM:
		return DR_CODE_NO_MEMORY;
	case -EACCES:
	case -EPERM:
		return DR_CODE_NOT_PERMITTED;
	default:
		return sysroot ? DR_CODE_BAD_REQUEST : DR_CODE_KERNEL_REFUSED;
	}
}

json_object *list_error_object(const struct dr *dr, int err)
{
	switch (err) {
	case 0:
		return NULL;
	case -ENOMEM:
		return error_object(DR_CODE_NO_MEMORY, strerror(ENOMEM));
	default:
		return error_object(dr_error_get_code(dr_get_error(dr)),
				    dr_get_error_text(dr));
	}
}

void connectors_print(const struct dr *dr, const struct dr_type *type,
		      struct dr_list *list, enum dr_code code, const char *message)
{
	const struct dr_connector *connector;
	struct json_list json;

	json_list_begin(&json, connectors_head(type, list), "connectors");
	if (list)
		dr_foreach_connector(list, connector)
			json_list_add(&json, connector_object(connector));
	json_list_end(&json, code != DR_CODE_NONE ? error_object(code, message)
			     : list ? list_error_object(dr, dr_list_get_errno(list))
				    : NULL);
}
