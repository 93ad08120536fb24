/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * event_v6.h - sections of an event log of version 6 that both ends use
 *
 * Shape:   each section has the header of event.h and then
 *          MT 8 bytes model, 12 bytes serial number
 * Errors:  negative errno
 * Source:  PAPR+ 10.3.2.2
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include "wire/event.h"

enum { EVENT_DUMP_NAME_MAX_BYTES = 40 };

/* Padded with blanks or NULs; no NUL if a field is full. */
struct event_mtms {
	uint8_t model[8], serial[12];
};

/* Read the 20 bytes from c. If they do not fit, all fields are 0 and c has its error
 * set. */
struct event_mtms event_mtms_decode(struct cursor *c);

/* Replace the name in the dump section of len bytes. Return the new length of the name, a
 * multiple of 4. If the name does not fit, return -ENAMETOOLONG and change nothing. */
int event_dump_rename(uint8_t *section, size_t len, const char *name);
