/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_dump.h - events in text dumps
 *
 * Shape:   lines. "RTAS: N -------- RTAS event begin --------", "RTAS I: HEX ..." and
 *          "RTAS: N -------- RTAS event end ----------" make an event, with anything
 *          before "RTAS": /var/log/platform, the kernel's log, syslog. Lines of hex
 *          digits only make bytes as they are in a file. An offset may precede the
 *          digits, and the characters may follow. Any other line ends these bytes.
 * Memory:  a dump owns its buffer; free it with event_dump_free().
 * Errors:  negative errno; -ENOMEM.
 * Source:  Linux 6.1 arch/powerpc/kernel/rtasd.c; ppc64-diag 2.7 /var/log/platform
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_dump {
	uint8_t *bytes; /* bytes read so far */
	size_t len, room;
	bool odd;     /* half a byte is pending */
	bool marked;  /* between "begin" and "end" */
	bool barred;  /* the lines have characters after a bar */
	bool done;    /* complete; the next line begins a new dump */
	int64_t seq;  /* N; -1: none */
	size_t first; /* offset in the text of the first line with bytes, or of "begin" */
};

enum event_dump_result {
	EVENT_DUMP_MORE, /* the line was used */
	EVENT_DUMP_DONE, /* the bytes are complete, and the line was used */
	EVENT_DUMP_FULL, /* the bytes are complete; pass the line again */
};

/* Read one line, without LF. offset: of the line in the text. Return -ENOMEM or an enum
 * event_dump_result. */
int event_dump_line(struct event_dump *dump, const char *line, size_t len, size_t offset);

void event_dump_free(struct event_dump *dump);
