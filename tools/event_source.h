/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_source.h - read events one by one, from any form of input
 *
 * Memory:  a source buffers input that was not returned yet, at most about 1 MiB. An item
 *          points into the buffer and is valid until the next call.
 * Errors:  negative errno, of reading or -ENOMEM. Bytes that are not an event become an
 *          item with a problem.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/event_dump.h"
#include "tools/event_form.h"

enum { EVENT_BAD_LIMIT = 16 << 20 };

/* The input of a source. */
struct event_bytes {
	/* Read at most len bytes. Return their number, 0 if no more are available now, or
	 * a negative errno. */
	int64_t (*read)(void *priv, void *buf, size_t len);
	void *priv;
	bool records; /* each read returns one record of the kernel */
	/* Skip zeros that are not stored; return their number. NULL: not possible. */
	uint64_t (*skip_hole)(void *priv);
};

struct event_source {
	struct event_bytes from;
	enum event_form form;
	size_t record; /* bytes in a record of the kernel */

	uint8_t *buf; /* [pos, len) was not parsed yet */
	size_t pos, len, room;
	size_t skip;	 /* padding that was not read yet, bytes */
	uint64_t offset; /* offset of buf[pos] in the input */
	bool ended;
	bool is_bad;  /* find the next event of the bare form */
	uint64_t bad; /* bytes that are no event since the last one */

	struct event_dump dump;
	bool dumped; /* the dump is complete and parsed up to dump_pos */
	size_t dump_pos;
};

struct event_item {
	uint8_t *bytes;
	size_t len;
	int64_t seq;	 /* -1: the input has none */
	uint64_t offset; /* in the input; for text, of the event's first line */
	char problem[80];
};

/* Initialize a source. form: EVENT_FORM_AUTO, or the known form of the input. */
void event_source_init(struct event_source *source, const struct event_bytes *from,
		       enum event_form form);
void event_source_free(struct event_source *source);

/* Read the next event. Return 1 and *item, 0 at the end, or a negative errno. -EBADMSG: there
 * was none in EVENT_BAD_LIMIT bytes of the bare form, except for zeros. */
int event_source_next(struct event_source *source, struct event_item *item);
