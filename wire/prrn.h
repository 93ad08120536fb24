/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prrn.h - platform resource reassignment: the list of moved resources (drmgr -P)
 *
 * Shape:   text with one resource per line: "cpu" or "mem", blanks, its DRC index in
 *          hexadecimal, with or without 0x.
 * Memory:  an entry's text points into the caller's, which needs no NUL.
 * Errors:  none. A line that does not fit the shape is an entry of kind PRRN_BAD or
 *          PRRN_UNKNOWN; the remaining lines are read.
 * Source:  the file that rtas_errd writes for drmgr
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum prrn_kind {
	PRRN_CPU,
	PRRN_MEM,
	PRRN_UNKNOWN, /* another type */
	PRRN_BAD,     /* no type and index, or an index that is 0 or exceeds 32 bits */
};

struct prrn_entry {
	enum prrn_kind kind;
	uint32_t drc_index; /* PRRN_CPU, PRRN_MEM */
	unsigned long line; /* from 1 */
	const char *text;   /* the type if it is unknown, else the line */
	size_t len;
};

struct prrn_iter {
	const char *p, *end;
	unsigned long line;
};

void prrn_begin(struct prrn_iter *it, const char *text, size_t len);

/* Read the next entry into *out; blank lines are skipped. Return 1, or 0 at the end. */
int prrn_next(struct prrn_iter *it, struct prrn_entry *out);
