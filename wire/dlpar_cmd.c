// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "wire/dlpar_cmd.h"

size_t dlpar_cmd_by_index(char *cmd, const char *resource, bool add, uint32_t drc_index)
{
	return (size_t)snprintf(cmd, DLPAR_CMD_MAX, "%s %s index 0x%08x", resource,
				add ? "add" : "remove", drc_index);
}

bool dlpar_list_has(const char *list, const char *resource)
{
	size_t want = strlen(resource), len;

	for (;; list += len + 1) {
		len = strcspn(list, ",\n");
		if (len == want && !memcmp(list, resource, len))
			return true;
		if (list[len] != ',')
			return false;
	}
}
