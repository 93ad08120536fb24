// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/types/types.h"

const struct dr_type *dr_type_next(const struct dr_type *type)
{
	size_t i = 0;

	while (type && dr_types[i] != type)
		i++;
	return dr_types[type ? i + 1 : 0];
}

const struct dr_type *dr_type_by_name(const char *name)
{
	const struct dr_type *type;

	dr_foreach_type(type)
		if (!strcmp(type->name, name))
			return type;
	return NULL;
}

const char *dr_type_get_name(const struct dr_type *type)
{
	return type->name;
}

const char *dr_type_get_title(const struct dr_type *type)
{
	return type->title;
}

const char *dr_type_get_usage(const struct dr_type *type)
{
	return type->usage;
}

bool dr_type_has_connectors(const struct dr_type *type)
{
	return type->list;
}

bool dr_type_allows(const struct dr_type *type, enum dr_action action)
{
	return (unsigned int)action < 32 && type->actions >> action & 1;
}
