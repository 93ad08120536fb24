/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu_ops.h - a core is taken into use, or given back
 *
 * One transaction each, in one of three ways: the kernel does all by itself
 * (/sys/kernel/dlpar); it does so through the older files "probe" and "release"; or it
 * does nothing, and connector, device tree and threads are ours to change.
 * Success is looked up in the device tree and in the list of processors in use.
 *
 * Errors:  negative errno, and what happened in *result.
 * Source:  Linux 6.1 arch/powerpc/platforms/pseries/hotplug-cpu.c, PAPR+ 13.5
 */
#pragma once

#include "libdrmgr/types/cpu/cpu_list.h"
#include "libdrmgr/core/result.h"

enum cpu_way { CPU_BY_KERNEL, CPU_BY_PROBE, CPU_BY_TREE };

/* By the name of a backend: "dlpar", "ofdt"; "auto": the first that this kernel has. */
int cpu_choose_way(struct dr_ctx *dr, const char *backend, enum cpu_way *way,
		   struct dr_error *error);

/* try: ask firmware first whether there is a core to be had, and leave the kernel alone
 * if there is none. */
int cpu_add(struct dr_ctx *dr, const struct cpu *cpu, enum cpu_way way, bool try,
	    struct dr_result *result);

/* What Linux runs on must stay, of this partition's cores and of those in use. Would it
 * not, without this one (NULL: whichever)? */
bool cpu_is_last(const struct cpu_list *list, const struct cpu *but);

/* The list tells whether caches are left unused; with CPU_BY_TREE it has them. */
int cpu_remove(struct dr_ctx *dr, const struct cpu_list *list, const struct cpu *cpu,
	       enum cpu_way way, struct dr_result *result);
