// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/vio/vio.h"
#include "vmm/firmware/cas.h"
#include "vmm/machine/config.h"
#include "vmm/machine/papr_vmm.h"
#include "vmm/machine/tree_nodes.h"
#include "vmm/firmware/vof.h"

static int build_tree(struct papr_vmm *vmm)
{
	size_t size;
	void *fdt;
	int err = tree_build(vmm, TREE_BOOT, &fdt, &size);

	if (!err)
		tree_store(vmm, fdt, size, true);
	return err;
}

/* ---- What parts need from above ---- */

static bool machine_has_kernel_dump(const struct papr_vmm *vmm)
{
	return vmm->shared.type->kernel_dump;
}

static bool machine_is_powervm(const struct papr_vmm *vmm)
{
	return vmm->shared.cfg.powervm;
}

static const struct rtas_table rtas_tables[] = {
	{ rtas_powervm_calls,
	  machine_is_powervm }, /* above the others: it answers first */
	{ rtas_dr_calls, NULL },
	{ rtas_log_calls, NULL },
	{ rtas_sys_calls, NULL },
	{ rtas_cpu_calls, NULL },
	{ rtas_pci_calls, NULL },
	{ rtas_xics_calls, NULL },
	{ rtas_kernel_dump_calls, machine_has_kernel_dump },
	{ NULL, NULL },
};

/* The configuration is first: if it does not fit, the other sections do not matter. */
static const struct state_section *const sections[] = {
	&state_config,	   &state_general, &state_rtas,	   &state_cpus,
	&state_pci,	   &state_xics,	   &state_events,  &state_tree,
	&state_connectors, &state_vof,	   &state_powervm, NULL,
};

static const struct machine_hooks hooks = {
	.rtas_tables = rtas_tables,
	.sections = sections,
	.put_nodes = tree_put_nodes,
	.amend_tree = powervm_changes_apply,
};

static void machine_connect(struct papr_vmm *vmm)
{
	struct machine *shared = &vmm->shared;

	shared->hooks = &hooks;
	shared->connectors = &vmm->connectors;
	shared->tree = &vmm->tree;
	shared->events = &vmm->events;
	shared->cpus = &vmm->cpus;
	shared->memory = &vmm->memory;
	shared->pci = &vmm->pci;
	shared->rtas = &vmm->rtas;
	shared->powervm = &vmm->powervm;
	shared->boot = &vmm->boot;
}

/* ---- From new to free ---- */

static int init_parts(struct papr_vmm *vmm, struct papr_error *error)
{
	int err;

	cas_reset(vmm);
	events_init(&vmm->events);
	powervm_init(&vmm->powervm);
	err = cpus_init(vmm, error);
	if (!err)
		err = memory_init(vmm, error);
	if (!err)
		err = pci_init(vmm);
	if (!err)
		err = vio_init(vmm);
	if (!err)
		err = rtas_init(vmm);
	if (!err && vmm->shared.cfg.vof)
		err = vof_init(vmm);
	if (!err)
		err = build_tree(vmm);
	return err;
}

int papr_vmm_new(struct papr_vmm **out, const struct papr_config *config,
		 const struct papr_embedder *embedder, struct papr_error *error)
{
	struct papr_vmm *vmm;
	int err;

	*out = NULL;
	if (!embedder->read || !embedder->write || !embedder->clock_ns)
		return papr_fail(error, -EINVAL,
				 "the embedder lacks read, write or clock_ns");

	vmm = calloc(1, sizeof(*vmm));
	if (!vmm)
		return papr_fail(error, -ENOMEM, "out of memory");

	machine_connect(vmm);
	vmm->shared.env = *embedder;
	vmm->shared.type = machine_type_find(config->machine);
	err = config_copy(&vmm->shared.cfg, config, vmm->shared.type, error);
	if (err) {
		free(vmm);
		return err;
	}

	err = init_parts(vmm, error);
	if (err) {
		papr_vmm_free(vmm);
		return papr_fail(error, err, "%s", strerror(-err));
	}

	*out = vmm;
	return 0;
}

/* Parts that were not initialized are still zero, and can be freed. */
void papr_vmm_free(struct papr_vmm *vmm)
{
	if (!vmm)
		return;

	/* Do not report events of devices that are freed here. */
	vmm->shared.env.event = NULL;
	vof_free(vmm->shared.vof);
	rtas_free(vmm);
	papr_vmm_changes_clear(vmm);
	powervm_free(&vmm->powervm);
	vio_free(vmm);
	pci_free(vmm);
	memory_free(vmm);
	cpus_free(vmm);
	events_clear(&vmm->events);
	tree_free(&vmm->tree);
	faults_free(&vmm->shared.faults);
	connectors_free(&vmm->connectors);
	config_free(&vmm->shared.cfg);
	free(vmm);
}

int papr_vmm_reset(struct papr_vmm *vmm)
{
	int err;

	cas_reset(vmm);
	vmm->shared.caller = 0;

	/* Like QEMU, count memory that connectors_reset() is about to release. */
	cpus_reset_hpt(vmm);
	/* Reset the connectors first: it frees devices with a pending unplug. */
	connectors_reset(vmm);
	pci_reset(vmm);
	cpus_reset(vmm);
	events_clear(&vmm->events);
	rtas_reset(vmm);
	powervm_reset(vmm);
	vmm->shared.started = true;

	err = boot_load(vmm);
	if (!err)
		err = build_tree(vmm);
	if (!err && vmm->shared.cfg.vof)
		err = vof_reset(vmm);
	return err;
}

void papr_vmm_powerdown(struct papr_vmm *vmm)
{
	machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_POWERDOWN });
	event_epow(vmm);
}
