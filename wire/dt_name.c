// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "wire/dt_name.h"

static bool dt_component_is_ok(const char *name, size_t len)
{
	if (!len || len > DT_NAME_MAX || !strncmp(name, "..", len))
		return false;

	for (size_t i = 0; i < len; i++)
		if (name[i] <= ' ' || name[i] > '~' || name[i] == '/')
			return false;
	return true;
}

bool dt_name_is_ok(const char *name)
{
	return dt_component_is_ok(name, strlen(name));
}

bool dt_path_is_ok(const char *path)
{
	if (!strcmp(path, "/"))
		return true;

	do {
		size_t len;

		if (*path != '/')
			return false;
		path++;
		len = strcspn(path, "/");
		if (!dt_component_is_ok(path, len))
			return false;
		path += len;
	} while (*path);

	return true;
}

const char *const dt_handle_names[DT_HANDLE_NAMES] = { "phandle", "linux,phandle",
						       "ibm,phandle" };

bool dt_name_is_handle(const char *name)
{
	for (int i = 0; i < DT_HANDLE_NAMES; i++)
		if (!strcmp(name, dt_handle_names[i]))
			return true;
	return false;
}

size_t dt_base_name_len(const char *name)
{
	return strcspn(name, "@");
}

bool dt_name_is_later_function(const char *name)
{
	const char *at = strrchr(name, '@');

	return at && strchr(at, ',');
}

bool dt_name_is_controller(const char *name)
{
	static const char controller[] = "interrupt-controller";

	return !strncmp(name, controller, strlen(controller));
}
