/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * reassign.h - remove and add a core or an LMB that firmware has moved, so that Linux
 * reads its new place
 *
 * The removal and the addition are separate transactions. Between them the partition does
 * not own the resource.
 *
 * Memory:  struct reassign owns everything; close it in any case.
 * Errors:  negative errno, and result->error.
 * Source:  PAPR+ 10.2.1 (platform resource reassignment)
 */
#pragma once

#include "libdrmgr/types/cpu/cpu_ops.h"
#include "wire/prrn.h"

struct reassign {
	struct dr_ctx *dr;
	enum prrn_kind kind; /* PRRN_CPU, PRRN_MEM */
	char *name;
	struct drc drc;
	bool is_owned;
};

/* Find the resource. -ENOENT: there is no such connector. */
int reassign_open(struct reassign *r, struct dr_ctx *dr, enum prrn_kind kind,
		  uint32_t drc_index, struct dr_result *result);
void reassign_close(struct reassign *r);

/* Remove or add the resource. DR_FAULT_TOO_FEW: it is the last core. DR_FAULT_STRANDED: a
 * KVM guest would lose its memory. */
int reassign_remove(const struct reassign *r, struct dr_result *result);
int reassign_add(const struct reassign *r, struct dr_result *result);
