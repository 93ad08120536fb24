// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>

#include "vmm/events/events.h"
#include "vmm/state/state.h"

/* Limits of papr_vmm_inject_event(): a header, and not more than RTAS announces. */
enum { LOG_MIN = 8, LOG_MAX = 2048 };

static void save(const struct papr_vmm *vmm, struct builder *b)
{
	builder_be32(b, events_of(vmm)->next_plid);
	for (const struct event *e = events_of(vmm)->head; e; e = e->next) {
		builder_be32(b, (uint32_t)e->len);
		builder_bytes(b, e->log, e->len);
	}
}

static void discard(void *loaded)
{
	events_clear(loaded);
	free(loaded);
}

/* Append the next log to the queue. */
static int load_event(struct event_queue *q, struct cursor *c)
{
	size_t len = cursor_be32(c);
	const uint8_t *log = cursor_bytes(c, len);
	struct event *e;

	if (!log || len < LOG_MIN || len > LOG_MAX)
		return -EBADMSG;
	e = malloc(sizeof(*e) + len);
	if (!e)
		return -ENOMEM;
	e->next = NULL;
	e->len = len;
	memcpy(e->log, log, len);
	*q->tail = e;
	q->tail = &e->next;
	return 0;
}

static int load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		struct papr_error *error)
{
	struct event_queue *q = malloc(sizeof(*q));
	int err = 0;

	(void)vmm, (void)error;
	if (!q)
		return -ENOMEM;
	events_init(q);
	q->next_plid = cursor_be32(c);
	while (!err && cursor_left(c))
		err = load_event(q, c);
	if (c->err)
		err = -EBADMSG;
	if (err)
		discard(q);
	else
		*loaded = q;
	return err;
}

static void apply(struct papr_vmm *vmm, void *loaded)
{
	const struct event_queue *q = loaded;

	events_clear(events_of(vmm));
	*events_of(vmm) = *q;
	if (!q->head)
		events_of(vmm)->tail = &events_of(vmm)->head;
	free(loaded);
}

const struct state_section state_events = {
	.tag = "EVNT", .save = save, .load = load, .apply = apply, .discard = discard
};
