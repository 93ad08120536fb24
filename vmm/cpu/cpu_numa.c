// SPDX-License-Identifier: LGPL-2.1-or-later
/* NUMA nodes of processors. */
#include <string.h>

#include "vmm/base/machine.h"
#include "vmm/cpu/cpus.h"
#include "vmm/memory/numa.h"

static bool cpus_has_node(const struct papr_vmm *vmm, uint32_t node)
{
	for (const struct core *core = cpus_of(vmm)->first; core; core = core->next)
		if (numa_of_core(vmm, core->id) == node)
			return true;
	return false;
}

bool numa_fits_form1(const struct papr_vmm *vmm)
{
	const struct papr_numa_node *nodes = machine_of(vmm)->cfg.numa_nodes;
	unsigned int n = machine_of(vmm)->cfg.n_numa_nodes;

	for (unsigned int i = 0; i < n; i++)
		if (!nodes[i].ram_bytes && !cpus_has_node(vmm, i)) {
			machine_log(vmm,
				    "Memory-less/cpu-less nodes are not supported with "
				    "FORM1 NUMA (node %u)",
				    i);
			return false;
		}
	for (unsigned int i = 0; i < n; i++)
		for (unsigned int j = i + 1; j < n; j++)
			if (nodes[i].distance[j] != nodes[j].distance[i]) {
				machine_log(vmm, "Asymmetrical NUMA topologies aren't "
						 "supported in the pSeries machine using "
						 "FORM1 NUMA");
				return false;
			}
	return true;
}

/* ---- The device tree ---- */

/* flags, processor. The domains are in pairs from r4 on, filled up with -1. */
int64_t hcall_home_node(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	enum { OF_THIS_PARTITION = 1, REGISTERS = 6 };
	uint32_t cells[2 * REGISTERS + 1];

	if (args[0] != OF_THIS_PARTITION)
		return H_FUNCTION;
	if (args[1] > UINT32_MAX || !cpus_halted(vmm, (uint32_t)args[1]))
		return H_P2;
	memset(cells, 0xff, sizeof(cells));
	numa_cells_of_cpu(vmm, (uint32_t)args[1], cells);
	for (unsigned int i = 0; i < REGISTERS; i++)
		args[i] = (uint64_t)cells[1 + 2 * i] << 32 | cells[2 + 2 * i];
	return H_SUCCESS;
}
