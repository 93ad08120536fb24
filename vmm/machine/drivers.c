// SPDX-License-Identifier: LGPL-2.1-or-later
/* The drivers of a machine type and their properties, for help texts. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "vmm/base/machine_types.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/base/sized.h"
#include "vmm/cpu/cpus.h"
#include "vmm/memory/memory.h"
#include "vmm/pci/disk.h"
#include "vmm/pci/pci.h"
#include "vmm/vio/random.h"
#include "vmm/vio/vdev.h"
#include "vmm/vio/vio.h"

/* Drivers that are no PCI cards and no cores. */
static const struct {
	struct papr_driver_info is;
	const struct option_row *rows;
} drivers[] = {
	{ { .name = "spapr-pci-host-bridge" }, phb_rows },
	{ { .name = "pc-dimm" }, dimm_rows },
	{ { .name = "nvdimm" }, nvdimm_rows },
	{ { .name = "spapr-rng", .cold_only = true }, random_rows },
	{ { .name = "spapr-vty", .bus = "spapr-vio-bus", .cold_only = true }, vty_rows },
	{ { .name = "spapr-vscsi", .bus = "spapr-vio-bus" }, vscsi_rows },
	{ { .name = "spapr-vlan", .bus = "spapr-vio-bus" }, vlan_rows },
	{ { .name = "scsi-cd", .bus = "SCSI" }, cdrom_rows },
	{ { .name = "scsi-hd", .bus = "SCSI" }, disk_rows },
	{ { .name = "usb-storage", .bus = "usb-bus" }, disk_rows },
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
	if (n < DRIVERS) {
		return sized_put(out, &drivers[n].is, sizeof(drivers[n].is));
	}
	n -= DRIVERS;
	for (const struct cpu_model *m = type->cpu_models; m->core_type; m++) {
		if (n--)
			continue;
		return sized_put(out, &(struct papr_driver_info){ .name = m->core_type },
				 sizeof(struct papr_driver_info));
	}
	for (const struct pci_model *const *m = type->cards->models; *m; m++) {
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

/* ---- Properties -------------------------------------------------------------------- */

static void drivers_fill(struct papr_property_info *out, const struct option_row *row)
{
	*out = (struct papr_property_info){ .type = row->type,
					    .value = row->value,
					    .required = row->required };
	snprintf(out->name, sizeof(out->name), "%s", row->name);
}

static int drivers_row(const struct option_row *rows, size_t n,
		       struct papr_property_info *out)
{
	while (rows->name && n--)
		rows++;
	if (!rows->name)
		return 0;
	drivers_fill(out, rows);
	return 1;
}

/* Find name n in a list with a blank after each. *n is reduced by the names that it has. */
static const char *drivers_word(const char *list, size_t *n)
{
	for (; list && *list; list += strcspn(list, " ") + 1)
		if (!(*n)--)
			return list;
	return NULL;
}

/* A card has the bus, the common options, those of virtio, and its own. */
static int drivers_card(const struct pci_cards *cards, const struct pci_model *model,
			size_t n, struct papr_property_info *out)
{
	bool virtio = !strncmp(model->driver, "virtio-", 7);
	const char *lists[] = { "bus ", model->options, cards->common_options,
				virtio ? cards->virtio_options : NULL };
	const char *word = NULL;
	size_t len;

	for (size_t i = 0; !word && i < sizeof(lists) / sizeof(*lists); i++)
		word = drivers_word(lists[i], &n);
	if (!word)
		return 0;
	len = strcspn(word, " ");
	*out = (struct papr_property_info){ 0 };
	for (const struct option_row *row = pci_rows; row->name; row++)
		if (!strncmp(row->name, word, len) && !row->name[len])
			drivers_fill(out, row);
	snprintf(out->name, sizeof(out->name), "%.*s", (int)len, word);
	out->required = (model->needs && !strncmp(model->needs, word, len) &&
			 model->needs[len] == '=') ||
			(pci_model_is_bridge(model) && !strcmp(out->name, "chassis_nr"));
	return 1;
}

static int drivers_property(const char *machine, const char *driver, size_t n,
			    struct papr_property_info *out)
{
	const struct machine_type *type = machine_type_find(machine);
	const struct pci_model *model;

	if (!type)
		return -ENOENT;
	if (!strcmp(driver, "memory-backend-ram"))
		return drivers_row(backend_rows, n, out);
	if (!n) {
		static const struct option_row id = { "id", "text", NULL, false };

		if (drivers_property(machine, driver, 1, out) < 0)
			return -ENOENT;
		drivers_fill(out, &id);
		return 1;
	}
	n--;
	for (size_t i = 0; i < DRIVERS; i++)
		if (!strcmp(drivers[i].is.name, driver))
			return drivers_row(drivers[i].rows, n, out);
	if (cpu_model_of_core(type, driver))
		return drivers_row(core_rows, n, out);
	model = pci_model_find(type->cards, driver);
	return model ? drivers_card(type->cards, model, n, out) : -ENOENT;
}

int papr_vmm_property_info(const char *machine, const char *driver, size_t n,
			   struct papr_property_info *out)
{
	struct papr_property_info is;
	int found = drivers_property(machine, driver, n, &is);

	return found > 0 ? sized_put(out, &is, sizeof(is)) : found;
}
