// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/event_source.h"

enum {
	READ_BYTES = 65536, /* must exceed a record: the kernel rejects shorter reads */
	LINE_LIMIT = 1 << 20,
};

void event_source_init(struct event_source *source, const struct event_bytes *from,
		       enum event_form form)
{
	*source = (struct event_source){ .from = *from,
					 .form = form,
					 .record = EVENT_RECORD_BYTES };
}

void event_source_free(struct event_source *source)
{
	event_dump_free(&source->dump);
	free(source->buf);
	source->buf = NULL;
}

static uint8_t *event_source_rest(const struct event_source *source)
{
	return source->buf ? source->buf + source->pos : NULL;
}

static size_t event_source_rest_len(const struct event_source *source)
{
	return source->len - source->pos;
}

/* Skip n bytes, some of which may not have been read yet. */
static void event_source_consume(struct event_source *source, size_t n)
{
	size_t here =
		n < event_source_rest_len(source) ? n : event_source_rest_len(source);

	source->pos += here;
	source->offset += here;
	source->skip += n - here;
}

static int event_source_make_room(struct event_source *source)
{
	size_t room = event_source_rest_len(source) + READ_BYTES;
	uint8_t *buf;

	if (source->pos) {
		memmove(source->buf, event_source_rest(source),
			event_source_rest_len(source));
		source->len -= source->pos;
		source->pos = 0;
	}
	if (room <= source->room)
		return 0;
	buf = realloc(source->buf, 2 * room);
	if (!buf)
		return -ENOMEM;
	source->buf = buf;
	source->room = 2 * room;
	return 0;
}

static void event_source_skip(struct event_source *source)
{
	size_t n = source->skip;

	source->skip = 0;
	event_source_consume(source, n);
}

/* Read more input. Return 1 if there was more, 0 at the end, or a negative errno. */
static int event_source_read_more(struct event_source *source)
{
	int64_t n;

	if (source->ended)
		return 0;
	if (event_source_make_room(source))
		return -ENOMEM;
	n = source->from.read(source->from.priv, source->buf + source->len, READ_BYTES);
	if (n < 0)
		return (int)n;
	if (n == 0)
		source->ended = true;
	else if (source->from.records && !source->offset && !source->len &&
		 n > EVENT_SEQ_BYTES)
		source->record = (size_t)n;
	source->len += (size_t)n;
	event_source_skip(source);
	return n > 0;
}

/* Detect the form as early as possible: the next bytes may arrive much later. */
static int event_source_detect(struct event_source *source)
{
	int more = 1;

	while (more > 0 && source->form == EVENT_FORM_AUTO) {
		more = event_source_read_more(source);
		if (more >= 0)
			source->form = event_form_detect(event_source_rest(source),
							 event_source_rest_len(source),
							 source->ended);
	}
	return more < 0 ? more : 0;
}

static void event_source_fill_item(struct event_item *item, uint8_t *bytes,
				   const struct event_found *found, uint64_t offset)
{
	*item = (struct event_item){ .bytes = found->len ? bytes + found->start : NULL,
				     .len = found->len,
				     .seq = found->seq,
				     .offset = offset };
	memcpy(item->problem, found->problem, sizeof(item->problem));
}

/* Skip what is no event after a bad one. Return 1 if nothing else is buffered, 0 if not, or
 * -EBADMSG if there is too much of it. */
static int event_source_skip_bad(struct event_source *source)
{
	size_t n = event_form_find(event_source_rest(source),
				   event_source_rest_len(source), source->ended);

	source->bad += n;
	event_source_consume(source, n);
	if (source->bad >= EVENT_BAD_LIMIT)
		return -EBADMSG;
	if (event_source_rest_len(source) < EVENT_FIND_BYTES)
		return 1;
	source->is_bad = false;
	return 0;
}

/* Skip zeros between events, also those that the file system does not store. */
static void event_source_skip_zeros(struct event_source *source, size_t n)
{
	event_source_consume(source, n);
	if (!event_source_rest_len(source) && source->from.skip_hole)
		source->offset += source->from.skip_hole(source->from.priv);
}

static int event_source_next_in_bytes(struct event_source *source,
				      struct event_item *item)
{
	bool is_bare = source->form == EVENT_FORM_BARE;
	struct event_found found;

	for (;;) {
		int more = source->is_bad ? event_source_skip_bad(source) : 0;

		if (more < 0)
			return more;
		if (!more && event_form_split(source->form, source->record,
					      event_source_rest(source),
					      event_source_rest_len(source),
					      source->ended, &found))
			break;
		if (source->ended)
			return 0;
		if (!more && is_bare)
			event_source_skip_zeros(source, found.start);
		/* At the end of the input, the remaining bytes are split differently. */
		more = event_source_read_more(source);
		if (more < 0)
			return more;
	}
	source->is_bad = is_bare && found.problem[0];
	if (!found.problem[0])
		source->bad = 0;
	event_source_fill_item(item, event_source_rest(source), &found,
			       source->offset + found.start);
	event_source_consume(source, found.consumed);
	return 1;
}

/* Return the event between "begin" and "end", which is exactly one. */
static int event_source_next_marked(struct event_source *source, struct event_item *item)
{
	const struct event_dump *dump = &source->dump;
	struct event_found found;

	source->dumped = false;
	if (!event_form_split(EVENT_FORM_BARE, 0, dump->bytes, dump->len, true, &found)) {
		found = (struct event_found){ .len = dump->len };
		snprintf(found.problem, sizeof(found.problem),
			 "no event between its begin and end lines");
	}
	found.seq = dump->seq;
	event_source_fill_item(item, dump->bytes, &found, dump->first);
	return 1;
}

/* Return the next event of a dump in hex, which has the format of a binary file. */
static int event_source_next_loose(struct event_source *source, struct event_item *item)
{
	const struct event_dump *dump = &source->dump;
	enum event_form form = event_form_detect(dump->bytes, dump->len, true);
	uint8_t *bytes = dump->bytes + source->dump_pos;
	size_t len = dump->len - source->dump_pos;
	struct event_found found;

	if (!event_form_split(form, EVENT_RECORD_BYTES, bytes, len, true, &found)) {
		source->dumped = false;
		return 0;
	}
	event_source_fill_item(item, bytes, &found, dump->first);
	source->dump_pos += found.consumed < len ? found.consumed : len;
	return 1;
}

/* Read one line, including zero bytes. Return 1, or 0 at the end. */
static int event_source_read_line(struct event_source *source, size_t *len)
{
	const uint8_t *lf = NULL;
	size_t seen = 0;
	int more = 1;

	while (more > 0 && !lf && seen < LINE_LIMIT) {
		if (event_source_rest_len(source) > seen)
			lf = memchr(event_source_rest(source) + seen, '\n',
				    event_source_rest_len(source) - seen);
		seen = event_source_rest_len(source);
		if (!lf)
			more = event_source_read_more(source);
	}
	if (more < 0)
		return more;
	*len = lf ? (size_t)(lf - event_source_rest(source))
		  : event_source_rest_len(source);
	return lf || *len > 0;
}

/* Read lines until a dump is complete. Return 1, or 0 at the end. */
static int event_source_read_dump(struct event_source *source)
{
	struct event_dump *dump = &source->dump;
	size_t len;
	int found;

	while ((found = event_source_read_line(source, &len)) > 0) {
		int done = event_dump_line(dump, (const char *)event_source_rest(source),
					   len, source->offset);

		if (done < 0)
			return done;
		if (done != EVENT_DUMP_FULL)
			event_source_consume(source, len < event_source_rest_len(source)
							     ? len + 1
							     : len);
		if (done != EVENT_DUMP_MORE)
			return 1;
	}
	if (found < 0 || dump->done || (!dump->marked && !dump->len))
		return found;
	dump->done = true;
	return 1;
}

static int event_source_next_in_text(struct event_source *source, struct event_item *item)
{
	int found = 0;

	while (!found) {
		if (!source->dumped) {
			found = event_source_read_dump(source);
			if (found <= 0)
				return found;
			source->dumped = true;
			source->dump_pos = 0;
		}
		found = source->dump.seq >= 0 ? event_source_next_marked(source, item)
					      : event_source_next_loose(source, item);
	}
	return found;
}

int event_source_next(struct event_source *source, struct event_item *item)
{
	if (source->form == EVENT_FORM_AUTO) {
		int err = event_source_detect(source);

		if (err)
			return err;
	}
	return source->form == EVENT_FORM_TEXT ? event_source_next_in_text(source, item)
					       : event_source_next_in_bytes(source, item);
}
