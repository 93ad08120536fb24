// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "librtas/ev_out.h"

/* The ABI has one width for the whole process. */
static _Atomic int print_width = EV_WIDTH_DEFAULT;

/* Older libraries of this soname export functions that print without a stream argument.
 * They continue where the last call with a stream ended. Here, that is the last call of
 * the same thread, and no other code uses it. The initial-exec model needs no function of
 * the dynamic linker. Programs linked against those libraries do not expect that
 * dependency. */
static _Thread_local struct {
	FILE *file;
	unsigned int column;
} last __attribute__((tls_model("initial-exec")));

enum {
	TEXT_BYTES = 1024, /* per call; longer texts are allocated */
	DUMP_LINE_BYTES = 16,
	DUMP_GROUP_BYTES = 4,
	DUMP_LINE_MAX = 96,
	TITLE_MARGIN = 11, /* unused columns at the right of a title */
};

int ev_out_set_width(int width)
{
	if (width < 1 || width >= EV_WIDTH_LIMIT)
		return -EINVAL;
	print_width = width;
	return 0;
}

void ev_out_begin(struct ev_out *out, FILE *file)
{
	out->file = file;
	out->width = (unsigned int)print_width;
	out->column = out->blanks = out->held = 0;
	out->bytes = 0;
}

void ev_out_resume(struct ev_out *out)
{
	ev_out_begin(out, last.file ? last.file : stdout);
	out->column = last.column;
}

/* Return the number of columns of a line. The newline counts as one column, unless only
 * one is available. */
static unsigned int ev_out_line_columns(const struct ev_out *out)
{
	return out->width > 1 ? out->width - 1 : 1;
}

static void ev_out_write(struct ev_out *out, const char *text, size_t len)
{
	out->bytes += (int)fwrite(text, 1, len, out->file);
}

static void ev_out_write_newline(struct ev_out *out)
{
	ev_out_write(out, "\n", 1);
	out->column = 0;
}

/* Write the pending blanks that fit on the line, and drop the rest. */
static void ev_out_write_blanks(struct ev_out *out)
{
	unsigned int room = ev_out_line_columns(out) - out->column;

	if (out->column >= ev_out_line_columns(out))
		room = 0;
	if (out->blanks > room)
		out->blanks = room;
	out->column += out->blanks;
	for (; out->blanks; out->blanks--)
		ev_out_write(out, " ", 1);
}

static void ev_out_write_word(struct ev_out *out)
{
	if (!out->held)
		return;
	if (out->column + out->blanks + out->held > ev_out_line_columns(out)) {
		if (out->column)
			ev_out_write_newline(out);
		out->blanks = 0;
	}
	ev_out_write_blanks(out);
	ev_out_write(out, out->word, out->held);
	out->column += out->held;
	out->held = 0;
}

static void ev_out_write_char(struct ev_out *out, char c)
{
	if (c == '\n') {
		ev_out_flush(out);
		ev_out_write_newline(out);
	} else if (c == ' ') {
		ev_out_write_word(out);
		out->blanks++;
	} else {
		out->word[out->held++] = c;
		if (c == '-' || out->held == ev_out_line_columns(out))
			ev_out_write_word(out);
	}
}

static void ev_out_write_text(struct ev_out *out, const char *text, size_t len)
{
	bool hidden = false;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n')
			hidden = false;
		else if (!text[i])
			hidden = true;
		if (!hidden)
			ev_out_write_char(out, text[i]);
	}
}

void ev_out_flush(struct ev_out *out)
{
	ev_out_write_word(out);
	ev_out_write_blanks(out);
}

int ev_out_end(struct ev_out *out)
{
	ev_out_flush(out);
	last.file = out->file;
	last.column = out->column;
	return out->bytes;
}

/* Format the text into buf, or into memory that the caller must free. Without memory, cut
 * the text. */
static char *__attribute__((format(printf, 4, 0)))
ev_out_format(char *buf, size_t size, size_t *len, const char *fmt, va_list ap)
{
	char *text = buf;
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(buf, size, fmt, ap);
	*len = n < 0 ? 0 : (size_t)n;
	if (*len >= size) {
		text = malloc(*len + 1);
		if (text) {
			vsnprintf(text, *len + 1, fmt, again);
		} else {
			text = buf;
			*len = size - 1;
		}
	}
	va_end(again);
	return text;
}

void ev_vprint(struct ev_out *out, const char *fmt, va_list ap)
{
	char buf[TEXT_BYTES], *text;
	size_t len;

	text = ev_out_format(buf, sizeof(buf), &len, fmt, ap);
	ev_out_write_text(out, text, len);
	if (text != buf)
		free(text);
}

void ev_print(struct ev_out *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	ev_vprint(out, fmt, ap);
	va_end(ap);
}

void ev_vtitle(struct ev_out *out, const char *fmt, va_list ap)
{
	char buf[TEXT_BYTES], *text;
	size_t len;

	text = ev_out_format(buf, sizeof(buf), &len, fmt, ap);
	ev_out_write_text(out, "==== ", 5);
	ev_out_write_text(out, text, len);
	ev_out_write_text(out, " ", 1);
	for (len += 6; len + TITLE_MARGIN < out->width; len++)
		ev_out_write_text(out, "=", 1);
	ev_out_write_text(out, "\n", 1);
	if (text != buf)
		free(text);
}

void ev_title(struct ev_out *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	ev_vtitle(out, fmt, ap);
	va_end(ap);
}

/* Print a line with up to 16 bytes. Missing bytes are blank. */
static void ev_out_dump_line(struct ev_out *out, const uint8_t *data, size_t len,
			     size_t offset)
{
	char line[DUMP_LINE_MAX], ascii[DUMP_LINE_BYTES];
	int n = snprintf(line, sizeof(line), "0x%04zx:  ", offset);

	for (size_t i = 0; i < DUMP_LINE_BYTES; i++) {
		const char *gap = (i + 1) % DUMP_GROUP_BYTES ? "" : " ";
		char *hex = line + n;
		size_t room = sizeof(line) - (size_t)n;

		if (i < len)
			n += snprintf(hex, room, "%02x%s", data[i], gap);
		else
			n += snprintf(hex, room, "  %s", gap);
		ascii[i] = (char)(i >= len			      ? ' '
				  : data[i] >= 0x20 && data[i] < 0x7f ? data[i]
								      : '.');
	}
	n += snprintf(line + n, sizeof(line) - (size_t)n, "    [%.*s]\n", DUMP_LINE_BYTES,
		      ascii);
	ev_out_write(out, line, (size_t)n);
}

void ev_dump(struct ev_out *out, const void *data, size_t len)
{
	ev_out_flush(out);
	if (out->column)
		ev_out_write_newline(out);
	for (size_t i = 0; i < len; i += DUMP_LINE_BYTES) {
		size_t left = len - i;

		ev_out_dump_line(out, (const uint8_t *)data + i,
				 left < DUMP_LINE_BYTES ? left : DUMP_LINE_BYTES, i);
	}
}

void ev_field(struct ev_out *out, const char *label, uint32_t value)
{
	ev_print(out, "%-20s%08x", label, value);
}

void ev_field_line(struct ev_out *out, const char *label, uint32_t value)
{
	ev_print(out, "%-20s%08x\n", label, value);
}

void ev_fields(struct ev_out *out, const char *label, uint32_t value, const char *label2,
	       uint32_t value2)
{
	ev_print(out, "%-20s%08x    %-20s%08x\n", label, value, label2, value2);
}

void ev_field_name(struct ev_out *out, const char *label, uint32_t value,
		   const char *name)
{
	ev_print(out, "%-20s%08x (%s)\n", label, value, name);
}

void ev_field_wide(struct ev_out *out, const char *label, uint32_t hi, uint32_t lo)
{
	ev_print(out, "%-20s%08x%08x\n", label, hi, lo);
}

void ev_field_text(struct ev_out *out, const char *label, const char *text)
{
	ev_print(out, "%-20s%s\n", label, text);
}
