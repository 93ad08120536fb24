// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The whole device tree, from its first node to its last.
 *
 * The client interface shows the order of nodes and properties to the guest. QEMU
 * inserts each new one before the existing ones, so its tree has the newest first. This
 * file writes them in that final order.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "vmm/machine/machine.h"
#include "vmm/machine/tree_nodes.h"

void tree_uuid_text(const uint8_t uuid[16], char text[37])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < 16; i++) {
		*text++ = digits[uuid[i] >> 4];
		*text++ = digits[uuid[i] & 15];
		if (i == 3 || i == 5 || i == 7 || i == 9)
			*text++ = '-';
	}
	*text = '\0';
}

static void put_connectors(const struct papr_vmm *vmm, struct fdt_out *out)
{
	static const enum drc_kind kinds[] = { DRC_KIND_PHB, DRC_KIND_LMB,
					       DRC_KIND_PMEM };
	struct connector_bank *banks[sizeof(kinds) / sizeof(kinds[0])];
	unsigned int n = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		banks[n] = connectors_of_kind(&vmm->connectors, kinds[i]);
		n += banks[n] != NULL;
	}
	connectors_put_props(out, vmm, banks, n);
}

/* Write the properties that tools in a partition read. */
static void put_partition(const struct papr_vmm *vmm, struct fdt_out *out)
{
	char serial[8], id[16];

	place_serial(vmm, serial);
	snprintf(id, sizeof(id), "IBM,02%s", serial);
	if (!vmm->cfg.has_uuid)
		fdt_out_str(out, "system-id", id);
	fdt_out_u32(out, "ibm,partition-no", 1);
	fdt_out_empty(out, "ibm,lpar-capable");
	fdt_out_empty(out, "ibm,migratable-partition");
}

static void put_root_props(const struct papr_vmm *vmm, struct fdt_out *out)
{
	const struct papr_config *cfg = &vmm->cfg;
	char uuid[37];

	put_connectors(vmm, out);
	if (!vmm->xics) /* priorities from 7 up are the hypervisor's */
		FDT_OUT_CELLS(out, "ibm,plat-res-int-priorities", 7, 0xf8);
	fdt_out_u32(out, "#size-cells", 2);
	fdt_out_u32(out, "#address-cells", 2);
	if (cfg->name)
		fdt_out_str(out, "ibm,partition-name", cfg->name);
	tree_uuid_text(cfg->uuid, uuid);
	if (cfg->has_uuid)
		fdt_out_str(out, "system-id", uuid);
	if (cfg->powervm)
		put_partition(vmm, out);
	fdt_out_str(out, "vm,uuid", uuid);
	fdt_out_str(out, "compatible", "qemu,pseries");
	fdt_out_str(out, "model", "IBM pSeries (emulated by qemu)");
	fdt_out_str(out, "device_type", "chrp");
}

static int put_tree(struct papr_vmm *vmm, enum tree_purpose purpose, struct fdt_out *out)
{
	int err;

	fdt_out_node(out, "%s", "");
	put_root_props(vmm, out);
	memory_put_persistent(vmm, out);
	if (vmm->cfg.hypervisor)
		tree_put_hypervisor(out);
	tree_put_chosen(vmm, purpose, out);
	tree_put_rtas(vmm, out);
	events_put_node(vmm, out);
	cpus_put_node(vmm, out);
	err = pci_put_nodes(vmm, out);
	tree_put_vdevice(vmm, out);
	memory_put_nodes(vmm, out);
	tree_put_interrupt_controller(vmm, out);
	fdt_out_node_end(out);
	return err;
}

int tree_build(struct papr_vmm *vmm, enum tree_purpose purpose, void **fdt, size_t *size)
{
	const struct boot *boot = &vmm->boot;
	struct fdt_out out;
	int err, put_err;

	fdt_out_begin(&out);
	if (vmm->cfg.powervm)
		fdt_out_phandles(&out, "");
	/* Firmware must not overwrite the images before the kernel has started. */
	if (purpose == TREE_BOOT && boot->kernel_size)
		fdt_out_reserve(&out, boot->kernel_base, boot->kernel_size);
	if (purpose == TREE_BOOT && boot->initrd_size)
		fdt_out_reserve(&out, boot->initrd_base, boot->initrd_size);

	put_err = put_tree(vmm, purpose, &out);
	err = fdt_out_end(&out, fdt, size);
	if (!err)
		err = put_err ? put_err : powervm_changes_apply(vmm, "", fdt, size);
	else
		*fdt = NULL;
	if (err) {
		free(*fdt);
		*fdt = NULL;
	}
	return err;
}

void tree_store(struct papr_vmm *vmm, void *fdt, size_t size, bool built)
{
	struct tree *tree = &vmm->tree;

	free(tree->fdt);
	tree->fdt = fdt;
	tree->size = size;
	if (built)
		tree->initial_size = size;
}

void tree_free(struct tree *tree)
{
	free(tree->fdt);
	*tree = (struct tree){ 0 };
}

const void *papr_vmm_fdt(const struct papr_vmm *vmm, size_t *bytes)
{
	*bytes = vmm->tree.size;
	return vmm->tree.fdt;
}

/* libfdt accepts a node with a unit address for a name without one. The guest's firmware
 * may have stored a tree without the node, or without its phandle. */
int tree_intc_phandle(const struct papr_vmm *vmm, uint32_t *phandle)
{
	const void *fdt = vmm->tree.fdt;
	int node = fdt ? fdt_subnode_offset(fdt, 0, "interrupt-controller") : -1;

	*phandle = node < 0 ? 0 : fdt_get_phandle(fdt, node);
	return *phandle ? 0 : -ENOENT;
}
