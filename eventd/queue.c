// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/common.h"
#include "cli/json_util.h"
#include "eventd/queue.h"

/* Return the type of an event; NULL: unknown. */
static const struct dr_type *queue_type(uint32_t event)
{
	const struct dr_type *type = dr_type_next(NULL);

	while (type && type_row(type)->event != event)
		type = dr_type_next(type);
	return event ? type : NULL;
}

static int queue_parse_which(struct queue_request *request,
			     const struct rtas_hotplug_scn *hp)
{
	switch (hp->identifier) {
	case RTAS_HP_ID_DRC_NAME:
		request->kind = QUEUE_NAME;
		if (!*hp->u1.drc_name || strlen(hp->u1.drc_name) >= QUEUE_NAME_MAX)
			return -ENAMETOOLONG;
		snprintf(request->name, sizeof(request->name), "%s", hp->u1.drc_name);
		return 0;
	case RTAS_HP_ID_DRC_INDEX:
		request->kind = QUEUE_INDEX;
		request->index = hp->u1.drc_index;
		return 0;
	case RTAS_HP_ID_DRC_COUNT:
		request->kind = QUEUE_COUNT;
		request->count = hp->u1.count;
		return 0;
	case RTAS_HP_ID_DRC_COUNT_INDEXED:
		request->kind = QUEUE_COUNT_INDEX;
		request->count = hp->u1.indexed.count;
		request->index = hp->u1.indexed.drc_index;
		return 0;
	default:
		return -ENOTSUP;
	}
}

int queue_parse(struct queue_request *request, const struct rtas_hotplug_scn *hp)
{
	*request = (struct queue_request){
		.type = queue_type(hp->type),
		.action = hp->action == RTAS_HP_ACTION_ADD	? DR_ADD
			  : hp->action == RTAS_HP_ACTION_REMOVE ? DR_REMOVE
								: DR_NO_ACTION,
	};
	return request->type && request->action ? queue_parse_which(request, hp)
						: -ENOTSUP;
}

static bool queue_is_same(const struct queue_request *a, const struct queue_request *b)
{
	return a->type == b->type && a->kind == b->kind && a->kind != QUEUE_COUNT &&
	       a->index == b->index && a->count == b->count && !strcmp(a->name, b->name);
}

int queue_add(struct queue *queue, int slot, const struct queue_request *request)
{
	int replaced = -1;

	for (int i = 0; i < EVENT_SLOTS; i++) {
		if (!queue->requests[i].is_used || queue->requests[i].is_running ||
		    !queue_is_same(&queue->requests[i], request))
			continue;
		replaced = i;
		queue_remove(queue, i);
	}
	queue->requests[slot] = *request;
	queue->requests[slot].is_used = true;
	queue->requests[slot].order = queue->next_order++;
	return replaced;
}

bool queue_again(struct queue *queue, int slot)
{
	struct queue_request *request = &queue->requests[slot];

	request->is_running = false;
	for (int i = 0; i < EVENT_SLOTS; i++)
		if (i != slot && queue->requests[i].is_used &&
		    queue_is_same(&queue->requests[i], request)) {
			queue_remove(queue, slot);
			return true;
		}
	return false;
}

/* Return true if a worker has this request, or one for the same connector. */
static bool queue_is_running(const struct queue *queue,
			     const struct queue_request *request)
{
	for (int i = 0; i < EVENT_SLOTS; i++)
		if (queue->requests[i].is_running &&
		    (request->is_running || queue_is_same(&queue->requests[i], request)))
			return true;
	return false;
}

int queue_next(const struct queue *queue, int64_t now_ms, int64_t *wait_ms)
{
	int next = -1;

	*wait_ms = -1;
	for (int i = 0; i < EVENT_SLOTS; i++) {
		const struct queue_request *r = &queue->requests[i];
		int64_t wait = r->not_before > now_ms ? r->not_before - now_ms : 0;

		if (!r->is_used || queue_is_running(queue, r))
			continue;
		if (*wait_ms < 0 || wait < *wait_ms)
			*wait_ms = wait;
		if (!wait && (next < 0 || r->order < queue->requests[next].order))
			next = i;
	}
	return next;
}

void queue_remove(struct queue *queue, int slot)
{
	queue->requests[slot] = (struct queue_request){ 0 };
}

void queue_describe(const struct queue_request *request, char *text, size_t size)
{
	const char *action = dr_action_name(request->action),
		   *type = dr_type_get_name(request->type);

	switch (request->kind) {
	case QUEUE_NAME:
		snprintf(text, size, "%s %s '%s'", action, type, request->name);
		break;
	case QUEUE_INDEX:
		snprintf(text, size, "%s %s 0x%08x", action, type, request->index);
		break;
	case QUEUE_COUNT:
		snprintf(text, size, "%s %s count %u", action, type, request->count);
		break;
	case QUEUE_COUNT_INDEX:
		snprintf(text, size, "%s %s count %u from 0x%08x", action, type,
			 request->count, request->index);
		break;
	}
}

json_object *queue_object(const struct queue_request *request)
{
	json_object *object = json_new_object();
	bool has_count =
		request->kind == QUEUE_COUNT || request->kind == QUEUE_COUNT_INDEX;
	bool has_index =
		request->kind == QUEUE_INDEX || request->kind == QUEUE_COUNT_INDEX;

	json_put_text(object, "action", dr_action_name(request->action));
	json_put_text(object, "type", dr_type_get_name(request->type));
	json_put_text(object, "name", *request->name ? request->name : NULL);
	json_put(object, "index", has_index ? json_index(request->index) : NULL);
	json_put(object, "count", has_count ? json_new_int(request->count) : NULL);
	json_put_bool(object, "running", request->is_running);
	json_put_int(object, "tries", request->tries);
	json_put_text(object, "problem", *request->why ? request->why : NULL);
	return object;
}
