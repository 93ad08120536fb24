/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fault.h - answers that were ordered in place of the true ones
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/paprvmm.h"

struct fault {
	struct fault *next;
	int id;
	struct papr_fault is; /* with its own copies of the name */
	void *area;	      /* and of the area */
	uint32_t seen;	      /* calls of this name; a delayed one and its repetition
			       * are one call */
	bool owes;	      /* answered with a delay: the next call gets the truth */
};

struct faults {
	struct fault *first;
	int last_id;
	bool trace;
};

/* Is the call of this name to be answered so? Counts it. NULL: no. */
const struct papr_fault *fault_take(struct papr_vmm *vmm, const char *call);
/* The same for "hcall:NR" and "epapr:NR". */
const struct papr_fault *fault_take_number(struct papr_vmm *vmm, const char *kind,
					   uint64_t nr);
void faults_free(struct faults *faults);

/* PAPR_EV_CALL, if somebody wants to know. */
void trace_tell(const struct papr_vmm *vmm, const struct papr_call *call);
/* The same for a call by number, whose arguments are registers: zeroes at the end of
 * args and rets are left out (of rets not the first, which is the status). */
void trace_tell_number(const struct papr_vmm *vmm, const char *kind, uint64_t nr,
		       const struct papr_call *call);
