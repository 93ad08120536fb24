// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What memory looks like in the device tree.
 *
 * Source:  PAPR+ C.6.6 (memory nodes), B.6.4 (ibm,dynamic-memory), Linux 6.1
 *          drivers/nvdimm and arch/powerpc/mm/drmem.c; order as QEMU 7.2
 */
#include <errno.h>
#include <stdio.h>

#include "vmm/machine.h"
#include "wire/builder.h"
#include "wire/cas.h"

static bool negotiated(const struct papr_vmm *vmm, unsigned int bit)
{
	return cas_test(vmm->ov5, sizeof(vmm->ov5), bit);
}

void memory_put_associativity(const struct papr_vmm *vmm, struct fdt_out *out,
			      uint32_t node)
{
	if (negotiated(vmm, OV5_FORM2_AFFINITY))
		FDT_OUT_CELLS(out, "ibm,associativity", 1, node);
	else
		FDT_OUT_CELLS(out, "ibm,associativity", 4, 0, 0, 0, node);
}

static void put_reg(struct fdt_out *out, uint64_t address, uint64_t size)
{
	FDT_OUT_CELLS(out, "reg", (uint32_t)(address >> 32), (uint32_t)address,
		      (uint32_t)(size >> 32), (uint32_t)size);
}

static void put_memory(const struct papr_vmm *vmm, struct fdt_out *out, uint64_t address,
		       uint64_t size, uint32_t node)
{
	fdt_out_node(out, "memory@%llx", (unsigned long long)address);
	memory_put_associativity(vmm, out, node);
	put_reg(out, address, size);
	fdt_out_str(out, "device_type", "memory");
	fdt_out_node_end(out);
}

/* ---- Memory that is there from the start ---- */

/* memory@0 is what can be reached in real mode, at most 1 TiB. */
#define REAL_MODE_MAX (1ULL << 40)

static uint64_t power_of_two_in(uint64_t bytes)
{
	return 1ULL << (63 - __builtin_clzll(bytes));
}

/* One node for each naturally aligned power of two. */
static uint64_t piece_at(uint64_t address, uint64_t end)
{
	uint64_t size = power_of_two_in(end - address);
	uint64_t limit = address ? address & -address : REAL_MODE_MAX;

	return size < limit ? size : limit;
}

static void put_boot_memory(const struct papr_vmm *vmm, struct fdt_out *out)
{
	uint64_t starts[64 + 1], end = vmm->cfg.ram_bytes, at = 0;
	unsigned int n = 0;

	while (at < end && n < sizeof(starts) / sizeof(starts[0])) {
		starts[n++] = at;
		at += piece_at(at, end);
	}
	while (n-- > 0)
		put_memory(vmm, out, starts[n], piece_at(starts[n], end), 0);
}

/* ---- Memory that comes and goes ---- */

enum lmb_flags {
	LMB_ASSIGNED = 0x08,
	LMB_NO_CONNECTOR = 0x20,
	LMB_RESERVED = 0x80,
	LMB_HOTREMOVABLE = 0x100,
};

/* Blocks that are alike, one after the other. */
struct lmb_set {
	uint64_t address, end;
	uint32_t drc_index; /* of the first */
	uint32_t array;	    /* of ibm,associativity-lookup-arrays; -1: none */
	uint32_t flags;
};

typedef void set_fn(struct builder *b, const struct lmb_set *set);

static void put_free(struct builder *b, set_fn *put, uint64_t address, uint64_t end)
{
	if (address < end)
		put(b, &(struct lmb_set){ .address = address,
					  .end = end,
					  .drc_index = (uint32_t)DRC_KIND_LMB << 28 |
						       (uint32_t)(address / LMB_BYTES),
					  .array = UINT32_MAX });
}

/* From address 0 to the end of what can be added. An NVDIMM is no memory: its blocks
 * are free (QEMU says so in the second version only; in the first they are assigned,
 * and a guest might use them). */
static void for_each_set(const struct papr_vmm *vmm, struct builder *b, set_fn *put,
			 uint32_t assigned)
{
	const struct memory *memory = &vmm->memory;
	uint64_t at = memory->hotplug_base;

	put(b, &(struct lmb_set){ .end = at,
				  .array = UINT32_MAX,
				  .flags = LMB_RESERVED | LMB_NO_CONNECTOR });
	for (const struct dimm *d = memory->dimms; d; d = d->next) {
		if (d->nvdimm)
			continue;
		put_free(b, put, at, d->address);
		at = d->address + d->size;
		put(b,
		    &(struct lmb_set){ .address = d->address,
				       .end = at,
				       .drc_index = lmb_connector(vmm, d->address)->index,
				       .array = d->node,
				       .flags = assigned });
	}
	put_free(b, put, at, memory->hotplug_end);
}

static void put_each_block(struct builder *b, const struct lmb_set *set)
{
	uint32_t index = set->drc_index;

	for (uint64_t at = set->address; at < set->end; at += LMB_BYTES) {
		builder_be64(b, at);
		builder_be32(b, index);
		builder_be32(b, 0);
		builder_be32(b, set->array);
		builder_be32(b, set->flags);
		if (index)
			index++;
	}
}

static void put_set(struct builder *b, const struct lmb_set *set)
{
	builder_be32(b, (uint32_t)((set->end - set->address) / LMB_BYTES));
	builder_be64(b, set->address);
	builder_be32(b, set->drc_index);
	builder_be32(b, set->array);
	builder_be32(b, set->flags);
}

static void put_map(const struct papr_vmm *vmm, struct fdt_out *out)
{
	enum { SET_BYTES = 24, BLOCK_BYTES = 24 };
	bool v2 = negotiated(vmm, OV5_DRMEM_V2);
	set_fn *put = v2 ? put_set : put_each_block;
	uint32_t assigned = v2 ? LMB_ASSIGNED | LMB_HOTREMOVABLE : LMB_ASSIGNED;
	struct builder count = builder_of(NULL, 0), b;
	size_t len;

	for_each_set(vmm, &count, put, assigned);
	len = 4 + count.len;
	b = builder_of(fdt_out_space(out,
				     v2 ? "ibm,dynamic-memory-v2" : "ibm,dynamic-memory",
				     len),
		       len);
	if (!b.buf)
		return;
	builder_be32(&b, (uint32_t)(count.len / (v2 ? SET_BYTES : BLOCK_BYTES)));
	for_each_set(vmm, &b, put, assigned);
}

static void put_dynamic_memory(const struct papr_vmm *vmm, struct fdt_out *out)
{
	fdt_out_node(out, "ibm,dynamic-reconfiguration-memory");
	if (negotiated(vmm, OV5_FORM2_AFFINITY))
		FDT_OUT_CELLS(out, "ibm,associativity-lookup-arrays", 1, 1, 0);
	else
		FDT_OUT_CELLS(out, "ibm,associativity-lookup-arrays", 1, 4, 0, 0, 0, 0);
	put_map(vmm, out);
	fdt_out_u32(out, "ibm,memory-preservation-time", 0);
	fdt_out_u32(out, "ibm,memory-flags-mask", 0xff);
	fdt_out_u64(out, "ibm,lmb-size", LMB_BYTES);
	fdt_out_node_end(out);
}

void memory_put_nodes(struct papr_vmm *vmm, struct fdt_out *out)
{
	if (negotiated(vmm, OV5_DRCONF_MEMORY) &&
	    vmm->memory.hotplug_end > vmm->memory.hotplug_base)
		put_dynamic_memory(vmm, out);
	put_boot_memory(vmm, out);
}

/* ---- Persistent memory ---- */

static void put_guid(struct fdt_out *out, const uint8_t uuid[16])
{
	char text[37];

	tree_uuid_text(uuid, text);
	fdt_out_str(out, "ibm,unit-guid", text);
}

static void put_nvdimm(const struct papr_vmm *vmm, const struct dimm *dimm,
		       struct fdt_out *out)
{
	uint32_t index = (uint32_t)DRC_KIND_PMEM << 28 | dimm->slot;

	fdt_out_node(out, "ibm,pmemory@%x", (unsigned int)index);
	fdt_out_empty(out, "ibm,cache-flush-required");
	fdt_out_str(out, "ibm,pmem-application", "operating-system");
	fdt_out_u32(out, "ibm,metadata-size", dimm->label_bytes);
	fdt_out_u64(out, "ibm,number-of-blocks", dimm->size / LMB_BYTES);
	fdt_out_u64(out, "ibm,block-size", LMB_BYTES);
	fdt_out_u32(out, "ibm,my-drc-index", index);
	put_guid(out, dimm->uuid);
	memory_put_associativity(vmm, out, dimm->node);
	fdt_out_str(out, "device_type", "ibm,pmemory");
	fdt_out_str(out, "compatible", "ibm,pmemory");
	fdt_out_u32(out, "reg", index);
	fdt_out_node_end(out);
}

void memory_put_persistent(struct papr_vmm *vmm, struct fdt_out *out)
{
	fdt_out_node(out, "ibm,persistent-memory");
	fdt_out_str(out, "device_type", "ibm,persistent-memory");
	fdt_out_u32(out, "#size-cells", 0);
	fdt_out_u32(out, "#address-cells", 1);
	for (const struct dimm *d = vmm->memory.dimms; d; d = d->next)
		if (d->nvdimm)
			put_nvdimm(vmm, d, out);
	fdt_out_node_end(out);
}

/* QEMU takes the whole index of the connector for the number of the block, and so
 * gives an address far outside memory. */
int dimm_put_node(struct papr_vmm *vmm, struct device *dev, const struct connector *c,
		  struct fdt_out *out, bool hotplug)
{
	const struct dimm *dimm =
		(struct dimm *)((char *)dev - offsetof(struct dimm, dev));

	(void)hotplug;
	if (dimm->nvdimm)
		put_nvdimm(vmm, dimm, out);
	else
		put_memory(vmm, out, (c->index & 0x0fffffff) * LMB_BYTES, LMB_BYTES,
			   dimm->node);
	return 0;
}
