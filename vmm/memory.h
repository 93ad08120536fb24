/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * memory.h - memory backends, DIMMs and NVDIMMs, and the logical memory blocks
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/device.h"

#define LMB_BYTES (256ULL << 20)

struct backend {
	struct backend *next;
	char *id;
	uint64_t size;
	bool used;
};

struct dimm {
	struct device dev; /* attached to each of its LMB connectors (or one PMEM) */
	struct dimm *next; /* by address */
	struct backend *backend;
	uint64_t address, size; /* size: what the guest sees */
	uint32_t slot, node;
	uint32_t label_bytes;
	uint8_t uuid[16];
	bool nvdimm;
	/* An unplug on its way: LMBs that the guest has still to give up. */
	bool unplugging;
	uint32_t lmbs_left;
};

struct memory {
	struct backend *backends;
	struct dimm *dimms;
	uint64_t hotplug_base; /* first address for DIMMs: RAM rounded up to 1 GiB */
	uint64_t hotplug_end;
};

int memory_init(struct papr_vmm *vmm, struct papr_error *error);
void memory_free(struct papr_vmm *vmm);

/* papr_vmm_object_add() and _del(). */
int backend_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
		struct papr_error *error);
int backend_del(struct papr_vmm *vmm, const char *id, struct papr_error *error);

int dimm_add(struct papr_vmm *vmm, bool nvdimm, const struct papr_option *options,
	     size_t n, struct papr_error *error);

/* memory@0, /ibm,dynamic-reconfiguration-memory (when negotiated) and
 * /ibm,persistent-memory. */
void memory_put_nodes(struct papr_vmm *vmm, struct fdt_out *out);
