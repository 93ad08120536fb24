// SPDX-License-Identifier: LGPL-2.1-or-later
/* The drivers and processor models of a machine type, for help texts. */
#include <stdio.h>
#include <string.h>

#include "vmm/base/machine_types.h"
#include "vmm/base/sized.h"
#include "vmm/cpu/cpus.h"
#include "vmm/pci/pci.h"

/* Drivers that are no PCI cards and no cores. */
static const struct papr_driver_info drivers[] = {
	{ .name = "spapr-pci-host-bridge" },
	{ .name = "pc-dimm" },
	{ .name = "nvdimm" },
	{ .name = "spapr-rng", .cold_only = true },
	{ .name = "spapr-vty", .bus = "spapr-vio-bus", .cold_only = true },
	{ .name = "spapr-vscsi", .bus = "spapr-vio-bus" },
	{ .name = "spapr-vlan", .bus = "spapr-vio-bus" },
	{ .name = "scsi-hd", .bus = "SCSI" },
	{ .name = "usb-storage", .bus = "usb-bus" },
};

enum { DRIVERS = sizeof(drivers) / sizeof(*drivers) };

int papr_vmm_cpu_model(const char *machine, size_t n, char name[32])
{
	const struct machine_type *type = machine_type_find(machine);
	const struct cpu_model *model = type ? type->cpu_models : NULL;

	while (model && model->core_type && n--)
		model++;
	if (!model || !model->core_type)
		return 0;
	/* Without "-spapr-cpu-core" */
	snprintf(name, 32, "%.*s",
		 (int)strcspn(model->name ? model->name : model->core_type, "-"),
		 model->name ? model->name : model->core_type);
	return 1;
}

int papr_vmm_driver_info(const char *machine, size_t n, struct papr_driver_info *out)
{
	const struct machine_type *type = machine_type_find(machine);

	if (!type)
		return 0;
	if (n < DRIVERS)
		return sized_put(out, &drivers[n], sizeof(drivers[n]));
	n -= DRIVERS;
	for (const struct cpu_model *m = type->cpu_models; m->core_type; m++) {
		if (n--)
			continue;
		return sized_put(out, &(struct papr_driver_info){ .name = m->core_type },
				 sizeof(struct papr_driver_info));
	}
	for (const struct pci_model *const *m = type->cards; *m; m++) {
		if (n--)
			continue;
		return sized_put(
			out,
			&(struct papr_driver_info){ .name = (*m)->driver,
						    .alias = (*m)->alias,
						    .bus = "PCI",
						    .cold_only = (*m)->cold_only },
			sizeof(struct papr_driver_info));
	}
	return 0;
}
