/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rtas.h - the RTAS calls of this machine
 *
 * A handler sees input cells and sets output cells. The dispatcher transfers them from
 * and to guest memory. Missing inputs read as 0; outputs that the guest did not request
 * are dropped.
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
};

/* Tables of the handlers' files, collected in rtas.c. The last entry of each has no
 * name. */
extern const struct rtas_handler rtas_dr_calls[];  /* rtas_dr.c: connectors, power */
extern const struct rtas_handler rtas_log_calls[]; /* rtas_log.c: check-exception ... */
extern const struct rtas_handler rtas_sys_calls[]; /* rtas_sys.c: clock, parameters ... */
extern const struct rtas_handler rtas_cpu_calls[]; /* rtas_cpu.c: start, stop, suspend */
extern const struct rtas_handler rtas_pci_calls[]; /* rtas_pci.c: config, MSI, EEH, DDW */
extern const struct rtas_handler rtas_kernel_dump_calls[]; /* rtas_kernel_dump.c */
extern const struct rtas_handler rtas_powervm_calls[]; /* rtas_powervm.c: x-powervm=on */

enum { RTAS_NVRAM_BYTES = 64 << 10 };

/* State that is kept between RTAS calls. */
struct rtas_state {
	int64_t clock_offset_ns; /* set by set-time-of-day */
	uint8_t *nvram;		 /* RTAS_NVRAM_BYTES */
	bool fwnmi;		 /* ibm,nmi-register was accepted */
	uint64_t nmi_reset, nmi_check;
	int32_t nmi_interlock; /* processor in its machine check handler, -1: none */
	bool kernel_dump;      /* the guest registered sections to be preserved */
};

int rtas_init(struct papr_vmm *vmm);
void rtas_free(struct papr_vmm *vmm);
void rtas_reset(struct papr_vmm *vmm);

/* Return the machine's time of day, in ns since 1970 UTC, or as a UTC date with the
 * nanoseconds within the second. */
struct tm;
int64_t rtas_clock_ns(const struct papr_vmm *vmm);
void rtas_clock_date(const struct papr_vmm *vmm, struct tm *date, uint32_t *ns);

/* Find a call of this machine. Return NULL if it does not exist. */
const struct rtas_handler *rtas_by_token(const struct papr_vmm *vmm, uint32_t token);
const struct rtas_handler *rtas_by_name(const struct papr_vmm *vmm, const char *name);

/* Write one token property per call into the open node /rtas. */
struct fdt_out;
void rtas_put_tokens(const struct papr_vmm *vmm, struct fdt_out *out);
/* Write the properties of kernel dumps into it, if the machine type has them. */
void kernel_dump_put_props(const struct papr_vmm *vmm, struct fdt_out *out);

/* Run a call: check the counts, apply faults, call the handler, report the trace. */
void rtas_run(struct papr_vmm *vmm, const struct rtas_handler *h, struct rtas_frame *f);

/* Run the argument block at addr in guest memory, for H_RTAS. Return the new r3. */
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
