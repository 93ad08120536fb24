/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * entitlement.h - change the entitlement of a shared-processor or shared-memory partition
 *
 * The hypervisor has the capacity and weight of processors and of memory. It may grant
 * less than was requested, so the number is read again after a change.
 *
 * Errors:  negative errno and result->error.
 * Source:  Linux 6.1 arch/powerpc/platforms/pseries/lparcfg.c
 */
#pragma once

#include "libdrmgr/core/type.h"
#include "libdrmgr/core/xact.h"
#include "wire/lparcfg.h"

struct entitlement {
	const char *key; /* LPARCFG_MEM_CAPACITY... */
	bool add;	 /* or subtract */
	uint64_t by;
	uint64_t before, wanted;
	uint64_t now; /* the number after the change */
};

/* Change a number. Return 0; -ENOTSUP: this kernel or partition does not have the number;
 * -EINVAL: subtracting would make it negative; -EOVERFLOW: it would not fit. */
int entitlement_change(struct dr_ctx *dr, struct entitlement *e,
		       struct dr_result *result);

/* Check a request with a parameter that is a share (struct dr_type.check). */
int entitlement_check(const struct dr_request *request, char **text);
