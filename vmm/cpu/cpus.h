/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cpus.h - cores, their threads, and their device-tree nodes
 *
 * The number of a core's place is its core-id divided by the threads per core. The
 * core-id is the interrupt server number of the core's first thread, and the id of its
 * connector.
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/base/device.h"
#include "vmm/base/hcall.h"
#include "vmm/base/machine.h"
#include "vmm/base/machine_types.h"
#include "vmm/base/option.h"
#include "vmm/base/rtas_frame.h"

/* Find a type's model by "power9" or "power9_v2.0", in any case, or by its core_type.
 * Return NULL if the type does not have it. */
const struct cpu_model *cpu_model_find(const struct machine_type *type, const char *name);
const struct cpu_model *cpu_model_of_core(const struct machine_type *type,
					  const char *core_type);

struct core {
	struct device dev; /* attached to its CPU connector */
	struct core *next; /* in the order of addition */
	uint32_t id;	   /* core-id: thread 0's number */
	bool present;
	bool *halted; /* one flag per thread */
	char *path;   /* path in QEMU's object tree */
};

struct cpus {
	const struct cpu_model *model;
	uint32_t threads; /* per core */
	uint32_t n_cores; /* max_cpus / threads */
	struct core *cores;
	struct core *first; /* first present core */
	uint32_t hpt_shift; /* log2 of the hash page table's bytes */
};

static inline struct cpus *cpus_of(const struct papr_vmm *vmm)
{
	return machine_of(vmm)->cpus;
}

int cpus_init(struct papr_vmm *vmm, struct papr_error *error);
void cpus_free(struct papr_vmm *vmm);
void cpus_reset(struct papr_vmm *vmm); /* start thread 0, stop all others */
/* Size the hash page table for the current memory. */
void cpus_reset_hpt(struct papr_vmm *vmm);
/* After a CAS: if the guest uses a hash page table and cannot resize it, size it for the
 * maximum memory. */
void cpus_negotiated(struct papr_vmm *vmm);

int core_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
	     struct papr_error *error);

/* Return the "halted" flag of a thread by its interrupt server number, or NULL if the
 * thread does not exist. */
bool *cpus_halted(struct papr_vmm *vmm, uint32_t thread);
/* Return true if more than one thread is running. */
bool cpus_others_run(const struct papr_vmm *vmm);

/* Write the node /cpus, or the node of one core. */
void cpus_put_node(struct papr_vmm *vmm, struct fdt_out *out);
void core_put_node(const struct papr_vmm *vmm, const struct core *core,
		   struct fdt_out *out, bool hotplug);

extern const struct state_section state_cpus;

extern const struct rtas_handler rtas_cpu_calls[]; /* rtas_cpu.c */
rtas_fn cpus_rtas_suspend;

/* cpu_numa.c: return true if form 1 can describe the NUMA nodes. Otherwise log the
 * reason. */
bool numa_fits_form1(const struct papr_vmm *vmm);
hcall_fn hcall_home_node;
