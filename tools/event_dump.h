/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_dump.h - events that somebody wrote down as text
 *
 * Shape:   lines. "RTAS: N -------- RTAS event begin --------", "RTAS I: HEX ..." and
 *          "RTAS: N -------- RTAS event end ----------" make an event, with anything
 *          before "RTAS": /var/log/platform, the kernel's log, syslog. Lines of hex digits
 *          alone, with or without an offset before and the characters behind them, make
 *          bytes as they stand in a file; what is no such line ends them.
 * Memory:  a dump has a buffer of its own; event_dump_free().
 * Errors:  negative errno; -ENOMEM.
 * Source:  Linux 6.1 arch/powerpc/kernel/rtasd.c; ppc64-diag 2.7 /var/log/platform
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_dump {
	uint8_t *bytes; /* so far */
	size_t len, room;
	bool odd;     /* half a byte is in hand */
	bool marked;  /* between "begin" and "end" */
	bool barred;  /* characters stand behind a bar */
	bool done;    /* the next line begins anew */
	int64_t seq;  /* N; -1: none */
	size_t first; /* offset in the text of the first line with bytes, or of "begin" */
};

enum event_dump_result {
	EVENT_DUMP_MORE, /* the line was taken */
	EVENT_DUMP_DONE, /* bytes are complete and the line was taken */
	EVENT_DUMP_FULL, /* bytes are complete, and the line is to be given once more */
};

/* One line, without LF; offset: where it is in the text. -ENOMEM, enum event_dump_result. */
int event_dump_line(struct event_dump *dump, const char *line, size_t len, size_t offset);

void event_dump_free(struct event_dump *dump);
