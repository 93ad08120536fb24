/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * memory.h - memory backends, DIMMs and NVDIMMs, and the logical memory blocks
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/base/device.h"
#include "vmm/base/hcall.h"
#include "vmm/base/machine.h"
#include "vmm/base/option.h"

#define LMB_BYTES (256ULL << 20)

/* Return the connector of the logical memory block at an address. Return NULL if it has
 * none, like boot memory. */
struct connector *lmb_connector(const struct papr_vmm *vmm, uint64_t address);

struct connector;

struct backend {
	struct backend *next;
	char *id;
	char *path; /* "/objects/ID" */
	uint64_t size;
	bool used;
};

struct dimm {
	struct device dev; /* attached to each of its LMB connectors (or one PMEM) */
	struct dimm *next; /* ascending by address */
	struct backend *backend;
	uint64_t address, size; /* size: as the guest sees it */
	uint32_t slot, node;
	uint32_t label_bytes;
	uint8_t uuid[16];
	bool nvdimm;
	/* While an unplug is in progress: the number of LMBs that the guest has not
	 * released. */
	bool unplugging;
	uint32_t lmbs_left;
};

struct memory {
	struct backend *backends;
	struct dimm *dimms;    /* ascending by address */
	uint64_t hotplug_base; /* first address for DIMMs: RAM rounded up to 1 GiB */
	uint64_t hotplug_end;
};

static inline struct memory *memory_of(const struct papr_vmm *vmm)
{
	return machine_of(vmm)->memory;
}

int memory_init(struct papr_vmm *vmm, struct papr_error *error);
void memory_free(struct papr_vmm *vmm);

/* Implement papr_vmm_object_add() and _del(). backend_find() returns NULL if the id does
 * not exist. */
int backend_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
		struct papr_error *error);
int backend_del(struct papr_vmm *vmm, const char *id, struct papr_error *error);
struct backend *backend_find(const struct papr_vmm *vmm, const char *id);

int dimm_add(struct papr_vmm *vmm, bool nvdimm, const struct papr_option *options,
	     size_t n, struct papr_error *error);
/* Remove a DIMM from the machine and free it. Its backend can be used again. */
void dimm_free(struct papr_vmm *vmm, struct dimm *dimm);

extern const struct device_class dimm_class; /* dimm_unplug.c: unplug */

/* Write the nodes memory@... and, if negotiated, /ibm,dynamic-reconfiguration-memory. */
void memory_put_nodes(struct papr_vmm *vmm, struct fdt_out *out);
/* Write /ibm,persistent-memory and its children. */
void memory_put_persistent(struct papr_vmm *vmm, struct fdt_out *out);

/* Write the node of one block of a DIMM, or of an NVDIMM, for its connector. */
int dimm_put_node(struct papr_vmm *vmm, struct device *dev, const struct connector *c,
		  struct fdt_out *out, bool hotplug);

hcall_fn hcall_memop; /* KVMPPC_H_LOGICAL_MEMOP */
