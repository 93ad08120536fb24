// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/hcall.h"
#include "vmm/base/machine.h"
#include "vmm/base/machine_types.h"
#include "vmm/memory/memory.h"
#include "vmm/memory/numa.h"
#include "wire/builder.h"
#include "wire/cas.h"

enum { LOCAL_DISTANCE = 10, REMOTE_DISTANCE = 20 };

/* ---- Configuration ---- */

static int check_memory(const struct papr_config *cfg, struct papr_error *error)
{
	const struct papr_numa_node *nodes = cfg->numa_nodes;
	uint64_t sum = 0;

	for (unsigned int i = 0; i < cfg->n_numa_nodes; i++) {
		if (nodes[i].ram_bytes > cfg->ram_bytes - sum)
			return papr_fail(error, -EINVAL,
					 "the NUMA nodes have more memory than the "
					 "machine (0x%" PRIx64 ")",
					 cfg->ram_bytes);
		sum += nodes[i].ram_bytes;
	}
	if (sum != cfg->ram_bytes)
		return papr_fail(error, -EINVAL,
				 "total memory for NUMA nodes (0x%" PRIx64
				 ") should equal RAM size (0x%" PRIx64 ")",
				 sum, cfg->ram_bytes);
	for (unsigned int i = 0; i < cfg->n_numa_nodes; i++)
		for (unsigned int j = 0; j < i; j++)
			if (nodes[i].memdev && nodes[j].memdev &&
			    !strcmp(nodes[i].memdev, nodes[j].memdev))
				return papr_fail(error, -EINVAL,
						 "memory backend %s can't be used "
						 "multiple times.",
						 nodes[i].memdev);
	return 0;
}

static int check_alignment(const struct papr_config *cfg, struct papr_error *error)
{
	for (unsigned int i = 0; i < cfg->n_numa_nodes; i++)
		if (cfg->numa_nodes[i].ram_bytes % LMB_BYTES)
			return papr_fail(error, -EINVAL,
					 "Node %u memory size 0x%" PRIx64
					 " is not aligned to 256 MiB",
					 i, cfg->numa_nodes[i].ram_bytes);
	return 0;
}

static int check_distance(unsigned int from, unsigned int to, uint8_t distance,
			  struct papr_error *error)
{
	if (distance && distance < LOCAL_DISTANCE)
		return papr_fail(error, -EINVAL,
				 "NUMA distance (%u) is invalid, it shouldn't be less "
				 "than %d.",
				 distance, LOCAL_DISTANCE);
	if (distance && from == to && distance != LOCAL_DISTANCE)
		return papr_fail(error, -EINVAL,
				 "Local distance of node %u should be %d.", from,
				 LOCAL_DISTANCE);
	return 0;
}

/* If two nodes differ in their distances to each other, all distances must be given;
 * otherwise one of each pair is enough. Without any distance there is nothing to check. */
static int check_distances(const struct papr_config *cfg, struct papr_error *error)
{
	const struct papr_numa_node *nodes = cfg->numa_nodes;
	bool uneven = false, any = false;

	for (unsigned int i = 0; i < cfg->n_numa_nodes; i++)
		for (unsigned int j = 0; j < cfg->n_numa_nodes; j++) {
			uint8_t there = nodes[i].distance[j], back = nodes[j].distance[i];
			int err = check_distance(i, j, there, error);

			if (err)
				return err;
			any = any || there;
			uneven = uneven || (there && back && there != back);
		}
	for (unsigned int i = 0; any && i < cfg->n_numa_nodes; i++)
		for (unsigned int j = i + 1; j < cfg->n_numa_nodes; j++) {
			uint8_t there = nodes[i].distance[j], back = nodes[j].distance[i];

			if (!there && !back)
				return papr_fail(
					error, -EINVAL,
					"The distance between node %u and %u is missing, "
					"at least one distance value between each nodes "
					"should be provided.",
					i, j);
			if (uneven && (!there || !back))
				return papr_fail(
					error, -EINVAL,
					"At least one asymmetrical pair of distances is "
					"given, please provide distances for both "
					"directions of all node pairs.");
		}
	return 0;
}

static int check_cores(const struct papr_config *cfg, struct papr_error *error)
{
	unsigned int nodes = cfg->n_numa_nodes ? cfg->n_numa_nodes : 1;

	for (unsigned int i = 0; cfg->core_nodes && i < cfg->max_cpus / cfg->threads; i++)
		if (cfg->core_nodes[i] >= nodes)
			return papr_fail(error, -EINVAL,
					 "core %u is in NUMA node %u, which does not "
					 "exist",
					 i * cfg->threads, cfg->core_nodes[i]);
	return 0;
}

static void complete_distances(struct papr_numa_node *nodes, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		nodes[i].distance[i] = LOCAL_DISTANCE;
		for (unsigned int j = 0; j < n; j++)
			if (!nodes[i].distance[j])
				nodes[i].distance[j] = nodes[j].distance[i]
							       ? nodes[j].distance[i]
							       : REMOTE_DISTANCE;
	}
}

static void nodes_free(struct papr_numa_node *nodes, unsigned int n)
{
	for (unsigned int i = 0; nodes && i < n; i++)
		free((void *)(uintptr_t)nodes[i].memdev); /* a copy */
	free(nodes);
}

static struct papr_numa_node *nodes_copy(const struct papr_numa_node *from,
					 unsigned int n)
{
	struct papr_numa_node *nodes = calloc(n, sizeof(*nodes));
	bool ok = nodes;

	for (unsigned int i = 0; nodes && i < n; i++) {
		nodes[i] = from[i];
		if (from[i].memdev) {
			nodes[i].memdev = strdup(from[i].memdev);
			ok = ok && nodes[i].memdev;
		}
	}
	if (ok) {
		complete_distances(nodes, n);
		return nodes;
	}
	nodes_free(nodes, n);
	return NULL;
}

int numa_config_copy(struct papr_config *cfg, struct papr_error *error)
{
	const uint8_t *core_nodes = cfg->core_nodes;
	struct papr_numa_node *nodes = NULL;
	unsigned int n = cfg->numa_nodes ? cfg->n_numa_nodes : 0;
	size_t n_cores = cfg->max_cpus / cfg->threads;
	uint8_t *copy = NULL;
	int err = 0;

	cfg->n_numa_nodes = n;
	if (n > PAPR_NUMA_NODES)
		return papr_fail(error, -EINVAL, "more than %d NUMA nodes",
				 PAPR_NUMA_NODES);
	if (n)
		err = check_memory(cfg, error);
	if (!err)
		err = check_distances(cfg, error);
	if (!err)
		err = check_alignment(cfg, error);
	if (!err)
		err = check_cores(cfg, error);
	if (err)
		return err;

	if (core_nodes)
		copy = malloc(n_cores);
	if (n)
		nodes = nodes_copy(cfg->numa_nodes, n);
	if ((n && !nodes) || (core_nodes && !copy)) {
		nodes_free(nodes, n);
		free(copy);
		return papr_fail(error, -ENOMEM, "out of memory");
	}
	if (copy)
		memcpy(copy, core_nodes, n_cores);
	cfg->core_nodes = copy;
	cfg->numa_nodes = nodes;
	return 0;
}

void numa_config_free(struct papr_config *cfg)
{
	nodes_free((struct papr_numa_node *)(uintptr_t)cfg->numa_nodes,
		   cfg->n_numa_nodes);
	free((void *)(uintptr_t)cfg->core_nodes);
	cfg->numa_nodes = NULL;
	cfg->core_nodes = NULL;
	cfg->n_numa_nodes = 0;
}

/* ---- Facts ---- */

uint32_t numa_count(const struct papr_vmm *vmm)
{
	return machine_of(vmm)->cfg.n_numa_nodes ? machine_of(vmm)->cfg.n_numa_nodes : 1;
}

uint64_t numa_ram(const struct papr_vmm *vmm, uint32_t node)
{
	return machine_of(vmm)->cfg.n_numa_nodes
		       ? machine_of(vmm)->cfg.numa_nodes[node].ram_bytes
		       : machine_of(vmm)->cfg.ram_bytes;
}

uint32_t numa_of_core(const struct papr_vmm *vmm, uint32_t core_id)
{
	const struct papr_config *cfg = &machine_of(vmm)->cfg;
	uint32_t place = core_id / cfg->threads;

	if (cfg->core_nodes)
		return cfg->core_nodes[place];
	return cfg->cores ? place / cfg->cores % numa_count(vmm) : 0;
}

bool numa_has_backend(const struct papr_vmm *vmm, const char *id, uint64_t *size)
{
	const struct papr_config *cfg = &machine_of(vmm)->cfg;

	for (unsigned int i = 0; i < cfg->n_numa_nodes; i++)
		if (cfg->numa_nodes[i].memdev && !strcmp(cfg->numa_nodes[i].memdev, id)) {
			*size = cfg->numa_nodes[i].ram_bytes;
			return true;
		}
	return false;
}

/* ---- Form 1 ---- */

/* Return the deepest domain that two nodes share, 4 for a node and itself; 0: none. Linux
 * doubles the distance for each domain that differs: 20, 40, 80. Like QEMU, 11, 31 and 61
 * count as larger than they are. */
static unsigned int level_of(uint8_t distance)
{
	static const struct {
		uint8_t above, up_to;
	} bands[] = { { 61, 120 }, { 31, 60 }, { 11, 30 } };

	if (distance == LOCAL_DISTANCE)
		return NUMA_LEVELS;
	for (unsigned int i = 0; i < sizeof(bands) / sizeof(bands[0]); i++)
		if (distance > bands[i].above && distance <= bands[i].up_to)
			return i + 1;
	return 0;
}

/* Each node passes its domains on to the nodes near it, in the order of their numbers. */
static void define_domains(const struct papr_config *cfg,
			   uint32_t (*domains)[NUMA_LEVELS])
{
	unsigned int n = cfg->n_numa_nodes;

	for (unsigned int i = 0; i < n; i++)
		for (unsigned int j = 0; j < NUMA_LEVELS - 1; j++)
			domains[i][j] = i;
	for (unsigned int i = 0; i < n; i++)
		for (unsigned int j = i; j < n; j++) {
			unsigned int level = level_of(cfg->numa_nodes[i].distance[j]);

			for (unsigned int at = 0; at < level; at++)
				domains[j][at] = domains[i][at];
		}
}

int numa_init(struct papr_vmm *vmm)
{
	uint32_t n = numa_count(vmm);

	numa_of(vmm)->domains = calloc(n, sizeof(*numa_of(vmm)->domains));
	if (!numa_of(vmm)->domains)
		return -ENOMEM;
	if (n > 1)
		define_domains(&machine_of(vmm)->cfg, numa_of(vmm)->domains);
	for (uint32_t i = 0; i < n; i++)
		numa_of(vmm)->domains[i][NUMA_LEVELS - 1] = i;
	return 0;
}

void numa_free(struct papr_vmm *vmm)
{
	free(numa_of(vmm)->domains);
	numa_of(vmm)->domains = NULL;
}

static bool is_form2(const struct papr_vmm *vmm)
{
	return machine_negotiated(vmm, OV5_FORM2_AFFINITY);
}

/* Write a node's domains, in the negotiated form. Return their number. */
static uint32_t domains_of(const struct papr_vmm *vmm, uint32_t node,
			   uint32_t domains[NUMA_LEVELS])
{
	if (is_form2(vmm)) {
		domains[0] = node;
		return 1;
	}
	memcpy(domains, numa_of(vmm)->domains[node], sizeof(numa_of(vmm)->domains[node]));
	return NUMA_LEVELS;
}

void numa_put(const struct papr_vmm *vmm, struct fdt_out *out, uint32_t node)
{
	uint32_t cells[1 + NUMA_LEVELS];

	cells[0] = domains_of(vmm, node, cells + 1);
	fdt_out_cells(out, "ibm,associativity", cells, 1 + cells[0]);
}

uint32_t numa_cells_of_cpu(const struct papr_vmm *vmm, uint32_t cpu,
			   uint32_t cells[2 + NUMA_LEVELS])
{
	uint32_t n = domains_of(vmm, numa_of_core(vmm, cpu), cells + 1);

	cells[0] = n + 1;
	cells[1 + n] = cpu;
	return n + 2;
}

/* Cores have the property only if there are several nodes. */
void numa_put_core(const struct papr_vmm *vmm, struct fdt_out *out, uint32_t core_id)
{
	uint32_t cells[2 + NUMA_LEVELS];

	if (numa_count(vmm) > 1)
		fdt_out_cells(out, "ibm,associativity", cells,
			      numa_cells_of_cpu(vmm, core_id, cells));
}

void numa_put_arrays(const struct papr_vmm *vmm, struct fdt_out *out)
{
	uint32_t n = numa_count(vmm), domains[NUMA_LEVELS];
	uint32_t len = domains_of(vmm, 0, domains);
	size_t bytes = (2 + (size_t)n * len) * sizeof(uint32_t);
	struct builder b = builder_of(
		fdt_out_space(out, "ibm,associativity-lookup-arrays", bytes), bytes);

	if (!b.buf)
		return;
	builder_be32(&b, n);
	builder_be32(&b, len);
	for (uint32_t i = 0; i < n; i++) {
		domains_of(vmm, i, domains);
		for (uint32_t j = 0; j < len; j++)
			builder_be32(&b, domains[j]);
	}
}

static uint8_t distance(const struct papr_vmm *vmm, uint32_t from, uint32_t to)
{
	return from == to ? LOCAL_DISTANCE
			  : machine_of(vmm)->cfg.numa_nodes[from].distance[to];
}

static void put_tables(const struct papr_vmm *vmm, struct fdt_out *out)
{
	uint32_t n = numa_count(vmm), numbers[1 + PAPR_NUMA_NODES] = { n };
	size_t bytes = sizeof(uint32_t) + (size_t)n * n;
	struct builder b =
		builder_of(fdt_out_space(out, "ibm,numa-distance-table", bytes), bytes);

	if (b.buf)
		builder_be32(&b, n * n);
	for (uint32_t i = 0; i < n; i++) {
		numbers[1 + i] = i;
		for (uint32_t j = 0; b.buf && j < n; j++)
			builder_u8(&b, distance(vmm, i, j));
	}
	fdt_out_cells(out, "ibm,numa-lookup-index-table", numbers, 1 + n);
}

void numa_put_rtas(const struct papr_vmm *vmm, struct fdt_out *out)
{
	uint32_t n = numa_count(vmm);

	if (is_form2(vmm)) {
		put_tables(vmm, out);
		FDT_OUT_CELLS(out, "ibm,max-associativity-domains", 1, n);
		FDT_OUT_CELLS(out, "ibm,associativity-reference-points", 1);
	} else if (n > 1) {
		FDT_OUT_CELLS(out, "ibm,max-associativity-domains", 4, n, n, n, n);
		FDT_OUT_CELLS(out, "ibm,associativity-reference-points", 4, 3, 2, 1);
	} else {
		FDT_OUT_CELLS(out, "ibm,max-associativity-domains", 4, 0, 0, 0, 1);
		FDT_OUT_CELLS(out, "ibm,associativity-reference-points", 4, 4, 2);
	}
}
