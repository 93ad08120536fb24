// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Nodes that describe the machine itself.
 *
 * Source:  PAPR+ B.6.3 (/rtas), C.6.4 (/vdevice), ePAPR 1.1 7.5 (/hypervisor); values
 *          as QEMU 7.2
 */
#include <stdio.h>

#include "vmm/machine/papr_vmm.h"
#include "vmm/machine/tree_nodes.h"
#include "vmm/vio/random.h"
#include "vmm/vio/vdev.h"
#include "vmm/vio/vio.h"
#include "wire/cas.h"

/* ---- /rtas ---- */

/* A set of hypercalls, and those that Linux uses if it is announced; 0 ends them. */
struct hypertas {
	const char *name;
	uint16_t hcalls[7];
};

// clang-format off
static const struct hypertas hypertas[] = {
	{ "hcall-pft", { H_REMOVE, H_ENTER, H_READ, H_CLEAR_MOD, H_CLEAR_REF, H_PROTECT } },
	{ "hcall-term", { H_GET_TERM_CHAR, H_PUT_TERM_CHAR } },
	{ "hcall-dabr", { H_SET_DABR } },
	{ "hcall-interrupt", { H_EOI, H_CPPR, H_IPI, H_IPOLL, H_XIRR } },
	{ "hcall-tce", { H_GET_TCE, H_PUT_TCE } },
	{ "hcall-vio", { H_REG_CRQ, H_FREE_CRQ, H_VIO_SIGNAL, H_SEND_CRQ } },
	{ "hcall-splpar", { H_REGISTER_VPA, H_CEDE, H_CONFER, H_PROD } },
	{ "hcall-join", { H_JOIN } },
	{ "hcall-bulk", { H_BULK_REMOVE } },
	{ "hcall-set-mode", { H_SET_MODE } },
	{ "hcall-sprg0", { H_SET_SPRG0 } },
	{ "hcall-copy", { H_PAGE_INIT } },
	{ "hcall-debug", { H_LOGICAL_CI_LOAD, H_LOGICAL_CI_STORE } },
	{ "hcall-vphn", { H_HOME_NODE_ASSOCIATIVITY } },
	{ "hcall-multi-tce", { H_PUT_TCE_INDIRECT, H_STUFF_TCE } },
	{ "hcall-hpt-resize", { H_RESIZE_HPT_PREPARE, H_RESIZE_HPT_COMMIT } },
	{ "hcall-watchdog", { H_WATCHDOG } },
};
// clang-format on

static bool hypertas_is_there(const struct papr_vmm *vmm, const struct hypertas *set)
{
	for (const uint16_t *nr = set->hcalls; *nr; nr++)
		if (!hcall_is_answered(vmm, *nr))
			return false;
	return true;
}

static void put_hypertas(const struct papr_vmm *vmm, struct fdt_out *out)
{
	uint8_t names[512];
	struct builder b = builder_of(names, sizeof(names));

	for (size_t i = 0; i < sizeof(hypertas) / sizeof(hypertas[0]); i++) {
		if (!hypertas_is_there(vmm, &hypertas[i]))
			continue;
		builder_text(&b, hypertas[i].name);
		builder_u8(&b, 0);
	}
	fdt_out_str(out, "qemu,hypertas-functions", "hcall-memop1");
	fdt_out_prop(out, "ibm,hypertas-functions", names, b.len);
}

/* Return the size of RTAS: the entry code, the largest log, and FWNMI's area. FWNMI saves
 * 16 bytes for each processor and 8 for a register. */
static uint32_t rtas_bytes(const struct papr_vmm *vmm)
{
	enum { CODE = 20, LOG = 2048, PER_CPU = 16, SAVED = 8 };

	return CODE + LOG + PER_CPU * machine_of(vmm)->cfg.max_cpus + SAVED;
}

static void put_rtas(const struct papr_vmm *vmm, struct fdt_out *out)
{
	const struct memory *memory = memory_of(vmm);
	bool grows = memory->hotplug_end > memory->hotplug_base;
	uint64_t ram = machine_of(vmm)->type->capacity_is_ram
			       ? machine_of(vmm)->cfg.ram_bytes
			       : 0;
	uint64_t end = grows ? memory->hotplug_end : ram;

	fdt_out_node(out, "rtas");
	rtas_put_tokens(vmm, out);
	if (machine_of(vmm)->cfg.powervm)
		powervm_put_props(out);
	FDT_OUT_CELLS(out, "ibm,lrdr-capacity", (uint32_t)(end >> 32), (uint32_t)end, 0,
		      (uint32_t)LMB_BYTES, cpus_of(vmm)->n_cores);
	fdt_out_empty(out, "ibm,extended-os-term");
	fdt_out_empty(out, "ibm,change-msix-capable");
	fdt_out_u32(out, "rtas-event-scan-rate", 1);
	fdt_out_u32(out, "rtas-error-log-max", 2048);
	fdt_out_u32(out, "rtas-size", rtas_bytes(vmm));
	numa_put_rtas(vmm, out);
	put_hypertas(vmm, out);
	fdt_out_node_end(out);
}

/* ---- /hypervisor ---- */

/* sc 1, padded with nops. */
enum { PPC_SC1 = 0x44000022, PPC_NOP = 0x60000000 };

static void put_hypervisor(struct fdt_out *out)
{
	fdt_out_node(out, "hypervisor");
	fdt_out_empty(out, "kvm,has-shutdown");
	fdt_out_empty(out, "kvm,has-reset");
	fdt_out_empty(out, "has-idle");
	FDT_OUT_CELLS(out, "hcall-instructions", PPC_SC1, PPC_NOP, PPC_NOP, PPC_NOP);
	fdt_out_str(out, "compatible", "linux,kvm");
	fdt_out_node_end(out);
}

/* ---- /vdevice ---- */

static void put_vdevice(const struct papr_vmm *vmm, struct fdt_out *out)
{
	fdt_out_node(out, "vdevice");
	vio_put_connectors(vmm, out);
	fdt_out_empty(out, "interrupt-controller");
	fdt_out_u32(out, "#interrupt-cells", 2);
	fdt_out_u32(out, "#size-cells", 0);
	fdt_out_u32(out, "#address-cells", 1);
	fdt_out_str(out, "compatible", "IBM,vdevice");
	fdt_out_str(out, "device_type", "vdevice");
	vdev_put_nodes(vmm, out);
	vio_put_nodes(vmm, out);
	fdt_out_node_end(out);
}

/* ---- /interrupt-controller ---- */

/* Pages of the XIVE thread interrupt management area: the user's and the OS's. */
#define XIVE_USER 0x60302031b0000ULL
#define XIVE_OS	  0x60302031a0000ULL
enum { XIVE_PAGE = 0x10000, XIVE_QUEUE_SHIFT = 16 };

static void put_xive(const struct papr_vmm *vmm, struct fdt_out *out)
{
	fdt_out_u32(out, "#interrupt-cells", 2);
	fdt_out_empty(out, "interrupt-controller");
	FDT_OUT_CELLS(out, "ibm,xive-lisn-ranges", 0, machine_of(vmm)->cfg.max_cpus);
	fdt_out_u32(out, "ibm,xive-eq-sizes", XIVE_QUEUE_SHIFT);
	fdt_out_str(out, "compatible", "ibm,power-ivpe");
	FDT_OUT_CELLS(out, "reg", (uint32_t)(XIVE_USER >> 32), (uint32_t)XIVE_USER, 0,
		      XIVE_PAGE, (uint32_t)(XIVE_OS >> 32), (uint32_t)XIVE_OS, 0,
		      XIVE_PAGE);
	fdt_out_str(out, "device_type", "power-ivpe");
}

static void put_xics(const struct papr_vmm *vmm, struct fdt_out *out)
{
	fdt_out_u32(out, "#interrupt-cells", 2);
	FDT_OUT_CELLS(out, "ibm,interrupt-server-ranges", 0,
		      machine_of(vmm)->cfg.max_cpus);
	fdt_out_empty(out, "interrupt-controller");
	fdt_out_str(out, "compatible", "IBM,ppc-xicp");
	fdt_out_str(out, "device_type", "PowerPC-External-Interrupt-Presentation");
}

static void put_interrupt_controller(const struct papr_vmm *vmm, struct fdt_out *out)
{
	if (machine_of(vmm)->xics)
		fdt_out_node(out, "interrupt-controller");
	else
		fdt_out_node(out, "interrupt-controller@%llx", XIVE_USER);
	fdt_out_u32(out, "phandle", TREE_PHANDLE_INTC);
	fdt_out_u32(out, "linux,phandle", TREE_PHANDLE_INTC);
	if (machine_of(vmm)->xics)
		put_xics(vmm, out);
	else
		put_xive(vmm, out);
	fdt_out_node_end(out);
}

/* ---- The root, and all nodes in their order ---- */

static void put_connectors(const struct papr_vmm *vmm, struct fdt_out *out)
{
	static const enum drc_kind kinds[] = { DRC_KIND_PHB, DRC_KIND_LMB,
					       DRC_KIND_PMEM };
	struct connector_bank *banks[sizeof(kinds) / sizeof(kinds[0])];
	unsigned int n = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		banks[n] = connectors_of_kind(connectors_of(vmm), kinds[i]);
		n += banks[n] != NULL;
	}
	connectors_put_props(out, vmm, banks, n);
}

/* Write the properties that tools in a partition read. */
static void put_partition(const struct papr_vmm *vmm, struct fdt_out *out)
{
	char serial[8], id[16];

	machine_serial(vmm, serial);
	snprintf(id, sizeof(id), "IBM,02%s", serial);
	if (!machine_of(vmm)->cfg.has_uuid)
		fdt_out_str(out, "system-id", id);
	fdt_out_u32(out, "ibm,partition-no", 1);
	fdt_out_empty(out, "ibm,lpar-capable");
	fdt_out_empty(out, "ibm,migratable-partition");
}

static void put_root_props(const struct papr_vmm *vmm, struct fdt_out *out)
{
	const struct papr_config *cfg = &machine_of(vmm)->cfg;
	char uuid[37];

	put_connectors(vmm, out);
	if (!machine_of(vmm)->xics) /* priorities from 7 up are the hypervisor's */
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

int tree_put_nodes(struct papr_vmm *vmm, enum tree_purpose purpose, struct fdt_out *out)
{
	const struct boot *boot = boot_of(vmm);
	int err;

	/* Firmware must not overwrite the images before the kernel has started. */
	if (purpose == TREE_BOOT && boot->kernel_size)
		fdt_out_reserve(out, boot->kernel_base, boot->kernel_size);
	if (purpose == TREE_BOOT && boot->initrd_size)
		fdt_out_reserve(out, boot->initrd_base, boot->initrd_size);

	fdt_out_node(out, "%s", "");
	put_root_props(vmm, out);
	memory_put_persistent(vmm, out);
	if (machine_of(vmm)->cfg.hypervisor)
		put_hypervisor(out);
	tree_put_chosen(vmm, purpose, out);
	put_rtas(vmm, out);
	events_put_node(vmm, out);
	cpus_put_node(vmm, out);
	err = pci_put_nodes(vmm, out);
	random_put_node(vmm, out);
	put_vdevice(vmm, out);
	memory_put_nodes(vmm, out);
	put_interrupt_controller(vmm, out);
	fdt_out_node_end(out);
	return err;
}
