// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/keyval.h"
#include "vmm/server/qmp_call.h"

static void set_words(struct qmp_call *call, const char *class, const char *format,
		      va_list ap) __attribute__((format(printf, 3, 0)));

static void set_words(struct qmp_call *call, const char *class, const char *format,
		      va_list ap)
{
	if (call->error)
		return;
	call->class = class;
	if (vasprintf(&call->error, format, ap) < 0)
		call->error = NULL;
}

int qmp_fail(struct qmp_call *call, int err, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	set_words(call, "GenericError", format, ap);
	va_end(ap);
	return err;
}

int qmp_fail_class(struct qmp_call *call, const char *class, int err, const char *format,
		   ...)
{
	va_list ap;

	va_start(ap, format);
	set_words(call, class, format, ap);
	va_end(ap);
	return err;
}

int qmp_fail_machine(struct qmp_call *call, struct papr_error *error, int err)
{
	bool not_found = error->kind == PAPR_ERROR_DEVICE_NOT_FOUND;

	if (err)
		qmp_fail_class(call, not_found ? "DeviceNotFound" : "GenericError", err,
			       "%s", error->text ? error->text : strerror(-err));
	papr_error_clear(error);
	return err;
}

/* ---- Checking --------------------------------------------------------------------------- */

static bool has_type(json_object *value, enum qmp_type type)
{
	json_type is = json_object_get_type(value);

	switch (type) {
	case QMP_STRING:
		return is == json_type_string;
	case QMP_INT:
		return is == json_type_int;
	case QMP_BOOL:
		return is == json_type_boolean;
	case QMP_ARRAY:
		return is == json_type_array;
	default:
		return is == json_type_int || is == json_type_string;
	}
}

static const char *type_name(enum qmp_type type)
{
	static const char *const names[] = { [QMP_STRING] = "string",
					     [QMP_INT] = "integer",
					     [QMP_BOOL] = "boolean",
					     [QMP_ARRAY] = "array",
					     [QMP_INDEX] = "integer" };

	return names[type];
}

static int check_parameter(struct qmp_call *call, const struct qmp_parameter *parameter)
{
	json_object *value;

	if (!json_object_object_get_ex(call->arguments, parameter->name, &value)) {
		if (parameter->optional)
			return 0;
		return qmp_fail(call, -EINVAL, "Parameter '%s' is missing",
				parameter->name);
	}
	if (!has_type(value, parameter->type))
		return qmp_fail(call, -EINVAL,
				"Invalid parameter type for '%s', expected: %s",
				parameter->name, type_name(parameter->type));
	return 0;
}

int qmp_check(struct qmp_call *call, const struct qmp_parameter *parameters)
{
	const struct qmp_parameter *row;

	for (row = parameters; row->name; row++)
		if (check_parameter(call, row))
			return -EINVAL;
	json_object_object_foreach(call->arguments, name, value)
	{
		(void)value;
		for (row = parameters; row->name && strcmp(row->name, name); row++)
			continue;
		if (!row->name)
			return qmp_fail(call, -EINVAL, "Parameter '%s' is unexpected",
					name);
	}
	return 0;
}

/* ---- Arguments ----------------------------------------------------------------------------- */

static json_object *get(const struct qmp_call *call, const char *name)
{
	json_object *value = NULL;

	json_object_object_get_ex(call->arguments, name, &value);
	return value;
}

bool qmp_has(const struct qmp_call *call, const char *name)
{
	return json_object_object_get_ex(call->arguments, name, NULL);
}

const char *qmp_string(const struct qmp_call *call, const char *name)
{
	json_object *value = get(call, name);

	return value ? json_object_get_string(value) : NULL;
}

int64_t qmp_int(const struct qmp_call *call, const char *name)
{
	return json_object_get_int64(get(call, name));
}

bool qmp_bool(const struct qmp_call *call, const char *name)
{
	return json_object_get_boolean(get(call, name));
}

json_object *qmp_array(const struct qmp_call *call, const char *name)
{
	return get(call, name);
}

int qmp_u32(struct qmp_call *call, const char *name, uint32_t *out)
{
	int64_t value = qmp_int(call, name);

	if (value < 0 || value > UINT32_MAX)
		return qmp_fail(call, -EINVAL, "Parameter '%s' expects uint32", name);
	*out = (uint32_t)value;
	return 0;
}

int qmp_index(struct qmp_call *call, const char *name, uint32_t *out)
{
	json_object *value = get(call, name);

	if (!json_object_is_type(value, json_type_string))
		return qmp_u32(call, name, out);
	if (word_u32(json_object_get_string(value), out))
		return qmp_fail(call, -EINVAL, "Parameter '%s' expects uint32", name);
	return 0;
}
