/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rtas.h - the RTAS calls that this machine answers
 *
 * A handler sees its input words and sets output words; where the words lie in guest
 * memory is the dispatcher's business. Inputs that were not given read as 0, outputs
 * that were not asked for are dropped.
 *
 * Source:  PAPR+ 7.3, 13.5; counts and statuses as QEMU 7.2
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
	uint32_t written; /* bit n: rets[n] was set */
};

typedef void rtas_fn(struct papr_vmm *vmm, struct rtas_frame *f);

/* The counts that a call insists on; others are answered with status bad_count. */
enum { RTAS_ANY = 0xff };
struct rtas_handler {
	uint32_t token;
	const char *name;
	uint8_t nargs, nargs_alt; /* RTAS_ANY: not checked; alt 0: no other */
	uint8_t nret, nret_alt;
	int8_t bad_count; /* -3 for most, -1 for PCI configuration space */
	rtas_fn *fn;
};

/* Tables, one for each file of handlers, gathered in rtas.c; each ends with an entry
 * without a name. */
extern const struct rtas_handler rtas_dr_calls[];  /* rtas_dr.c: connectors, power */
extern const struct rtas_handler rtas_log_calls[]; /* rtas_log.c: check-exception ... */
extern const struct rtas_handler rtas_sys_calls[]; /* rtas_sys.c: clock, parameters ... */
extern const struct rtas_handler rtas_cpu_calls[]; /* rtas_cpu.c: start, stop, suspend */
extern const struct rtas_handler rtas_pci_calls[]; /* rtas_pci.c: config, MSI, EEH, DDW */
extern const struct rtas_handler rtas_powervm_calls[]; /* rtas_powervm.c: x-powervm=on */

enum { RTAS_NVRAM_BYTES = 64 << 10 };

/* State that RTAS calls keep between them. */
struct rtas_state {
	int64_t clock_offset_ns; /* set-time-of-day */
	uint8_t *nvram;		 /* RTAS_NVRAM_BYTES */
	bool fwnmi;		 /* ibm,nmi-register was accepted */
	uint64_t nmi_reset, nmi_check;
	int32_t nmi_interlock; /* processor inside, -1: none */
};

int rtas_init(struct papr_vmm *vmm);
void rtas_free(struct papr_vmm *vmm);
void rtas_reset(struct papr_vmm *vmm);

/* The machine's time of day: ns since 1970 UTC, and as a date with the nanoseconds
 * within its second. */
struct tm;
int64_t rtas_clock_ns(const struct papr_vmm *vmm);
void rtas_clock_date(const struct papr_vmm *vmm, struct tm *date, uint32_t *ns);

/* NULL: no such call here. */
const struct rtas_handler *rtas_by_token(const struct papr_vmm *vmm, uint32_t token);
const struct rtas_handler *rtas_by_name(const struct papr_vmm *vmm, const char *name);

/* One token property for each call into the open node /rtas. */
struct fdt_out;
void rtas_put_tokens(const struct papr_vmm *vmm, struct fdt_out *out);

/* Counts checked, faults applied, handler run, trace told. */
void rtas_run(struct papr_vmm *vmm, const struct rtas_handler *h, struct rtas_frame *f);

/* For the hypercall H_RTAS: an argument block in guest memory. Returns its r3. */
int64_t rtas_block(struct papr_vmm *vmm, uint64_t addr);

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
