// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The places of the machine and their location codes. The machine's code is "U" with
 * its type, model and serial number. Its board appends "-P1", and the parts of the board
 * append their own codes to that. Functions have the code of their node ("ibm,loc-code").
 */
#include <stdio.h>
#include <string.h>

#include "vmm/base/machine.h"
#include "vmm/cpu/cpus.h"
#include "vmm/memory/memory.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/pci_regs.h"
#include "vmm/powervm/powervm.h"
#include "wire/crc32.h"

#define MACHINE_TYPE "PAPR.VMM"

/* One pass over the places, until fn returns true. */
struct round {
	const struct papr_vmm *vmm;
	char system[24];
	place_fn *fn;
	void *arg;
};

static bool fixed_places(const struct round *r)
{
	struct place p = { .kind = PLACE_SYSTEM, .description = "System VPD" };

	snprintf(p.location, sizeof(p.location), "%s", r->system);
	snprintf(p.part, sizeof(p.part), "PAPRVMM");
	if (r->fn(&p, r->arg))
		return true;

	p = (struct place){ .kind = PLACE_BOARD, .description = "System backplane" };
	snprintf(p.location, sizeof(p.location), "%s-P1", r->system);
	snprintf(p.part, sizeof(p.part), "BOARD");
	return r->fn(&p, r->arg);
}

static bool cores(const struct round *r)
{
	const struct cpus *cpus = cpus_of(r->vmm);

	for (uint32_t i = 0; i < cpus->n_cores; i++) {
		struct place p = { .kind = PLACE_CORE };

		if (!cpus->cores[i].present)
			continue;
		snprintf(p.location, sizeof(p.location), "%s-P1-C%u", r->system, i);
		snprintf(p.description, sizeof(p.description), "Processor core");
		snprintf(p.part, sizeof(p.part), "%08X", cpus->model->pvr);
		if (r->fn(&p, r->arg))
			return true;
	}
	return false;
}

static bool modules(const struct round *r)
{
	for (const struct dimm *d = memory_of(r->vmm)->dimms; d; d = d->next) {
		struct place p = { .kind = PLACE_DIMM, .memory = d->size };

		snprintf(p.location, sizeof(p.location), "%s-P1-D%u", r->system, d->slot);
		snprintf(p.description, sizeof(p.description), "%s",
			 d->nvdimm ? "Persistent memory module" : "Memory module");
		snprintf(p.part, sizeof(p.part), "%s", d->nvdimm ? "NVDIMM" : "DIMM");
		if (r->fn(&p, r->arg))
			return true;
	}
	return false;
}

static void function_place(const struct pci_function *f, struct place *p)
{
	*p = (struct place){ .kind = PLACE_PCI };
	pci_loc_code(f, p->location, sizeof(p->location));
	snprintf(p->description, sizeof(p->description), "%s",
		 pci_class_name(pci_config_read(f, PCI_REVISION, 4) >> 8));
	snprintf(p->part, sizeof(p->part), "%04X%04X", pci_config_read(f, PCI_VENDOR, 2),
		 pci_config_read(f, PCI_DEVICE, 2));
}

/* Visit the functions of a bus and of the buses below it. The number of chassis limits
 * the recursion. */
static bool functions(const struct round *r, const struct pci_bus *bus)
{
	struct place p;

	for (unsigned int i = 0; i < PCI_FUNCTIONS; i++) {
		if (!bus->at[i])
			continue;
		function_place(bus->at[i], &p);
		if (r->fn(&p, r->arg) ||
		    (bus->at[i]->secondary && functions(r, bus->at[i]->secondary)))
			return true;
	}
	return false;
}

static bool host_bridges(const struct round *r)
{
	for (uint32_t i = 0; i < PCI_PHBS; i++) {
		const struct phb *phb = pci_of(r->vmm)->phbs[i];
		struct place p = { .kind = PLACE_PHB };

		if (!phb)
			continue;
		snprintf(p.location, sizeof(p.location), "%s-P1-H%u", r->system, i);
		snprintf(p.description, sizeof(p.description), "PCI host bridge");
		snprintf(p.part, sizeof(p.part), "PHB");
		if (r->fn(&p, r->arg) || functions(r, &phb->bus))
			return true;
	}
	return false;
}

bool places_each(const struct papr_vmm *vmm, place_fn *fn, void *arg)
{
	struct round r = { .vmm = vmm, .fn = fn, .arg = arg };
	char serial[8];

	machine_serial(vmm, serial);
	snprintf(r.system, sizeof(r.system), "U" MACHINE_TYPE ".%s", serial);
	return fixed_places(&r) || cores(&r) || modules(&r) || host_bridges(&r);
}

static bool is_called(const struct place *place, void *location)
{
	return !strcmp(place->location, location);
}

bool place_is_there(const struct papr_vmm *vmm, const char *location)
{
	char wanted[LOCATION_BYTES];
	int n = snprintf(wanted, sizeof(wanted), "%s", location);

	return n < (int)sizeof(wanted) && places_each(vmm, is_called, wanted);
}
