/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ev_out.h - where the text of an event goes: lines of a width, titles, dumps
 *
 * Text is broken to lines shorter than the print width: at blanks, which are then not
 * written, after hyphens, and inside words that are longer than a line. Nothing else is
 * lost and nothing is written twice (older libraries of this soname did both). Lines of
 * up to width - 2 columns look the same as theirs.
 *
 * Memory:  a struct ev_out lives on its caller's stack; it holds back the last word of
 *          the text until ev_out_end() or ev_out_flush().
 * Errors:  none: what cannot be written is not counted.
 * Layer:   librtas
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	EV_WIDTH_DEFAULT = 80,
	EV_WIDTH_LIMIT = 1024, /* a print width is less */
};

struct ev_out {
	FILE *file;
	unsigned int width;
	unsigned int column; /* of what is written on this line */
	unsigned int blanks; /* seen, not written: a line break swallows them */
	unsigned int held;   /* characters of word, not written either */
	int bytes;	     /* written so far, as the library reports it */
	char word[EV_WIDTH_LIMIT];
};

/* The width of all output of this process, from the next ev_out_begin() on. 0, or
 * -EINVAL for a width outside 1..EV_WIDTH_LIMIT - 1, which changes nothing. */
int ev_out_set_width(int width);

void ev_out_begin(struct ev_out *out, FILE *file);
/* Goes on where this thread's last output ended: in its file, which must still be open,
 * and at its column; on stdout if there was none. */
void ev_out_resume(struct ev_out *out);
/* Writes what is held back. */
void ev_out_flush(struct ev_out *out);
/* The number of bytes written; the same as flush, and the last call. */
int ev_out_end(struct ev_out *out);

/* A zero byte among the text hides what follows, to the end of that line. */
void ev_print(struct ev_out *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void ev_vprint(struct ev_out *out, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* "==== TEXT =====...", a line. */
void ev_title(struct ev_out *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void ev_vtitle(struct ev_out *out, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* Lines of 16 bytes in hexadecimal and ASCII, which are not broken. They begin a line. */
void ev_dump(struct ev_out *out, const void *data, size_t len);

/* "LABEL:              0000002a"; the label has its colon with it, if any. */
void ev_field(struct ev_out *out, const char *label, uint32_t value);
/* The same and a newline. */
void ev_field_line(struct ev_out *out, const char *label, uint32_t value);
/* Two of them on a line. */
void ev_fields(struct ev_out *out, const char *label, uint32_t value, const char *label2,
	       uint32_t value2);
/* "LABEL:              (NAME)" after a field: a value and its name, a line. */
void ev_field_name(struct ev_out *out, const char *label, uint32_t value,
		   const char *name);
/* A value of 64 bits, a line. */
void ev_field_wide(struct ev_out *out, const char *label, uint32_t hi, uint32_t lo);
/* A text as the value, a line. */
void ev_field_text(struct ev_out *out, const char *label, const char *text);
