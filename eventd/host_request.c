// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/common.h"
#include "eventd/host_request.h"

/* Return the type of an event; NULL: unknown. */
static const struct dr_type *host_request_type(uint32_t event)
{
	const struct dr_type *type = dr_type_next(NULL);

	while (type && type_row(type)->event != event)
		type = dr_type_next(type);
	return event ? type : NULL;
}

int host_request_parse(struct host_request *request, const struct rtas_hotplug_scn *hp)
{
	*request = (struct host_request){
		.type = host_request_type(hp->type),
		.action = hp->action == RTAS_HP_ACTION_ADD	? DR_ADD
			  : hp->action == RTAS_HP_ACTION_REMOVE ? DR_REMOVE
								: DR_NO_ACTION,
		.has_index = hp->identifier == RTAS_HP_ID_DRC_INDEX ||
			     hp->identifier == RTAS_HP_ID_DRC_COUNT_INDEXED,
		.has_count = hp->identifier == RTAS_HP_ID_DRC_COUNT ||
			     hp->identifier == RTAS_HP_ID_DRC_COUNT_INDEXED,
	};
	if (!request->type || !request->action)
		return -ENOTSUP;
	switch (hp->identifier) {
	case RTAS_HP_ID_DRC_NAME:
		if (!*hp->u1.drc_name || strlen(hp->u1.drc_name) >= REQUEST_NAME_MAX)
			return -ENAMETOOLONG;
		snprintf(request->name, REQUEST_NAME_MAX, "%s", hp->u1.drc_name);
		return 0;
	case RTAS_HP_ID_DRC_INDEX:
		request->index = hp->u1.drc_index;
		return 0;
	case RTAS_HP_ID_DRC_COUNT:
		request->count = hp->u1.count;
		return 0;
	case RTAS_HP_ID_DRC_COUNT_INDEXED:
		request->count = hp->u1.indexed.count;
		request->index = hp->u1.indexed.drc_index;
		return 0;
	default:
		return -ENOTSUP;
	}
}

bool host_request_is_same(const struct host_request *a, const struct host_request *b)
{
	return a->type == b->type && (a->has_index || *a->name) &&
	       a->has_index == b->has_index && a->has_count == b->has_count &&
	       a->index == b->index && a->count == b->count && !strcmp(a->name, b->name);
}

bool host_request_is_of_card(const struct host_request *request)
{
	return request->has_index && !request->has_count &&
	       type_is(request->type, TYPE_CARDS);
}

void host_request_describe(const struct host_request *request,
			   char text[REQUEST_TEXT_MAX])
{
	int n = snprintf(text, REQUEST_TEXT_MAX, "%s %s", dr_action_name(request->action),
			 dr_type_get_name(request->type));
	char *rest = text + n;
	size_t size = (size_t)(REQUEST_TEXT_MAX - n);

	if (*request->name)
		snprintf(rest, size, " '%s'", request->name);
	else if (!request->has_count)
		snprintf(rest, size, " 0x%08x", request->index);
	else if (!request->has_index)
		snprintf(rest, size, " count %u", request->count);
	else
		snprintf(rest, size, " count %u from 0x%08x", request->count,
			 request->index);
}
