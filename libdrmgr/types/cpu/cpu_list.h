/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu_list.h - the cores of this machine, those it could get, and their caches
 *
 * A core is a connector of /cpus; it is owned when a node below has the connector's index.
 * What a node lacks, or has in another shape, is not known; that of others is.
 *
 * Memory:  struct cpu_list owns everything; pointers into it live as long.
 * Source:  PAPR+ 13.5.2, C.6.5 (processor and cache nodes)
 */
#pragma once

#include "libdrmgr/types/affinity.h"
#include "libdrmgr/core/connector.h"
#include "libdrmgr/types/cpu/linux_cpus.h"

struct cpu_thread {
	uint32_t hardware;
	const struct linux_cpu *cpu; /* NULL: Linux does not have it */
};

struct cache {
	char *name;	  /* "l2-cache@2001" */
	uint32_t phandle; /* "ibm,phandle" */
	uint32_t next;	  /* phandle of the cache behind it, 0: none */
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
	struct cpu *cpus; /* the last connector first, as the peer has them */
	size_t n;
	struct linux_cpus linux_cpus;
	struct cache *caches; /* by name */
	size_t n_caches;
};

/* "CPU" */
bool connector_is_cpu(const char *type);

/* Cores and threads. 0, -ENOMEM; -ENODEV there are none. Free in any case. */
int cpu_list_read(struct cpu_list *list, const struct dr_ctx *dr);
void cpu_list_free(struct cpu_list *list);

/* More of each owned core, at the price of a look at each. 0, -ENOMEM. */
int cpu_list_read_caches(struct cpu_list *list, const struct dr_ctx *dr);
void cpu_list_read_numa(struct cpu_list *list, const struct dr_ctx *dr,
			const struct affinity *affinity);

/* The name of a node: the last part of its path. */
const char *cpu_node_name(const struct cpu *cpu);
