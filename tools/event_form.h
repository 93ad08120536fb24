/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_form.h - find the events in a sequence of bytes
 *
 * Shape:   bare: events one after the other. Zero bytes between them are padding.
 *          kernel: records as read from /proc/ppc64/rtas/error_log. Each has a number in
 *          the byte order of the kernel, an event, and padding.
 * Units:   offsets count from the first byte passed.
 * Memory:  results contain no pointers; nothing is allocated.
 * Source:  PAPR+ 10.2.1; Linux 6.1 arch/powerpc/kernel/rtasd.c
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_form {
	EVENT_FORM_AUTO, /* to be detected */
	EVENT_FORM_BARE,
	EVENT_FORM_KERNEL,
	EVENT_FORM_TEXT, /* see event_dump.h */
};

enum {
	EVENT_HEAD_BYTES = 8,
	EVENT_SEQ_BYTES = 4,
	EVENT_RECORD_BYTES = 2052, /* number, "rtas-error-log-max" */
	EVENT_LIMIT = 65536,	   /* no firmware sends longer events; PAPR+ has 2056 */
	EVENT_DETECT_BYTES = 32,   /* always enough to detect the form */
	EVENT_FIND_BYTES = 23, /* always enough to find an extended log of version 6 */
};

/* Detect the form of the bytes. end: no more bytes will follow. Return EVENT_FORM_AUTO if
 * more bytes are needed. */
enum event_form event_form_detect(const uint8_t *bytes, size_t len, bool end);

struct event_found {
	size_t start, len; /* the part of the event that exists */
	/* Offset of the next event; may be after the bytes passed. Of a problem in the bare
	 * form: where to look for it. */
	size_t consumed;
	int64_t seq;	  /* -1: the form has none */
	char problem[80]; /* why the event is invalid, or empty */
};

/* Find the first event, or the bytes in its place. The form must be bare or kernel.
 * record: bytes in a record of the kernel form. end: no more bytes will follow. Return 1;
 * or 0 if more bytes are needed (with end: if no event remains). */
int event_form_split(enum event_form form, size_t record, const uint8_t *bytes,
		     size_t len, bool end, struct event_found *found);

/* Return the offset of the first possible event among other bytes. If there is no such event,
 * return the offset of the last bytes that can be the begin of one. */
size_t event_form_find(const uint8_t *bytes, size_t len, bool end);
