/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cpu_ops.h - add a core to the partition, or remove it
 *
 * Each is one transaction, in one of three ways. The kernel does everything, by
 * /sys/kernel/dlpar or by the older files "probe" and "release". Or the kernel does
 * nothing, and this process changes connector, device tree and threads. Success is read
 * from the device tree and from the list of online processors.
 *
 * Errors:  negative errno, and *result.
 * Source:  Linux 6.1 arch/powerpc/platforms/pseries/hotplug-cpu.c, PAPR+ 13.5
 */
#pragma once

#include "libdrmgr/types/cpu/cpu_list.h"
#include "libdrmgr/core/result.h"

enum cpu_way { CPU_BY_KERNEL, CPU_BY_PROBE, CPU_BY_TREE };

/* Choose the way by the name of a backend: "dlpar", "ofdt", or "auto" for the first that
 * this kernel has. */
int cpu_choose_way(struct dr_ctx *dr, const char *backend, enum cpu_way *way,
		   struct dr_error *error);

/* Add a core. try: query firmware first, and do not use the kernel if no core is
 * available. */
int cpu_add(struct dr_ctx *dr, const struct cpu *cpu, enum cpu_way way, bool try,
	    struct dr_result *result);

/* Return true if removing this core (NULL: any core) would leave the partition without a
 * core, or without an online one. */
bool cpu_is_last(const struct cpu_list *list, const struct cpu *but);

/* Remove a core. The list must have caches if the way is CPU_BY_TREE: unused caches are
 * removed, too. */
int cpu_remove(struct dr_ctx *dr, const struct cpu_list *list, const struct cpu *cpu,
	       enum cpu_way way, struct dr_result *result);
