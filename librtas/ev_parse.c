// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>

#include "librtas/ev.h"

enum { NO_NUMBER = -1 };

/* The end of the section list. Searching it for each section would be slow for a log with
 * many small sections. */
struct ev_list {
	struct rtas_event *re;
	struct scn_header **tail;
};

static struct ev_list ev_list_of(struct rtas_event *re)
{
	struct ev_list list = { re, &re->event_scns };

	while (*list.tail)
		list.tail = &(*list.tail)->next;
	return list;
}

static void ev_list_append(struct ev_list *list, struct scn_header *scn, size_t at)
{
	scn->re = list->re;
	scn->raw_offset = (uint32_t)at;
	*list->tail = scn;
	list->tail = &scn->next;
}

static size_t ev_offset(const struct rtas_event *re, const void *at)
{
	return (size_t)((const char *)at - re->buffer);
}

/* Add a part of every event, len bytes at offset at. Return it, or NULL with *err. */
static struct scn_header *ev_list_add_part(struct ev_list *list, int scn_id, size_t at,
					   size_t len, int *err)
{
	struct rtas_event *re = list->re;
	struct event_section part = { .bytes = (const uint8_t *)re->buffer + at,
				      .len = len };
	struct scn_header *scn = NULL;

	*err = at + len > re->event_length ? -EBADMSG
					   : ev_make(scn_id, re->version, &part, &scn);
	if (*err)
		return NULL;
	ev_list_append(list, scn, at);
	re->offset = (uint32_t)(at + len);
	return scn;
}

static int ev_list_add_section(struct ev_list *list, int scn_id,
			       const struct event_section *s)
{
	struct scn_header *scn;
	int err = ev_make(scn_id, EV_VERSION_6, s, &scn);

	if (err)
		return err;

	ev_list_append(list, scn, ev_offset(list->re, s->bytes));
	list->re->offset = (uint32_t)ev_offset(list->re, s->bytes + s->len);
	return 0;
}

/* Add the next section. Return 1 << scn_id, or an error. At an invalid section, the
 * iterator does not move. */
static int ev_list_add_next(struct ev_list *list, struct event_section_iter *it)
{
	struct event_section_iter before = *it;
	struct event_section s;
	int scn_id, err = event_sections_next(it, &s);

	if (err < 0)
		return err;
	scn_id = ev_scn_id_of(s.id);
	err = ev_list_add_section(list, scn_id, &s);
	if (err)
		*it = before;
	return err ? err : 1 << scn_id;
}

/* Add all sections. Without PH and UH, the event is rejected, because users rely on them.
 * An invalid section after them is kept as bytes, so that it does not make the event
 * unusable. */
static int ev_list_add_sections(struct ev_list *list, struct event_section_iter *it)
{
	const int both = 1 << RTAS_PRIV_HDR_SCN | 1 << RTAS_USR_HDR_SCN;
	struct event_section rest;
	int seen = 0, got = 0;

	while (got >= 0 && cursor_left(&it->c) >= EVENT_SECTION_HEAD_BYTES) {
		got = ev_list_add_next(list, it);
		seen |= got > 0 ? got : 0;
	}
	if (got == -EBADMSG && (seen & both) == both && event_sections_rest(it, &rest))
		got = ev_list_add_section(list, RTAS_GENERIC_SCN, &rest);
	if (got >= 0 && cursor_left(&it->c) && (seen & both) != both)
		return -EBADMSG;
	return got < 0 ? got : 0;
}

int ev_parse_v6(struct rtas_event *re)
{
	struct ev_list list = ev_list_of(re);
	struct event_section_iter it;

	if (!event_is_ibm(re->buffer, re->event_length))
		return -EFAULT;
	if (event_sections_begin(&it, re->buffer, re->event_length))
		return -EBADMSG;

	re->offset = (uint32_t)ev_offset(re, it.c.p);
	return ev_list_add_sections(&list, &it);
}

/* Add a section from the body. A body that is too short for it is not an error. */
static int ev_list_add_body(struct ev_list *list, int scn_id, struct cursor *c)
{
	size_t at = ev_offset(list->re, c->p);
	struct scn_header *scn;
	int err = ev_make_from_body(scn_id, c, &scn);

	if (err)
		return err == -EBADMSG ? 0 : err;

	ev_list_append(list, scn, at);
	list->re->offset = (uint32_t)ev_offset(list->re, c->p);
	return 0;
}

static int ev_parse_v4(struct ev_list *list, uint8_t format)
{
	struct rtas_event *re = list->re;
	struct cursor c =
		cursor_of(re->buffer + re->offset, re->event_length - re->offset);
	int err, scn_id = ev_scn_id_of_format(format);

	if (scn_id < 0)
		return -EFAULT;

	err = ev_list_add_body(list, scn_id, &c);
	if (!err && cursor_left(&c))
		err = ev_list_add_body(list, RTAS_VEND_ERRLOG_SCN, &c);
	return err;
}

static int ev_parse(struct rtas_event *re, const struct event_fixed *fixed)
{
	struct ev_list list = ev_list_of(re);
	const struct rtas_event_exthdr *ext;
	int err;

	if (!ev_list_add_part(&list, RTAS_EVENT_HDR, 0, EVENT_FIXED_BYTES, &err) ||
	    !fixed->extended)
		return err;
	ext = (void *)ev_list_add_part(&list, RTAS_EVENT_EXT_HDR, EVENT_FIXED_BYTES,
				       EVENT_EXTENDED_BYTES, &err);
	if (!ext)
		return err;
	return re->version == EV_VERSION_6
		       ? ev_parse_v6(re)
		       : ev_parse_v4(&list, (uint8_t)ext->format_type);
}

/* Return the length of the event, or 0 if it is longer than the buffer. */
static uint32_t ev_parse_length(const struct event_fixed *fixed, int buflen)
{
	uint64_t len = EVENT_FIXED_BYTES + (uint64_t)fixed->length;

	if (fixed->type == EVENT_TYPE_PRRN && !fixed->extended)
		return EVENT_FIXED_BYTES;
	return len > (uint64_t)buflen ? 0 : (uint32_t)len;
}

int ev_errno(int err)
{
	return err == -EBADMSG ? EINVAL : -err;
}

struct rtas_event *parse_rtas_event(char *buf, int buflen)
{
	struct event_fixed fixed;
	struct rtas_event *re;
	uint32_t len;
	int err;

	if (!buf || buflen < 0 || event_fixed_decode(&fixed, buf, (size_t)buflen) ||
	    !(len = ev_parse_length(&fixed, buflen))) {
		errno = EINVAL;
		return NULL;
	}
	re = calloc(1, sizeof(*re));
	if (!re)
		return NULL;

	re->version = fixed.version;
	re->event_no = NO_NUMBER;
	re->buffer = buf;
	re->event_length = len;
	err = ev_parse(re, &fixed);
	if (err) {
		cleanup_rtas_event(re);
		errno = ev_errno(err);
		return NULL;
	}
	return re;
}

int cleanup_rtas_event(struct rtas_event *re)
{
	struct scn_header *scn = re ? re->event_scns : NULL;

	while (scn) {
		struct scn_header *next = scn->next;

		ev_free(scn);
		scn = next;
	}
	free(re);
	return 0;
}
