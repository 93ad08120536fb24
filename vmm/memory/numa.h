/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * numa.h - NUMA nodes: which memory and cores they have, and their distances
 *
 * A guest sees a node as the last domain of associativity arrays. By form 1 two nodes are
 * the nearer, the more domains they share; by form 2 a table has their distances. CAS
 * negotiates form 2. Without configured nodes everything is in node 0.
 *
 * Source:  PAPR+ C.6.2, 14.11.3 (H_HOME_NODE_ASSOCIATIVITY), QEMU 7.2, measured
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/tree/fdt_out.h"
#include "vmm/paprvmm.h"

enum { NUMA_LEVELS = 4 }; /* domains in an array of form 1; the last one is the node */

struct numa {
	uint32_t (*domains)[NUMA_LEVELS]; /* by form 1, of each node */
};

/* Check the nodes, make a copy and complete the distances. All other members of the
 * configuration are set. Return 0, -EINVAL (see *error) or -ENOMEM. On error nothing needs
 * to be freed. */
int numa_config_copy(struct papr_config *cfg, struct papr_error *error);
void numa_config_free(struct papr_config *cfg);

int numa_init(struct papr_vmm *vmm);
void numa_free(struct papr_vmm *vmm);

uint32_t numa_count(const struct papr_vmm *vmm);	      /* at least 1 */
uint64_t numa_ram(const struct papr_vmm *vmm, uint32_t node); /* boot memory */
uint32_t numa_of_core(const struct papr_vmm *vmm, uint32_t core_id);
/* Return true if this backend is the boot memory of a node, and set its size. */
bool numa_has_backend(const struct papr_vmm *vmm, const char *id, uint64_t *size);

/* Return true if form 1 can describe the nodes. Otherwise log the reason. */
bool numa_fits_form1(const struct papr_vmm *vmm);

/* Write "ibm,associativity" of a node, and of a core, in the negotiated form. */
void numa_put(const struct papr_vmm *vmm, struct fdt_out *out, uint32_t node);
void numa_put_core(const struct papr_vmm *vmm, struct fdt_out *out, uint32_t core_id);
/* Write the arrays that the indexes in ibm,dynamic-memory mean. */
void numa_put_arrays(const struct papr_vmm *vmm, struct fdt_out *out);
/* Write the properties of /rtas. */
void numa_put_rtas(const struct papr_vmm *vmm, struct fdt_out *out);
