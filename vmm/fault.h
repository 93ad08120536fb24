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
	struct papr_fault is; /* with its own copy of the name */
};

struct faults {
	struct fault *first;
	int last_id;
	bool trace;
};

/* Is the call of this name to be answered so? Counts it. NULL: no. */
const struct papr_fault *fault_take(struct papr_vmm *vmm, const char *call);
void faults_free(struct faults *faults);
