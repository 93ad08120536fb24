// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "wire/dlpar_cmd.h"

size_t dlpar_cmd_encode(char *cmd, const struct dlpar_request *request)
{
	const char *action = request->add ? "add" : "remove";
	int len = 0;

	switch (request->form) {
	case DLPAR_BY_INDEX:
		len = snprintf(cmd, DLPAR_CMD_MAX, "%s %s index 0x%08x",
			       request->resource, action, request->drc_index);
		break;
	case DLPAR_BY_COUNT:
		len = snprintf(cmd, DLPAR_CMD_MAX, "%s %s count %u", request->resource,
			       action, request->count);
		break;
	case DLPAR_BY_RANGE:
		len = snprintf(cmd, DLPAR_CMD_MAX, "%s %s indexed-count %u 0x%08x",
			       request->resource, action, request->count,
			       request->drc_index);
		break;
	}
	return (size_t)len;
}

size_t dlpar_cmd_by_index(char *cmd, const char *resource, bool add, uint32_t drc_index)
{
	const struct dlpar_request request = { .resource = resource,
					       .add = add,
					       .drc_index = drc_index };

	return dlpar_cmd_encode(cmd, &request);
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
