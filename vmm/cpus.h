/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cpus.h - cores, their threads, and what they look like in the tree
 *
 * A place for a core is its core-id divided by the threads of a core. The core-id is
 * the interrupt server number of the core's first thread, and the id of its connector.
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/device.h"

/* What is fixed about one kind of processor. */
struct cpu_model {
	const char *name;      /* "power9" */
	const char *core_type; /* "power9_v2.0-spapr-cpu-core" */
	const char *node;      /* "PowerPC,POWER9" */
	uint32_t pvr;
	uint32_t host_threads; /* of a core of the real machine; 0: not told */
	bool isa3;	       /* radix translation, XIVE interrupts */
};

/* "power9" or "power9_v2.0", in any case; NULL: unknown. */
const struct cpu_model *cpu_model_find(const char *name);
/* By core_type; NULL: unknown. */
const struct cpu_model *cpu_model_of_core(const char *core_type);

struct core {
	struct device dev; /* attached to its CPU connector */
	struct core *next; /* in the order of their coming */
	uint32_t id;	   /* core-id: thread 0's number */
	bool present;
	bool *halted; /* of each thread */
	char *path;   /* where QEMU has it in its object tree */
};

struct cpus {
	const struct cpu_model *model;
	uint32_t threads; /* per core */
	uint32_t n_cores; /* max_cpus / threads */
	struct core *cores;
	struct core *first; /* of those that are present */
	uint32_t hpt_shift; /* the hash page table has so many bytes, as power of two */
};

int cpus_init(struct papr_vmm *vmm, struct papr_error *error);
void cpus_free(struct papr_vmm *vmm);
void cpus_reset(struct papr_vmm *vmm); /* thread 0 of the machine runs, others halt */
/* A hash page table for the memory that there is. */
void cpus_reset_hpt(struct papr_vmm *vmm);
/* After a CAS: a guest that has a hash page table and cannot resize it has the largest
 * that it may ever need. */
void cpus_negotiated(struct papr_vmm *vmm);

int core_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
	     struct papr_error *error);

/* "halted" flag of a thread by its interrupt server number; NULL: no such thread. */
bool *cpus_halted(struct papr_vmm *vmm, uint32_t thread);
/* Is any thread but one running? */
bool cpus_others_run(const struct papr_vmm *vmm);

/* The node /cpus, and that of one core. */
void cpus_put_node(struct papr_vmm *vmm, struct fdt_out *out);
void core_put_node(const struct papr_vmm *vmm, const struct core *core,
		   struct fdt_out *out, bool hotplug);
