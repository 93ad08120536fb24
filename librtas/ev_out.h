/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ev_out.h - text output of an event: line breaks, titles, dumps
 *
 * Lines are shorter than the print width. Text is broken at blanks, which are then
 * dropped, after hyphens, and inside words that are longer than a line. All other text is
 * written exactly once. Older libraries of this soname lost or repeated text. Lines of up
 * to width - 2 columns are the same as theirs.
 *
 * Memory:  a struct ev_out lives on its caller's stack. It buffers the last word of the
 *          text until ev_out_end() or ev_out_flush().
 * Errors:  none; bytes that cannot be written are not counted.
 * Layer:   librtas
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	EV_WIDTH_DEFAULT = 80,
	EV_WIDTH_LIMIT = 1024, /* the print width must be less */
};

struct ev_out {
	FILE *file;
	unsigned int width;
	unsigned int column; /* current column of the line */
	unsigned int blanks; /* pending blanks; a line break drops them */
	unsigned int held;   /* pending characters in word */
	int bytes;	     /* bytes written, as the library reports them */
	char word[EV_WIDTH_LIMIT];
};

/* Set the width of all output of this process that begins later. Return 0, or -EINVAL if
 * width is outside 1..EV_WIDTH_LIMIT - 1; the old width then stays. */
int ev_out_set_width(int width);

void ev_out_begin(struct ev_out *out, FILE *file);
/* Begin where the last output of this thread ended: in its file, which must still be
 * open, and at its column. Begin on stdout if this thread has printed nothing. */
void ev_out_resume(struct ev_out *out);
/* Write the pending blanks and characters. */
void ev_out_flush(struct ev_out *out);
/* Flush, and return the number of bytes written. This must be the last call. */
int ev_out_end(struct ev_out *out);

/* Print text. A zero byte in the text hides the rest of its line. */
void ev_print(struct ev_out *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void ev_vprint(struct ev_out *out, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* Print a line with a title: "==== TEXT =====...". */
void ev_title(struct ev_out *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void ev_vtitle(struct ev_out *out, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* Print lines of 16 bytes in hexadecimal and ASCII, regardless of the print width. The
 * dump begins on a new line. */
void ev_dump(struct ev_out *out, const void *data, size_t len);

/* Print a field: "LABEL:              0000002a". label includes its colon, if any. */
void ev_field(struct ev_out *out, const char *label, uint32_t value);
/* Print a field and a newline. */
void ev_field_line(struct ev_out *out, const char *label, uint32_t value);
/* Print a line with two fields. */
void ev_fields(struct ev_out *out, const char *label, uint32_t value, const char *label2,
	       uint32_t value2);
/* Print a line with a value and its name: "LABEL:              0000002a (NAME)". */
void ev_field_name(struct ev_out *out, const char *label, uint32_t value,
		   const char *name);
/* Print a line with a value of 64 bits. */
void ev_field_wide(struct ev_out *out, const char *label, uint32_t hi, uint32_t lo);
/* Print a line with a text as the value. */
void ev_field_text(struct ev_out *out, const char *label, const char *text);
