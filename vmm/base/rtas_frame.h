/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rtas_frame.h - an RTAS call as its handler sees it
 *
 * A handler sees input cells and sets output cells. The dispatcher transfers them from
 * and to guest memory. Missing inputs read as 0; outputs that the guest did not request
 * are dropped.
 *
 * Source:  PAPR+ 7.2.7
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/paprvmm.h"

struct rtas_frame {
	uint32_t nargs, nret;
	uint32_t args[PAPR_RTAS_CELLS];
	uint32_t rets[PAPR_RTAS_CELLS];
	uint32_t written; /* bit n: rets[n] is set */
};

typedef void rtas_fn(struct papr_vmm *vmm, struct rtas_frame *f);

/* The counts that a call requires. Other counts return the status bad_count. */
enum { RTAS_ANY = 0xff };
struct rtas_handler {
	uint32_t token;
	const char *name;
	uint8_t nargs, nargs_alt; /* RTAS_ANY: not checked; alt 0: no alternative */
	uint8_t nret, nret_alt;
	int8_t bad_count; /* -3 for most, -1 for PCI configuration space */
	rtas_fn *fn;
	/* Where a sequence number of so many words is in inputs and outputs. The guest
	 * repeats a call that was answered "busy" with the number from the answer. */
	struct {
		uint8_t in, out, words;
	} number;
};

/* The calls of one part */
struct rtas_table {
	const struct rtas_handler *calls;	      /* the last entry has no name */
	bool (*is_there)(const struct papr_vmm *vmm); /* NULL: in every machine */
};

static inline uint32_t rtas_in(const struct rtas_frame *f, unsigned int n)
{
	return n < f->nargs && n < PAPR_RTAS_CELLS ? f->args[n] : 0;
}

static inline uint64_t rtas_in64(const struct rtas_frame *f, unsigned int hi)
{
	return (uint64_t)rtas_in(f, hi) << 32 | rtas_in(f, hi + 1);
}

static inline void rtas_out(struct rtas_frame *f, unsigned int n, uint32_t value)
{
	if (n >= f->nret || n >= PAPR_RTAS_CELLS)
		return;
	f->rets[n] = value;
	f->written |= 1u << n;
}

static inline void rtas_status(struct rtas_frame *f, int32_t status)
{
	rtas_out(f, 0, (uint32_t)status);
}
