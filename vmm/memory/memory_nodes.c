// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The device-tree nodes of memory.
 *
 * Source:  PAPR+ C.6.6 (memory nodes), B.6.4 (ibm,dynamic-memory), Linux 6.1
 *          drivers/nvdimm and arch/powerpc/mm/drmem.c; order as QEMU 7.2
 */
#include <errno.h>
#include <stdio.h>

#include "vmm/machine/machine.h"
#include "wire/builder.h"
#include "wire/cas.h"
#include "wire/dynmem.h"

static bool negotiated(const struct papr_vmm *vmm, unsigned int bit)
{
	return cas_test(vmm->ov5, sizeof(vmm->ov5), bit);
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
	numa_put(vmm, out, node);
	put_reg(out, address, size);
	fdt_out_str(out, "device_type", "memory");
	fdt_out_node_end(out);
}

/* ---- Boot memory ---- */

/* memory@0 is the memory that real mode can reach, at most 1 TiB. */
#define REAL_MODE_MAX (1ULL << 40)

static uint64_t power_of_two_in(uint64_t bytes)
{
	return 1ULL << (63 - __builtin_clzll(bytes));
}

/* Return the size of a device-tree node at this address, of a NUMA node that has memory
 * up to end: a naturally aligned power of two. */
static uint64_t piece_at(uint64_t address, uint64_t end)
{
	uint64_t size = power_of_two_in(end - address);
	uint64_t limit = address ? address & -address : REAL_MODE_MAX;

	return size < limit ? size : limit;
}

/* Write the memory from address on, the last one first. */
static void put_pieces(const struct papr_vmm *vmm, struct fdt_out *out, uint64_t address,
		       uint64_t end, uint32_t node)
{
	uint64_t starts[2 * 64], at = address;
	unsigned int n = 0;

	while (at < end && n < sizeof(starts) / sizeof(starts[0])) {
		starts[n++] = at;
		at += piece_at(at, end);
	}
	while (n-- > 0)
		put_memory(vmm, out, starts[n], piece_at(starts[n], end), node);
}

static void put_boot_memory(const struct papr_vmm *vmm, struct fdt_out *out)
{
	uint64_t end = vmm->cfg.ram_bytes;

	for (uint32_t node = numa_count(vmm); node-- > 0;) {
		uint64_t bytes = numa_ram(vmm, node);

		put_pieces(vmm, out, end - bytes, end, node);
		end -= bytes;
	}
}

/* ---- Memory that can be added and removed ---- */

/* The property that sets of LMBs are written to. */
struct map {
	struct builder *b;
	enum dynmem_version version;
	uint32_t entries;
};

/* Write the LMBs from address to end. If the range is empty, write nothing. */
static void put_set(struct map *map, uint64_t address, uint64_t end,
		    const struct lmb_set *like)
{
	struct lmb_set set = *like;

	if (address >= end)
		return;
	set.address = address;
	set.count = (uint32_t)((end - address) / LMB_BYTES);
	lmb_set_encode(map->b, map->version, &set, LMB_BYTES);
	map->entries += map->version == DYNMEM_V2 ? 1 : set.count;
}

static void put_free(struct map *map, uint64_t address, uint64_t end)
{
	put_set(map, address, end,
		&(struct lmb_set){ .drc_index = (uint32_t)DRC_KIND_LMB << 28 |
						(uint32_t)(address / LMB_BYTES),
				   .array = LMB_NO_ARRAY });
}

/* Write all sets, from address 0 to the end of memory that can be added. Return the
 * number of entries.
 *
 * LMBs of an NVDIMM are free, because it is not memory. QEMU marks them as free only in
 * the second version. In the first version it marks them as assigned, and a guest might
 * use them. */
static uint32_t put_sets(const struct papr_vmm *vmm, struct builder *b,
			 enum dynmem_version version)
{
	const struct memory *memory = &vmm->memory;
	struct map map = { .b = b, .version = version };
	uint64_t at = memory->hotplug_base, end;

	put_set(&map, 0, at,
		&(struct lmb_set){ .array = LMB_NO_ARRAY,
				   .flags = LMB_RESERVED | LMB_DRC_INVALID });
	for (const struct dimm *d = memory->dimms; d; d = d->next) {
		if (d->nvdimm)
			continue;
		put_free(&map, at, d->address);
		end = d->address + d->size;
		put_set(&map, d->address, end,
			&(struct lmb_set){
				.drc_index = lmb_connector(vmm, d->address)->index,
				.array = d->node,
				.flags = version == DYNMEM_V2
						 ? LMB_ASSIGNED | LMB_HOTREMOVABLE
						 : LMB_ASSIGNED });
		at = end;
	}
	put_free(&map, at, memory->hotplug_end);
	return map.entries;
}

static void put_map(const struct papr_vmm *vmm, struct fdt_out *out)
{
	bool v2 = negotiated(vmm, OV5_DRMEM_V2);
	enum dynmem_version version = v2 ? DYNMEM_V2 : DYNMEM_V1;
	struct builder size = builder_of(NULL, 0), b;
	uint32_t entries = put_sets(vmm, &size, version);
	size_t len = 4 + size.len;

	b = builder_of(fdt_out_space(out, v2 ? DYNMEM_V2_PROP : DYNMEM_V1_PROP, len),
		       len);
	if (!b.buf)
		return;
	builder_be32(&b, entries);
	put_sets(vmm, &b, version);
}

static void put_dynamic_memory(const struct papr_vmm *vmm, struct fdt_out *out)
{
	fdt_out_node(out, "%s", &DYNMEM_NODE[1]);
	numa_put_arrays(vmm, out);
	put_map(vmm, out);
	fdt_out_u32(out, "ibm,memory-preservation-time", 0);
	fdt_out_u32(out, "ibm,memory-flags-mask", 0xff);
	fdt_out_u64(out, DYNMEM_LMB_SIZE_PROP, LMB_BYTES);
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
	numa_put(vmm, out, dimm->node);
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

/* Write the node of an LMB, or of an NVDIMM. QEMU multiplies the LMB size by the whole
 * connector index, which gives an address far outside of memory. */
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
