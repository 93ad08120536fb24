// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/core/type.h"
#include "kern/text.h"

int request_refuse(char **text, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	*text = vtext_of(fmt, ap);
	va_end(ap);
	return -EINVAL;
}

int request_check_action(const struct dr_request *request, const char *message,
			 char **text)
{
	return dr_type_allows(request->type, request->action) || request->has_until
		       ? 0
		       : request_refuse(text, "%s", message);
}

int request_check_backend(const struct dr_request *request, const char *name,
			  const char *use, char **text)
{
	const char *backend = request->backend;

	return !backend || !strcmp(backend, "auto") || !strcmp(backend, name)
		       ? 0
		       : request_refuse(text, "--backend %s is invalid for %s: %s",
					backend, request->type->name, use);
}

void value_set_text(struct dr_value *value, const char *text)
{
	value->text = text;
	value->is_known = text;
}

void value_set_number(struct dr_value *value, int64_t number)
{
	value->number = number;
	value->is_known = true;
}

void value_set_list(struct dr_value *value, size_t n)
{
	value->n = n;
	value->is_known = true;
}

void value_set_node(struct dr_value *value, const char *path)
{
	value->object = path;
	value_set_list(value, path ? 1 : 0);
}

static void node_get_path(const void *object, size_t i, struct dr_value *value)
{
	(void)i;
	value_set_text(value, object);
}

static void node_get_nothing(const void *object, size_t i, struct dr_value *value)
{
	(void)object;
	(void)i;
	(void)value;
}

const struct dr_member connector_node_members[] = {
	{ .key = "node", .get = node_get_path },
	{ .key = "linux", .get = node_get_nothing },
	{ .key = "driver", .get = node_get_nothing },
	{ 0 },
};
