/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu_threads.h - the processors that Linux makes of a core: taken into use or out of it
 *
 * Errors:  negative errno, and xact.error; -EBUSY Linux needs the last one that is left.
 * Source:  Linux 6.1 Documentation/core-api/cpu_hotplug.rst
 */
#pragma once

#include "libdrmgr/types/cpu/cpu_list.h"
#include "libdrmgr/core/xact.h"

bool cpu_is_online(const struct cpu *cpu); /* at least one of its threads */

/* Takes all but the first so many into use, or out of it; those that are not yet. The
 * inverse puts them back. */
int cpu_threads_set(struct xact *x, const struct cpu *cpu, size_t but_first, bool online);

/* For what may take them out of use on its way: the inverse takes those into use again
 * that were. */
int cpu_threads_keep(struct xact *x, const struct cpu *cpu);

/* Every thread of a core into use, or all but the first of those that are in use out of
 * it: one transaction. */
int cpu_set_smt(struct dr_ctx *dr, const struct cpu *cpu, bool all,
		struct dr_result *result);

/* Set the threads of a core to what they were when the list was read. */
int cpu_threads_restore(struct dr_ctx *dr, const struct cpu *cpu,
			struct dr_result *result);

/* Which ones Linux uses. */
struct cpus_online {
	uint8_t bit[LINUX_CPUS_MAX / 8];
};

/* Where sysfs does not say, none. */
void cpus_online_read(struct cpus_online *set, const struct kern_root *root);

/* Those in one and not in the other, as devices of the result. 0, -ENOMEM. */
int cpus_online_differ(const struct cpus_online *in, const struct cpus_online *not_in,
		       struct dr_result *result);
