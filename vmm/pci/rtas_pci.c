// SPDX-License-Identifier: LGPL-2.1-or-later
#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/rtas_pci.h"
#include "wire/rtas_args.h"

/* Return the function that a call addresses, or NULL if the access is invalid. The
 * address also holds the upper bits of the register (PAPR+ 7.3.4). */
static struct pci_function *target(const struct papr_vmm *vmm, uint64_t buid,
				   uint32_t addr, uint32_t size, uint32_t *at)
{
	struct pci_function *f = pci_function_at(vmm, buid, addr);

	*at = (addr >> 20 & 0xf00) | (addr & 0xff);
	if (!f || (size != 1 && size != 2 && size != 4) || *at % size ||
	    *at >= pci_config_size(f))
		return NULL;
	return f;
}

/* Return true if the function is on the bus. A plugged function appears only after
 * function 0 of its slot. */
static bool is_exposed(const struct pci_function *f)
{
	return !f->dev.hotplugged || f->bus->at[f->devfn & ~7];
}

static void read_config(struct papr_vmm *vmm, struct rtas_frame *f, uint64_t buid,
			uint32_t size)
{
	uint32_t at;
	const struct pci_function *function = target(vmm, buid, rtas_in(f, 0), size, &at);

	if (!function) {
		rtas_status(f, RTAS_HARDWARE_ERROR);
		return;
	}
	rtas_status(f, RTAS_SUCCESS);
	rtas_out(f, 1,
		 is_exposed(function) ? pci_config_read(function, at, size) : UINT32_MAX);
}

static void write_config(struct papr_vmm *vmm, struct rtas_frame *f, uint64_t buid,
			 uint32_t size, uint32_t value)
{
	uint32_t at;
	struct pci_function *function = target(vmm, buid, rtas_in(f, 0), size, &at);

	if (!function) {
		rtas_status(f, RTAS_HARDWARE_ERROR);
		return;
	}
	if (is_exposed(function))
		pci_config_write(function, at, size, value);
	rtas_status(f, RTAS_SUCCESS);
}

static void ibm_read_pci_config(struct papr_vmm *vmm, struct rtas_frame *f)
{
	read_config(vmm, f, rtas_in64(f, 1), rtas_in(f, 3));
}

static void ibm_write_pci_config(struct papr_vmm *vmm, struct rtas_frame *f)
{
	write_config(vmm, f, rtas_in64(f, 1), rtas_in(f, 3), rtas_in(f, 4));
}

/* The old calls are for machines with one host bridge and without BUIDs. */
static void read_pci_config(struct papr_vmm *vmm, struct rtas_frame *f)
{
	read_config(vmm, f, 0, rtas_in(f, 1));
}

static void write_pci_config(struct papr_vmm *vmm, struct rtas_frame *f)
{
	write_config(vmm, f, 0, rtas_in(f, 1), rtas_in(f, 2));
}

/* EEH is only for passed-through cards, which this machine does not have. */
static void no_eeh(struct papr_vmm *vmm, struct rtas_frame *f)
{
	(void)vmm;
	rtas_status(f, RTAS_PARAMETER_ERROR);
}

// clang-format off
const struct rtas_handler rtas_pci_calls[] = {
	{ 0x2014, "read-pci-config", 2, 0, 2, 0, -1, read_pci_config, { 0 } },
	{ 0x2015, "write-pci-config", 3, 0, 1, 0, -1, write_pci_config, { 0 } },
	{ 0x2016, "ibm,read-pci-config", 4, 0, 2, 0, -1, ibm_read_pci_config, { 0 } },
	{ 0x2017, "ibm,write-pci-config", 5, 0, 1, 0, -1, ibm_write_pci_config, { 0 } },
	{ 0x2018, "ibm,query-interrupt-source-number", RTAS_ANY, 0, RTAS_ANY, 0, -3, rtas_query_irq, { 0 } },
	{ 0x2019, "ibm,change-msi", RTAS_ANY, 0, RTAS_ANY, 0, -3, rtas_change_msi, { 0 } },
	{ 0x2020, "ibm,set-eeh-option", RTAS_ANY, 0, RTAS_ANY, 0, -3, no_eeh, { 0 } },
	{ 0x2021, "ibm,get-config-addr-info2", RTAS_ANY, 0, RTAS_ANY, 0, -3, no_eeh, { 0 } },
	{ 0x2022, "ibm,read-slot-reset-state2", RTAS_ANY, 0, RTAS_ANY, 0, -3, no_eeh, { 0 } },
	{ 0x2023, "ibm,set-slot-reset", RTAS_ANY, 0, RTAS_ANY, 0, -3, no_eeh, { 0 } },
	{ 0x2024, "ibm,configure-pe", RTAS_ANY, 0, RTAS_ANY, 0, -3, no_eeh, { 0 } },
	{ 0x2025, "ibm,slot-error-detail", RTAS_ANY, 0, RTAS_ANY, 0, -3, no_eeh, { 0 } },
	{ 0x2026, "ibm,query-pe-dma-window", 3, 0, 5, 6, -3, rtas_query_dma_window, { 0 } },
	{ 0x2027, "ibm,create-pe-dma-window", 5, 0, 4, 0, -3, rtas_create_dma_window, { 0 } },
	{ 0x2028, "ibm,remove-pe-dma-window", 1, 0, 1, 0, -3, rtas_remove_dma_window, { 0 } },
	{ 0x2029, "ibm,reset-pe-dma-window", 3, 0, 1, 0, -3, rtas_reset_dma_window, { 0 } },
	{ 0 },
};
// clang-format on
