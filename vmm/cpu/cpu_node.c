// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The device-tree node of a core.
 *
 * Source:  PAPR+ C.6.3; values, and order of the properties, as QEMU with TCG
 */
#include <stdio.h>
#include <string.h>

#include "vmm/machine/machine.h"
#include "wire/cas.h"

/* Attribute byte 40 announces radix translation. */
enum { RADIX_BYTE = 2 + 40, RADIX_BIT = 0x80 };
/* Attribute byte 64 announces a second watchpoint register. */
enum { DAWR1_BYTE = 2 + 64, DAWR1_BIT = 0x80 };

enum { PVR_POWER10 = 0x0080 };

/* Return the level whose features the guest sees: the negotiated one, or the chip's. */
static enum cpu_level visible_level(const struct papr_vmm *vmm)
{
	switch (vmm->compat_pvr) {
	case CAS_PVR_2_06:
	case CAS_PVR_2_06_PLUS:
		return CPU_2_06;
	case CAS_PVR_2_07:
		return CPU_2_07;
	case CAS_PVR_3_00:
		return CPU_3_00;
	}
	if (vmm->cpus.model->pvr >> 16 >= PVR_POWER10)
		return CPU_3_10;
	return vmm->cpus.model->isa3 ? CPU_3_00 : CPU_2_07;
}

static void put_features(const struct papr_vmm *vmm, struct fdt_out *out)
{
	static const uint8_t pi_features[] = { 1, 0, 0 };
	uint8_t bytes[CPU_FEATURES_BYTES];

	if (vmm->type->pi_features)
		fdt_out_prop(out, "ibm,pi-features", pi_features, sizeof(pi_features));
	if (vmm->compat_pvr == CAS_PVR_2_05)
		return; /* this level does not have the property */

	memcpy(bytes, vmm->type->pa_features[visible_level(vmm)], sizeof(bytes));
	if (vmm->type->dawr1 && vmm->cpus.model->pvr >> 16 >= PVR_POWER10)
		bytes[DAWR1_BYTE] |= DAWR1_BIT;
	/* A guest older than ISA 3.00 may interpret the bit differently. */
	if (vmm->pre_isa3_guest)
		bytes[RADIX_BYTE] &= (uint8_t)~RADIX_BIT;
	fdt_out_prop(out, "ibm,pa-features", bytes, 2 + (size_t)bytes[0]);
}

static void put_threads(const struct papr_vmm *vmm, const struct core *core,
			struct fdt_out *out)
{
	uint32_t threads = vmm->cpus.threads, cells[2 * 8];

	for (uint32_t i = 0; i < threads; i++) {
		cells[2 * i] = core->id + i;
		cells[2 * i + 1] = 0;
	}
	fdt_out_cells(out, "ibm,ppc-interrupt-gserver#s", cells, 2 * threads);
	for (uint32_t i = 0; i < threads; i++)
		cells[i] = core->id + i;
	fdt_out_cells(out, "ibm,ppc-interrupt-server#s", cells, threads);
}

static uint32_t socket_of(const struct papr_vmm *vmm, const struct core *core)
{
	unsigned int cores = vmm->cfg.cores;

	return cores ? core->id / vmm->cpus.threads / cores : 0;
}

static void put_translation(const struct papr_vmm *vmm, const struct core *core,
			    struct fdt_out *out)
{
	numa_put_core(vmm, out, core->id);
	FDT_OUT_CELLS(out, "ibm,pft-size", 0, vmm->cpus.hpt_shift);
	fdt_out_u32(out, "ibm,chip-id", socket_of(vmm, core));
	put_features(vmm, out);
	/* 4 KiB and 64 KiB: segment encoding, number of page sizes, (shift, encoding)s */
	FDT_OUT_CELLS(out, "ibm,segment-page-sizes", 12, 0, 1, 12, 0, 16, 0x110, 1, 16,
		      1);
	fdt_out_u32(out, "ibm,dfp", 1);
	fdt_out_u32(out, "ibm,vmx", 2); /* with VSX */
	FDT_OUT_CELLS(out, "ibm,processor-segment-sizes", 28, 40, UINT32_MAX, UINT32_MAX);
}

static void put_caches(struct fdt_out *out)
{
	fdt_out_u32(out, "clock-frequency", 1000000000);
	fdt_out_u32(out, "timebase-frequency", 512000000);
	fdt_out_u32(out, "i-cache-size", 0x8000);
	fdt_out_u32(out, "d-cache-size", 0x8000);
	fdt_out_u32(out, "i-cache-line-size", 0x80);
	fdt_out_u32(out, "i-cache-block-size", 0x80);
	fdt_out_u32(out, "d-cache-line-size", 0x80);
	fdt_out_u32(out, "d-cache-block-size", 0x80);
}

/* ---- x-powervm=on adds a second and a third level cache ---- */

enum { CACHE_LEVELS = 2, FIRST_LEVEL = 2, LEVEL_UNIT = 0x1000 };

static uint32_t cache_unit(const struct core *core, unsigned int level)
{
	return level * LEVEL_UNIT + core->id;
}

/* Write the references to the cache of this level. The second level is next to the
 * processor. */
static void put_next_level(const struct core *core, unsigned int level,
			   struct fdt_out *out)
{
	char path[64];

	if (level >= FIRST_LEVEL + CACHE_LEVELS)
		return;
	snprintf(path, sizeof(path), "/cpus/l%u-cache@%x", level,
		 (unsigned int)cache_unit(core, level));
	fdt_out_u32(out, "next-level-cache", fdt_out_phandle_of(path));
	fdt_out_u32(out, "l2-cache", fdt_out_phandle_of(path));
}

static void put_cache(const struct core *core, unsigned int level, struct fdt_out *out)
{
	static const uint32_t bytes[CACHE_LEVELS] = { 512 << 10, 10 << 20 };

	fdt_out_node(out, "l%u-cache@%x", level, (unsigned int)cache_unit(core, level));
	put_next_level(core, level + 1, out);
	fdt_out_u32(out, "d-cache-size", bytes[level - FIRST_LEVEL]);
	fdt_out_u32(out, "i-cache-size", bytes[level - FIRST_LEVEL]);
	fdt_out_u32(out, "d-cache-line-size", 0x80);
	fdt_out_u32(out, "i-cache-line-size", 0x80);
	fdt_out_empty(out, "cache-unified");
	fdt_out_str(out, "compatible", "cache");
	fdt_out_str(out, "device_type", "cache");
	fdt_out_str(out, "status", "okay");
	fdt_out_u32(out, "reg", cache_unit(core, level));
	fdt_out_node_end(out);
}

/* Write the core's caches, as siblings of its node. */
static void put_own_caches(const struct papr_vmm *vmm, const struct core *core,
			   struct fdt_out *out)
{
	for (unsigned int i = 0; vmm->cfg.powervm && i < CACHE_LEVELS; i++)
		put_cache(core, FIRST_LEVEL + i, out);
}

void core_put_node(const struct papr_vmm *vmm, const struct core *core,
		   struct fdt_out *out, bool hotplug)
{
	const struct cpu_model *model = vmm->cpus.model;

	fdt_out_node(out, "%s@%x", model->node, (unsigned int)core->id);
	/* QEMU's "name" contains the unit address, which PAPR's does not. */
	if (hotplug)
		fdt_out_str(out, "name", model->node);
	if (model->isa3) {
		fdt_out_u32(out, "ibm,dec-bits", 56);
		/* AP encoding in the upper bits, page shift below: 4K, 64K, 2M, 1G */
		FDT_OUT_CELLS(out, "ibm,processor-radix-AP-encodings", 0x0000000c,
			      0xa0000010, 0x20000015, 0x4000001e);
	}
	put_threads(vmm, core, out);
	put_translation(vmm, core, out);
	fdt_out_u32(out, "ibm,spurr", 1);
	fdt_out_u32(out, "ibm,purr", 1);
	fdt_out_empty(out, "64-bit");
	fdt_out_str(out, "status", "okay");
	fdt_out_u32(out, "ibm,slb-size", 32);
	fdt_out_u32(out, "slb-size", 32);
	put_caches(out);
	fdt_out_u32(out, "cpu-version",
		    vmm->compat_pvr ? vmm->compat_pvr : vmm->cpus.model->pvr);
	fdt_out_str(out, "device_type", "cpu");
	fdt_out_u32(out, "reg", core->id);
	fdt_out_u32(out, "ibm,my-drc-index", (uint32_t)DRC_KIND_CPU << 28 | core->id);
	if (vmm->cfg.powervm)
		put_next_level(core, FIRST_LEVEL, out);
	fdt_out_node_end(out);
	put_own_caches(vmm, core, out);
}

void cpus_put_node(struct papr_vmm *vmm, struct fdt_out *out)
{
	struct connector_bank *bank = connectors_of_kind(&vmm->connectors, DRC_KIND_CPU);

	fdt_out_node(out, "cpus");
	connectors_put_props(out, vmm, &bank, 1);
	fdt_out_u32(out, "#size-cells", 0);
	fdt_out_u32(out, "#address-cells", 1);
	for (const struct core *core = vmm->cpus.first; core; core = core->next)
		core_put_node(vmm, core, out, false);
	fdt_out_node_end(out);
}
