/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * entitlement.h - what a shared-processor or shared-memory partition is entitled to
 *
 * Capacity and weight, of processors and of memory: numbers that the hypervisor keeps. It
 * may grant less than was asked for, so what holds is read afterwards.
 *
 * Errors:  negative errno and result->error.
 * Source:  Linux 6.1 arch/powerpc/platforms/pseries/lparcfg.c
 */
#pragma once

#include "libdrmgr/core/xact.h"
#include "wire/lparcfg.h"

struct entitlement {
	const char *key; /* LPARCFG_MEM_CAPACITY... */
	bool add;	 /* or take away */
	uint64_t by;
	uint64_t before, wanted;
	uint64_t now; /* what holds in the end */
};

/* 0; -ENOTSUP this kernel or partition has no such number, -EINVAL there is not as much
 * as is to be taken away, -EOVERFLOW it would be more than any. */
int entitlement_change(struct dr_ctx *dr, struct entitlement *e,
		       struct dr_result *result);
