/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cpu_list.h - the cores of this machine, owned or not, and their caches
 *
 * A core is a connector of /cpus. This partition owns it if a node below /cpus has the
 * connector's index. A missing or damaged property affects only its own node.
 *
 * Memory:  that of the list or run that reads it.
 * Source:  PAPR+ 13.5.2, C.6.5 (processor and cache nodes)
 */
#pragma once

#include "libdrmgr/numa/affinity.h"
#include "libdrmgr/core/connector.h"
#include "libdrmgr/core/linux_cpus.h"

struct cpu_thread {
	uint32_t hardware;
	const struct linux_cpu *cpu; /* NULL: unknown to Linux */
};

struct cache {
	const char *name; /* "l2-cache@2001" */
	uint32_t phandle; /* "ibm,phandle" */
	uint32_t next;	  /* phandle of the next cache, 0: none */
};

struct cpu {
	const struct connector *c;
	const struct occupant *node; /* NULL: not owned */
	struct cpu_thread *threads;
	size_t n_threads;
	const struct cache *l2, *l3; /* NULL: none, or not read */
	uint32_t numa_node;	     /* AFFINITY_NO_NODE also if not read */
};

struct cpu_list {
	struct connectors connectors;
	struct cpu *cpus; /* the last connector first, as in the peer's output */
	size_t n;
	struct linux_cpus linux_cpus;
	struct cache *caches; /* by name */
	size_t n_caches;
};

/* Read the cores and threads. Return 0, or -ENODEV if there are no cores. */
int cpu_list_read(struct cpu_list *list, struct mem *m, const struct dr_ctx *dr);

/* Read more of each owned core, at the cost of some reads each. */
int cpu_list_read_caches(struct cpu_list *list, const struct dr_ctx *dr);
void cpu_list_read_numa(struct cpu_list *list, const struct dr_ctx *dr,
			const struct affinity *affinity);
