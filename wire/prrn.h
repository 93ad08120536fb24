/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prrn.h - platform resource reassignment: the event, and the list of what it moved
 *
 * Shape:   the event is the fixed part of an event log of type 0xa0 whose second word is
 *          no length but the scope of the update. The list (drmgr -P) is text, a line a
 *          resource: "cpu" or "mem", blanks, its DRC index in hexadecimal, with or
 *          without 0x.
 * Memory:  an entry's text points into the caller's, which needs no NUL.
 * Errors:  negative errno; a line that does not fit the shape is an entry that says so,
 *          for the other lines are no worse for it.
 * Source:  PAPR+ 10.2.1 (event), what rtas_errd leaves for drmgr (list)
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "wire/builder.h"

/* Scope of the update that an event asks for: never 0, as update_scope_of_prrn() of
 * wire/update.h takes it. 0, -ENOENT the log is of another type, -EBADMSG. */
int prrn_event_scope(const void *log, size_t len, uint32_t *scope);

enum prrn_kind {
	PRRN_CPU,
	PRRN_MEM,
	PRRN_UNKNOWN, /* a type that is neither */
	PRRN_BAD,     /* no type and index, or one of more than 32 bits, or 0 */
};

struct prrn_entry {
	enum prrn_kind kind;
	uint32_t drc_index; /* PRRN_CPU, PRRN_MEM */
	unsigned long line; /* from 1 */
	const char *text;   /* the type where it is unknown, else the line */
	size_t len;
};

struct prrn_iter {
	const char *p, *end;
	unsigned long line;
};

void prrn_begin(struct prrn_iter *it, const char *text, size_t len);

/* 1: *out is the next entry. 0: no more. Lines of nothing but blanks are none. */
int prrn_next(struct prrn_iter *it, struct prrn_entry *out);

/* Appends the line of a processor or of memory. */
void prrn_put(struct builder *b, enum prrn_kind kind, uint32_t drc_index);
