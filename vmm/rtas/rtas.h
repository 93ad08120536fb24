/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rtas.h - the RTAS calls of this machine
 *
 * The dispatcher finds a call in the tables of the parts, and transfers its cells from and
 * to guest memory.
 *
 * Source:  PAPR+ 7.3, 13.5; counts and statuses as QEMU 7.2
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/vio/vdev.h"

extern const struct rtas_handler rtas_log_calls[];  /* check-exception, ... */
extern const struct rtas_handler rtas_sys_calls[];  /* clock, parameters, ... */
extern const struct rtas_handler rtas_xics_calls[]; /* interrupt sources */

enum { RTAS_NVRAM_BYTES = VDEV_NVRAM_BYTES };

/* State that is kept between RTAS calls. */
struct rtas_state {
	uint8_t *nvram;		    /* RTAS_NVRAM_BYTES */
	bool fwnmi;		    /* ibm,nmi-register was accepted */
	uint64_t nmi_reset;	    /* its handler of system resets */
	uint8_t restart_policy;	    /* system parameter 21, of x-powervm=on */
	struct irq_source *sources; /* rtas_xics.c; NULL: the guest has not set any */
};

static inline struct rtas_state *rtas_of(const struct papr_vmm *vmm)
{
	return machine_of(vmm)->rtas;
}

int rtas_init(struct papr_vmm *vmm);
void rtas_free(struct papr_vmm *vmm);
void rtas_reset(struct papr_vmm *vmm);

/* Find a call of this machine. Return NULL if it does not exist. */
const struct rtas_handler *rtas_by_token(const struct papr_vmm *vmm, uint32_t token);
const struct rtas_handler *rtas_by_name(const struct papr_vmm *vmm, const char *name);

/* Write one token property per call into the open node /rtas. */
struct fdt_out;
void rtas_put_tokens(const struct papr_vmm *vmm, struct fdt_out *out);

/* Run a call: check the counts, apply faults, call the handler, report the trace. */
void rtas_run(struct papr_vmm *vmm, const struct rtas_handler *h, struct rtas_frame *f);

/* Run the argument block at addr in guest memory, for H_RTAS. Return the new r3. */
int64_t rtas_block(struct papr_vmm *vmm, uint64_t addr);

/* rtas_xics.c: the guest's settings of one interrupt source, indexed from the first. */
enum { XICS_FIRST_SOURCE = 0x1000, XICS_SOURCES = 0x1000, XICS_MASKED = 0xff };
struct irq_source {
	uint32_t server;
	uint8_t priority, saved; /* saved: priority before ibm,int-off */
};
/* Return a malloc'ed table with all sources masked, or NULL if out of memory. */
struct irq_source *xics_sources_new(void);

extern const struct state_section state_rtas, state_xics;
