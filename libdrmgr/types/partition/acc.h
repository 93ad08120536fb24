/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * acc.h - change the partition's credits of the compression accelerator
 *
 * Errors:  negative errno and result->error. DR_FAULT_NOT_CAPABLE: this kernel has no
 *          file for credits. DR_FAULT_KERNEL: the kernel rejects the number.
 *          DR_FAULT_TREE: the kernel accepts it but reports another number.
 * Source:  Linux 6.1 arch/powerpc/platforms/pseries/vas-sysfs.c
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "libdrmgr/core/result.h"

/* Set the credits of the partition's quality-of-service class. Return 0 or a negative
 * errno. */
int acc_set_credits(struct dr_ctx *dr, unsigned int credits, struct dr_result *result);
