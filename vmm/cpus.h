/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cpus.h - cores, their threads, and what they look like in the tree
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
	/* ... caches, page sizes, pa-features: see cpu_models.c */
};

struct core {
	struct device dev; /* attached to its CPU connector */
	uint32_t id;	   /* core-id: thread 0's number */
	bool present, boot;
	bool *halted; /* of each thread */
};

struct cpus {
	const struct cpu_model *model;
	uint32_t threads; /* per core */
	uint32_t n_cores; /* max_cpus / threads */
	struct core *cores;
};

int cpus_init(struct papr_vmm *vmm, struct papr_error *error);
void cpus_free(struct papr_vmm *vmm);
void cpus_reset(struct papr_vmm *vmm); /* thread 0 of the machine runs, others halt */

int core_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
	     struct papr_error *error);

/* "halted" flag of a thread by its interrupt server number; NULL: no such thread. */
bool *cpus_halted(struct papr_vmm *vmm, uint32_t thread);
/* Is any thread but one running? */
bool cpus_others_run(const struct papr_vmm *vmm);

/* The node /cpus. */
void cpus_put_node(struct papr_vmm *vmm, struct fdt_out *out);
