/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * acc.h - how much of the compression accelerator the partition may use at a time
 *
 * Errors:  negative errno and result->error: DR_FAULT_NOT_CAPABLE this kernel has no file
 *          for it, DR_FAULT_KERNEL it refuses the number, DR_FAULT_TREE it took it and
 *          has another one.
 * Source:  Linux 6.1 arch/powerpc/platforms/pseries/vas-sysfs.c
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "libdrmgr/core/result.h"

/* Credits that came with the partition's quality of service. */
int acc_set_credits(struct dr_ctx *dr, unsigned int credits, struct dr_result *result);
