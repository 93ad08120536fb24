/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fault.h - answers that the embedder orders in place of the real ones
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
	struct papr_fault is; /* its call is a copy */
	void *area;	      /* copy of the area */
	uint32_t seen;	      /* calls so far; a delayed call and its repeat are one */
	uint32_t hits;	      /* calls that it has answered, at most INT_MAX */
	bool owes; /* answered with a delay: the next call gets the real answer */
};

struct faults {
	struct fault *first;
	int last_id;
	bool trace;
};

/* Write the name of a call by number: "hcall:0xf002". */
enum { FAULT_NUMBER_TEXT = 40 };
void fault_number_text(char text[FAULT_NUMBER_TEXT], const char *kind, uint64_t nr);

/* Count a call of this name. Return the fault that answers it, or NULL. */
const struct papr_fault *fault_take(struct papr_vmm *vmm, const char *call);
/* Do the same for the calls "hcall:NR" and "epapr:NR". */
const struct papr_fault *fault_take_number(struct papr_vmm *vmm, const char *kind,
					   uint64_t nr);

/* Report PAPR_EV_CALL if the trace is on. */
void trace_tell(const struct papr_vmm *vmm, const struct papr_call *call);
/* Report a call by number, whose arguments are registers. Leave out zeroes at the end of
 * args and rets, but keep rets[0], the status. */
void trace_tell_number(const struct papr_vmm *vmm, const char *kind, uint64_t nr,
		       const struct papr_call *call);
