/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cpu_threads.h - set the processors that Linux has for a core online or offline
 *
 * Errors:  negative errno, and xact.error; -EBUSY: Linux needs its last online processor.
 * Source:  Linux 6.1 Documentation/core-api/cpu_hotplug.rst
 */
#pragma once

#include "libdrmgr/types/cpu/cpu_list.h"
#include "libdrmgr/core/xact.h"

bool cpu_is_online(const struct cpu *cpu); /* at least one of its threads */

/* Set the threads of a core online or offline, except the first but_first ones. Threads
 * that the kernel keeps offline (smt/control, Linux 6.6 and later, or EPERM) stay offline:
 * that is no error, and a warning names them. The inverse restores the threads that it
 * changed. */
int cpu_threads_set(struct xact *x, const struct cpu *cpu, size_t but_first, bool online);

/* Warn of threads of a new core that the kernel has kept offline. n_online: threads that are
 * online. */
void cpu_threads_tell(const struct dr_ctx *dr, const struct connector *c,
		      const char *node, size_t n_online);

/* In a plan of an addition, warn if the kernel will keep threads offline. */
void cpu_threads_plan(const struct dr_ctx *dr, const struct connector *c);

/* Push an inverse that sets the online threads online again, before a change that may set
 * them offline. */
int cpu_threads_keep(struct xact *x, const struct cpu *cpu);

/* Set all threads of a core online, or all but the first online one offline, in one
 * transaction. */
int cpu_set_smt(struct dr_ctx *dr, const struct cpu_list *list, const struct cpu *cpu,
		bool all, struct dr_result *result);

/* Set the threads of a core to what they were when the list was read. */
int cpu_threads_restore(struct dr_ctx *dr, const struct cpu *cpu,
			struct dr_result *result);

/* The set of online processors. */
struct cpus_online {
	uint8_t bit[LINUX_CPUS_MAX / 8];
};

/* Read the online processors. If sysfs does not list them, the set is empty. */
int cpus_online_read(struct xact *x, struct cpus_online *set);

/* Add the processors of one set that are not in the other to the devices of the result. */
void cpus_online_differ(const struct cpus_online *in, const struct cpus_online *not_in,
			struct dr_result *result);

/* Report each program of which a thread may only run on processors of this core, from thread
 * but_first on, or of cores that a plan has removed before. With dr.no_loss refuse the change
 * then, and if that is unknown. Only with dr.no_loss, or in a plan. Return 0, -EBUSY or
 * -ENOMEM. */
int cpu_check_loss(struct xact *x, const struct cpu_list *list, const struct cpu *cpu,
		   size_t but_first, const struct cpus_online *online);
