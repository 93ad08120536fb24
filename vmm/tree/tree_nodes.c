// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Nodes that describe the machine itself.
 *
 * Source:  PAPR+ B.6.3 (/rtas), C.6.4 (/vdevice), ePAPR 1.1 7.5 (/hypervisor); values
 *          as QEMU 7.2
 */
#include "vmm/machine/machine.h"
#include "vmm/tree/tree_nodes.h"

/* ---- /rtas ---- */

#define ENERGY "hcall-energy-scale-info"

/* The last function is PowerVM's. */
static void put_hypertas(const struct papr_vmm *vmm, struct fdt_out *out)
{
	static const char functions[] = "hcall-pft\0hcall-term\0hcall-dabr\0"
					"hcall-interrupt\0hcall-tce\0hcall-vio\0"
					"hcall-splpar\0hcall-join\0hcall-bulk\0"
					"hcall-set-mode\0hcall-sprg0\0hcall-copy\0"
					"hcall-debug\0hcall-vphn\0hcall-multi-tce\0"
					"hcall-hpt-resize\0hcall-watchdog\0" ENERGY;

	fdt_out_str(out, "qemu,hypertas-functions", "hcall-memop1");
	fdt_out_prop(out, "ibm,hypertas-functions", functions,
		     sizeof(functions) - (vmm->cfg.powervm ? 0 : sizeof(ENERGY)));
}

/* Return the size of RTAS: the entry code, the largest log, and FWNMI's area. FWNMI saves
 * 16 bytes for each processor and 8 for a register. */
static uint32_t rtas_bytes(const struct papr_vmm *vmm)
{
	enum { CODE = 20, LOG = 2048, PER_CPU = 16, SAVED = 8 };

	return CODE + LOG + PER_CPU * vmm->cfg.max_cpus + SAVED;
}

void tree_put_rtas(const struct papr_vmm *vmm, struct fdt_out *out)
{
	const struct memory *memory = &vmm->memory;
	bool grows = memory->hotplug_end > memory->hotplug_base;
	uint64_t ram = vmm->type->capacity_is_ram ? vmm->cfg.ram_bytes : 0;
	uint64_t end = grows ? memory->hotplug_end : ram;

	fdt_out_node(out, "rtas");
	rtas_put_tokens(vmm, out);
	if (vmm->cfg.powervm)
		powervm_put_props(out);
	kernel_dump_put_props(vmm, out);
	FDT_OUT_CELLS(out, "ibm,lrdr-capacity", (uint32_t)(end >> 32), (uint32_t)end, 0,
		      (uint32_t)LMB_BYTES, vmm->cpus.n_cores);
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

void tree_put_hypervisor(struct fdt_out *out)
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

enum {
	VIO_FIRST_REG = 0x71000000,
	VIO_FIRST_IRQ = 0x1100,
	IRQ_EDGE = 0,
};

static void put_vty(struct fdt_out *out, uint32_t n)
{
	fdt_out_node(out, "vty@%x", (unsigned int)(VIO_FIRST_REG + n));
	FDT_OUT_CELLS(out, "interrupts", VIO_FIRST_IRQ + n, IRQ_EDGE);
	fdt_out_str(out, "compatible", "hvterm1");
	fdt_out_str(out, "device_type", "serial");
	fdt_out_u32(out, "reg", VIO_FIRST_REG + n);
	fdt_out_node_end(out);
}

static void put_nvram(struct fdt_out *out, uint32_t n)
{
	fdt_out_node(out, "nvram@%x", (unsigned int)(VIO_FIRST_REG + n));
	fdt_out_u32(out, "#bytes", RTAS_NVRAM_BYTES);
	FDT_OUT_CELLS(out, "interrupts", VIO_FIRST_IRQ + n, IRQ_EDGE);
	fdt_out_str(out, "compatible", "qemu,spapr-nvram");
	fdt_out_str(out, "device_type", "nvram");
	fdt_out_u32(out, "reg", VIO_FIRST_REG + n);
	fdt_out_node_end(out);
}

void tree_put_vdevice(const struct papr_vmm *vmm, struct fdt_out *out)
{
	uint32_t n = 0;

	fdt_out_node(out, "vdevice");
	vio_put_connectors(vmm, out);
	fdt_out_empty(out, "interrupt-controller");
	fdt_out_u32(out, "#interrupt-cells", 2);
	fdt_out_u32(out, "#size-cells", 0);
	fdt_out_u32(out, "#address-cells", 1);
	fdt_out_str(out, "compatible", "IBM,vdevice");
	fdt_out_str(out, "device_type", "vdevice");
	if (!vmm->cfg.no_vty)
		put_vty(out, n++);
	put_nvram(out, n);
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
	FDT_OUT_CELLS(out, "ibm,xive-lisn-ranges", 0, vmm->cfg.max_cpus);
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
	FDT_OUT_CELLS(out, "ibm,interrupt-server-ranges", 0, vmm->cfg.max_cpus);
	fdt_out_empty(out, "interrupt-controller");
	fdt_out_str(out, "compatible", "IBM,ppc-xicp");
	fdt_out_str(out, "device_type", "PowerPC-External-Interrupt-Presentation");
}

void tree_put_interrupt_controller(const struct papr_vmm *vmm, struct fdt_out *out)
{
	if (vmm->xics)
		fdt_out_node(out, "interrupt-controller");
	else
		fdt_out_node(out, "interrupt-controller@%llx", XIVE_USER);
	fdt_out_u32(out, "phandle", TREE_PHANDLE_INTC);
	fdt_out_u32(out, "linux,phandle", TREE_PHANDLE_INTC);
	if (vmm->xics)
		put_xics(vmm, out);
	else
		put_xive(vmm, out);
	fdt_out_node_end(out);
}
