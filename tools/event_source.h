/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_source.h - one event after the other, whatever form they come in
 *
 * Memory:  a source keeps what it has not given yet, at most about 1 MiB; an item points
 *          into it until the next call.
 * Errors:  negative errno; those of reading, and -ENOMEM. What is no event is an item
 *          with a problem.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/event_dump.h"
#include "tools/event_form.h"

/* Where bytes come from. */
struct event_bytes {
	/* How many of len bytes were read; 0: there are no more, now; negative errno. */
	int64_t (*read)(void *priv, void *buf, size_t len);
	void *priv;
	bool records; /* each read gives one record of the kernel */
};

struct event_source {
	struct event_bytes from;
	enum event_form form;
	size_t record; /* bytes in a record of the kernel */

	uint8_t *buf; /* [pos, len) is still to be looked at */
	size_t pos, len, room;
	size_t skip;	 /* bytes not yet read that mean nothing */
	uint64_t offset; /* of buf[pos] in what was read */
	bool ended;

	struct event_dump dump;
	bool dumped; /* its bytes are complete and looked at up to dump_pos */
	size_t dump_pos;
};

struct event_item {
	uint8_t *bytes;
	size_t len;
	int64_t seq;	 /* -1: the input has none */
	uint64_t offset; /* in the input; in text, of the line where it begins */
	char problem[80];
};

/* form: EVENT_FORM_AUTO, or what the input is known to be. */
void event_source_init(struct event_source *source, const struct event_bytes *from,
		       enum event_form form);
void event_source_free(struct event_source *source);

/* 1: *item. 0: no more. Negative errno. */
int event_source_next(struct event_source *source, struct event_item *item);
