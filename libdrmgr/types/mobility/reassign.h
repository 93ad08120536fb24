/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reassign.h - a core or an LMB that firmware has moved: given back, and taken again, so
 * that Linux sees where it is now
 *
 * Each of both is done, or undone, as if it had been asked for by itself; in between the
 * partition has not got it.
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

/* Looks for the resource. -ENOENT: there is no such connector. */
int reassign_open(struct reassign *r, struct dr_ctx *dr, enum prrn_kind kind,
		  uint32_t drc_index, struct dr_result *result);
void reassign_close(struct reassign *r);

/* The last core stays: DR_FAULT_TOO_FEW. Memory of a KVM guest would be lost:
 * DR_FAULT_STRANDED. */
int reassign_remove(const struct reassign *r, struct dr_result *result);
int reassign_add(const struct reassign *r, struct dr_result *result);
