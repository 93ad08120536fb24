/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cpu_ops.h - add a core to the partition, or remove it
 *
 * Each is one transaction. The kernel does everything, by /sys/kernel/dlpar. Success is read
 * from the device tree and from the list of online processors.
 *
 * Errors:  negative errno, and *result.
 * Source:  Linux 6.1 arch/powerpc/platforms/pseries/hotplug-cpu.c, PAPR+ 13.5
 */
#pragma once

#include "libdrmgr/types/cpu/cpu_list.h"
#include "libdrmgr/core/result.h"

/* Add a core. try: query firmware first, and do not use the kernel if no core is
 * available. */
int cpu_add(struct dr_ctx *dr, const struct cpu *cpu, bool try, struct dr_result *result);

/* Return true if removing this core (NULL: any core) would leave the partition without a
 * core, or without an online one. */
bool cpu_is_last(const struct cpu_list *list, const struct cpu *but);

int cpu_remove(struct dr_ctx *dr, const struct cpu_list *list, const struct cpu *cpu,
	       struct dr_result *result);
