/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_form.h - where events begin and end in bytes that hold some
 *
 * Shape:   bare: events one behind the other, zero bytes between them mean nothing.
 *          kernel: records as read from /proc/ppc64/rtas/error_log, each a number in the
 *          byte order of the kernel, an event, and bytes that mean nothing.
 * Units:   offsets are from the bytes given.
 * Memory:  what is found points nowhere; nothing is allocated.
 * Source:  PAPR+ 10.2.1; Linux 6.1 arch/powerpc/kernel/rtasd.c
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_form {
	EVENT_FORM_AUTO, /* to be found out */
	EVENT_FORM_BARE,
	EVENT_FORM_KERNEL,
	EVENT_FORM_TEXT, /* see event_dump.h */
};

enum {
	EVENT_HEAD_BYTES = 8,
	EVENT_SEQ_BYTES = 4,
	EVENT_RECORD_BYTES = 2052, /* number, "rtas-error-log-max" */
	EVENT_LIMIT = 65536,	   /* no firmware sends longer ones; PAPR+ has 2056 */
	EVENT_DETECT_BYTES = 32,   /* enough to tell the forms apart at the latest */
};

/* Bare or kernel, or text; auto: more bytes are needed. end: these are all. */
enum event_form event_form_detect(const uint8_t *bytes, size_t len, bool end);

struct event_found {
	size_t start, len; /* of what there is of the event */
	size_t consumed;   /* the next one begins there; may be beyond what was given */
	int64_t seq;	   /* -1: the form has none */
	char problem[80];  /* why it is none, or empty */
};

/* 1: the first event, or what should be one. 0: more bytes are needed, or there are no
 * more events if these are the last ("end"). record: bytes in a record of the kernel form.
 * The form is bare or kernel. */
int event_form_split(enum event_form form, size_t record, const uint8_t *bytes,
		     size_t len, bool end, struct event_found *found);
