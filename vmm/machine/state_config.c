// SPDX-License-Identifier: LGPL-2.1-or-later
/* The configuration. It is not loaded: it must be the same on both sides. */
#include <errno.h>
#include <stdlib.h>

#include "vmm/base/machine_types.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/cpu/cpus.h"
#include "vmm/dr/connectors.h"
#include "vmm/machine/papr_vmm.h"
#include "vmm/memory/memory.h"
#include "vmm/pci/disk.h"
#include "vmm/pci/pci.h"
#include "vmm/state/state.h"
#include "vmm/vio/random.h"
#include "vmm/vio/vdev.h"
#include "wire/dynmem.h"

static void put_flags(const struct papr_vmm *vmm, struct builder *b)
{
	const struct papr_config *cfg = &machine_of(vmm)->cfg;
	const bool flags[] = {
		cfg->no_hotplug_events,
		cfg->fwnmi == PAPR_OFF,
		cfg->nvdimm,
		cfg->vof,
		cfg->cas_reply_diff,
		cfg->drc_info,
		cfg->hypervisor,
		cfg->no_vty,
		cfg->has_uuid,
		cfg->powervm,
		random_exists(vmm),
	};

	builder_bytes(b, flags, sizeof(flags));
	builder_u8(b, (uint8_t)cfg->more_vtys);
	builder_str(b, machine_of(vmm)->type->name);
	/* Version 2 is not written: states of earlier libraries have no such word. */
	if (cfg->drmem == 1)
		builder_str(b, DYNMEM_V1_PROP);
}

static void put_dimms(const struct papr_vmm *vmm, struct builder *b)
{
	for (const struct dimm *d = memory_of(vmm)->dimms; d; d = d->next) {
		builder_str(b, d->dev.driver);
		builder_str(b, d->dev.id ? d->dev.id : "");
		builder_be64(b, d->address);
		builder_be64(b, d->size);
		builder_be32(b, d->slot);
		builder_be32(b, d->node);
		builder_be32(b, d->label_bytes);
		builder_bytes(b, d->uuid, sizeof(d->uuid));
	}
}

static void put_phbs(const struct papr_vmm *vmm, struct builder *b)
{
	for (uint32_t i = 0; i < PCI_PHBS; i++)
		if (pci_of(vmm)->phbs[i]) {
			builder_be32(b, i);
			builder_be32(b, (uint32_t)pci_of(vmm)->phbs[i]->numa_node);
			builder_u8(b, pci_of(vmm)->phbs[i]->bus.has_slots);
		}
}

/* Write the disks of each controller, oldest first. They have no connector, so no other
 * section contains them. */
static void put_disks(const struct papr_vmm *vmm, struct builder *b)
{
	const struct connector_bank *bank;

	for (bank = connectors_of(vmm)->banks; bank; bank = bank->next) {
		for (uint32_t i = 0; bank->kind == DRC_KIND_PCI && i < bank->count; i++) {
			const struct connector *c = &bank->all[i];
			const struct pci_function *f =
				(const void *)c->dev; /* first member */

			for (const struct disk *d = f ? f->disks : NULL; d; d = d->next) {
				builder_be32(b, c->index);
				builder_str(b, d->dev.driver);
				builder_str(b, d->dev.id ? d->dev.id : "");
			}
		}
	}
}

/* Write the added devices. The others follow from the configuration. */
static void put_vdevs(const struct papr_vmm *vmm, struct builder *b)
{
	for (const struct vdev *v = machine_of(vmm)->vdevs; v; v = v->next) {
		if (!v->is_added)
			continue;
		builder_be32(b, v->reg);
		builder_str(b, v->dev.driver);
		builder_str(b, v->dev.id ? v->dev.id : "");
		builder_bytes(b, v->lan.mac, sizeof(v->lan.mac));
	}
}

static void put_numa(const struct papr_vmm *vmm, struct builder *b)
{
	const struct papr_config *cfg = &machine_of(vmm)->cfg;

	builder_be32(b, cfg->cores < cpus_of(vmm)->n_cores ? cfg->cores : 0);
	builder_be32(b, cfg->n_numa_nodes);
	for (unsigned int i = 0; i < cfg->n_numa_nodes; i++) {
		builder_be64(b, cfg->numa_nodes[i].ram_bytes);
		builder_bytes(b, cfg->numa_nodes[i].distance, cfg->n_numa_nodes);
	}
	for (uint32_t i = 0; cfg->n_numa_nodes && i < cpus_of(vmm)->n_cores; i++)
		builder_u8(b, (uint8_t)numa_of_core(vmm, i * cfg->threads));
}

static void save(const struct papr_vmm *vmm, struct builder *b)
{
	const struct cpu_model *model = cpus_of(vmm)->model;
	const struct papr_config *cfg = &machine_of(vmm)->cfg;

	builder_be64(b, cfg->ram_bytes);
	builder_be64(b, cfg->max_ram_bytes);
	builder_be32(b, cfg->mem_slots);
	builder_be32(b, cfg->cpus);
	builder_be32(b, cfg->max_cpus);
	builder_be32(b, cfg->threads);
	builder_str(b, model->name ? model->name : model->core_type);
	builder_bytes(b, cfg->uuid, sizeof(cfg->uuid));
	put_flags(vmm, b);
	put_dimms(vmm, b);
	put_phbs(vmm, b);
	put_disks(vmm, b);
	put_vdevs(vmm, b);
	put_numa(vmm, b);
}

static int load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		struct papr_error *error)
{
	struct builder b = builder_of(NULL, 0);
	bool alike = false;
	uint8_t *ours;

	(void)loaded;
	save(vmm, &b);
	ours = malloc(b.len);
	if (!ours)
		return -ENOMEM;
	if (b.len == cursor_left(c)) {
		b = builder_of(ours, b.len);
		save(vmm, &b);
		alike = !memcmp(ours, c->p, b.len);
	}
	free(ours);
	if (!alike || !machine_of(vmm)->started)
		return papr_fail(
			error, -ENODEV,
			alike ? "The machine was not started"
			      : "The configuration differs from that of the saved machine");
	return 0;
}

const struct state_section state_config = { .tag = "CONF", .save = save, .load = load };
