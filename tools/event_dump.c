// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/event_dump.h"

/* Kind of a line. */
enum kind {
	OTHER, /* not part of a dump */
	BEGIN,
	END,
	MARKED_HEX, /* "RTAS I:" before it */
	LOOSE_HEX,
};

/* Remaining part of a line. */
struct rest {
	const char *p, *end;
};

enum { BYTES_LIMIT = 1 << 20 };

static int event_dump_hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

static void event_dump_skip_blanks(struct rest *rest)
{
	while (rest->p < rest->end && (*rest->p == ' ' || *rest->p == '\t'))
		rest->p++;
}

static bool event_dump_contains(struct rest rest, const char *word)
{
	return memmem(rest.p, (size_t)(rest.end - rest.p), word, strlen(word)) != NULL;
}

/* Read a decimal number. Return -1 if the text has none. Larger numbers become
 * UINT32_MAX. */
static int64_t event_dump_read_number(struct rest *rest)
{
	int64_t n = -1;

	for (; rest->p < rest->end && isdigit((unsigned char)*rest->p); rest->p++) {
		n = (n < 0 ? 0 : n) * 10 + (*rest->p - '0');
		if (n > UINT32_MAX)
			n = UINT32_MAX;
	}
	return n;
}

/* Move past "RTAS:" or "RTAS N:", anywhere in the line. */
static bool event_dump_read_mark(struct rest *rest, int64_t *n)
{
	static const char mark[] = "RTAS";
	struct rest at = *rest;

	while ((at.p = memmem(at.p, (size_t)(at.end - at.p), mark, strlen(mark)))) {
		at.p += strlen(mark);
		event_dump_skip_blanks(&at);
		*n = event_dump_read_number(&at);
		if (at.p < at.end && *at.p == ':') {
			*rest = (struct rest){ at.p + 1, at.end };
			event_dump_skip_blanks(rest);
			return true;
		}
	}
	return false;
}

static bool event_dump_is_hex(struct rest rest)
{
	if (rest.p == rest.end)
		return false;
	for (; rest.p < rest.end; rest.p++)
		if (event_dump_hex_digit(*rest.p) < 0 && !isspace((unsigned char)*rest.p))
			return false;
	return true;
}

/* Parse "RTAS: 1 -------- RTAS event begin --------", and "end". */
static enum kind event_dump_mark_kind(struct rest rest, int64_t *seq)
{
	*seq = event_dump_read_number(&rest);
	if (*seq < 0 || !event_dump_contains(rest, "----"))
		return OTHER;
	return event_dump_contains(rest, " begin ") ? BEGIN
	       : event_dump_contains(rest, " end ") ? END
						    : OTHER;
}

/* Read the digits of an offset, with or without "0x". */
static bool event_dump_read_digits(struct rest *rest)
{
	const char *digits;

	if (rest->end - rest->p > 2 && rest->p[0] == '0' && rest->p[1] == 'x')
		rest->p += 2;
	digits = rest->p;
	while (rest->p < rest->end && event_dump_hex_digit(*rest->p) >= 0)
		rest->p++;
	return rest->p - digits >= 4 && rest->p < rest->end;
}

static const char *event_dump_find(const struct rest *rest, const char *what)
{
	const char *at =
		memmem(rest->p, (size_t)(rest->end - rest->p), what, strlen(what));

	return at ? at : rest->end;
}

/* Reduce a line of a dump to its digits. The line has an offset, digits, and the same
 * bytes as characters, which may look like anything. The characters follow two blanks if
 * the offset has a colon (xxd, and this library), otherwise a bar (hexdump -C). */
static bool event_dump_read_digits_of_line(struct rest *rest, bool *barred)
{
	struct rest at = *rest;

	*barred = false;
	event_dump_skip_blanks(&at);
	if (!event_dump_read_digits(&at))
		return false;
	if (*at.p == ':') {
		at.p++;
		event_dump_skip_blanks(&at);
		at.end = event_dump_find(&at, "  ");
	} else if (*at.p == ' ') {
		at.end = event_dump_find(&at, "|");
		*barred = at.end != rest->end;
		if (!*barred)
			return false;
	} else {
		return false;
	}
	if (!event_dump_is_hex(at))
		return false;
	*rest = at;
	return true;
}

static enum kind event_dump_line_kind(struct rest *rest, int64_t *seq, bool *barred)
{
	int64_t n;

	if (event_dump_read_digits_of_line(rest, barred))
		return LOOSE_HEX;
	if (event_dump_read_mark(rest, &n)) {
		if (n < 0)
			return event_dump_mark_kind(*rest, seq);
		return event_dump_is_hex(*rest) ? MARKED_HEX : OTHER;
	}
	event_dump_skip_blanks(rest);
	return event_dump_is_hex(*rest) ? LOOSE_HEX : OTHER;
}

static int event_dump_grow(struct event_dump *dump, size_t more)
{
	size_t room = 2 * (dump->room + more);
	uint8_t *bytes;

	if (dump->len + more <= dump->room)
		return 0;
	bytes = realloc(dump->bytes, room);
	if (!bytes)
		return -ENOMEM;
	dump->bytes = bytes;
	dump->room = room;
	return 0;
}

static int event_dump_read_hex(struct event_dump *dump, struct rest rest)
{
	if (dump->len >= BYTES_LIMIT)
		return 0;
	if (event_dump_grow(dump, (size_t)(rest.end - rest.p) / 2 + 1))
		return -ENOMEM;
	for (; rest.p < rest.end; rest.p++) {
		int digit = event_dump_hex_digit(*rest.p);

		if (digit < 0)
			continue;
		if (dump->odd)
			dump->bytes[dump->len++] |= (uint8_t)digit;
		else
			dump->bytes[dump->len] = (uint8_t)(digit << 4);
		dump->odd = !dump->odd;
	}
	return 0;
}

static void event_dump_begin(struct event_dump *dump, bool marked, int64_t seq,
			     size_t offset)
{
	dump->len = 0;
	dump->odd = false;
	dump->done = false;
	dump->barred = false;
	dump->marked = marked;
	dump->seq = seq;
	dump->first = offset;
}

/* Return true if the pending bytes are complete before this line. */
static bool event_dump_ends_bytes(const struct event_dump *dump, enum kind kind)
{
	if (dump->done || (!dump->len && !dump->odd))
		return false;
	return kind == BEGIN ||
	       (!dump->marked && kind != LOOSE_HEX && kind != MARKED_HEX);
}

int event_dump_line(struct event_dump *dump, const char *line, size_t len, size_t offset)
{
	struct rest rest = { line, line + len };
	int64_t seq = -1;
	bool barred;
	enum kind kind = event_dump_line_kind(&rest, &seq, &barred);

	/* The last line of such a dump has only the offset of its end. */
	if (kind == LOOSE_HEX && dump->barred && !barred) {
		kind = OTHER;
		dump->barred = !dump->done;
	}
	if (event_dump_ends_bytes(dump, kind)) {
		dump->done = true;
		return EVENT_DUMP_FULL;
	}
	switch (kind) {
	case BEGIN:
		event_dump_begin(dump, true, seq, offset);
		return EVENT_DUMP_MORE;
	case END:
		dump->marked = false;
		dump->done = true;
		return EVENT_DUMP_DONE;
	case LOOSE_HEX:
	case MARKED_HEX:
		/* Other lines of a log may look like hex. */
		if (dump->marked && kind == LOOSE_HEX)
			return EVENT_DUMP_MORE;
		if (dump->done || (!dump->len && !dump->odd && !dump->marked))
			event_dump_begin(dump, false, -1, offset);
		dump->barred = barred;
		return event_dump_read_hex(dump, rest);
	default:
		return EVENT_DUMP_MORE;
	}
}

void event_dump_free(struct event_dump *dump)
{
	free(dump->bytes);
	*dump = (struct event_dump){ .bytes = NULL };
}
