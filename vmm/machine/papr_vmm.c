// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/sized.h"
#include "vmm/firmware/cas.h"
#include "vmm/firmware/vof.h"
#include "vmm/machine/config.h"
#include "vmm/machine/papr_vmm.h"
#include "vmm/machine/tree_nodes.h"
#include "vmm/vio/random.h"
#include "vmm/vio/vdev.h"
#include "vmm/vio/vio.h"

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

bool machine_is_powervm(const struct papr_vmm *vmm)
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
	{ NULL, NULL },
};

/* The configuration is first: if it does not fit, the other sections do not matter. */
static const struct state_section *const sections[] = {
	&state_config, &state_general, &state_rtas, &state_cpus,       &state_pci,
	&state_xics,   &state_events,  &state_tree, &state_connectors, &state_tce,
	&state_vof,    &state_powervm, NULL,
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
	shared->iommu = &vmm->iommu;
	shared->tree = &vmm->tree;
	shared->events = &vmm->events;
	shared->cpus = &vmm->cpus;
	shared->memory = &vmm->memory;
	shared->numa = &vmm->numa;
	shared->pci = &vmm->pci;
	shared->rtas = &vmm->rtas;
	shared->powervm = &vmm->powervm;
	shared->boot = &vmm->boot;
}

/* ---- From new to free ---- */

/* The machine starts with XICS, which every guest supports. */
static bool answers_are_ok(const struct papr_answers *answers)
{
	return !answers ||
	       (answers->size >= sizeof(*answers) && answers->interrupts & PAPR_XICS &&
		answers->mmu & (PAPR_HASH | PAPR_RADIX));
}

static int init_parts(struct papr_vmm *vmm, struct papr_error *error)
{
	int err;

	cas_reset(vmm);
	events_init(events_of(vmm));
	powervm_init(powervm_of(vmm));
	err = cpus_init(vmm, error);
	if (!err)
		err = numa_init(vmm);
	if (!err)
		err = memory_init(vmm, error);
	if (!err)
		err = pci_init(vmm);
	if (!err)
		err = vio_init(vmm);
	if (!err)
		err = vdev_init(vmm);
	if (!err)
		err = rtas_init(vmm);
	if (!err && vmm->shared.cfg.vof)
		err = vof_init(vmm);
	if (!err)
		err = build_tree(vmm);
	return err;
}

int papr_vmm_new(struct papr_vmm **out, const struct papr_config *config,
		 const struct papr_machine_ops *ops, struct papr_error *error)
{
	struct papr_machine_ops known_ops;
	pthread_mutexattr_t recursive;
	struct papr_config known;
	struct papr_vmm *vmm;
	int err;

	*out = NULL;
	if (sized_get(&known, sizeof(known), config) ||
	    sized_get(&known_ops, sizeof(known_ops), ops))
		return papr_fail(
			error, -EINVAL,
			"the size of papr_config or papr_machine_ops is wrong, or "
			"they have members that this library does not know");
	if (!known_ops.read || !known_ops.write || !known_ops.clock_ns)
		return papr_fail(error, -EINVAL,
				 "the embedder lacks read, write or clock_ns");

	if (!answers_are_ok(known_ops.answers))
		return papr_fail(
			error, -EINVAL,
			"the embedder lacks XICS, or a translation of addresses, "
			"or the size of papr_answers is wrong");

	vmm = calloc(1, sizeof(*vmm));
	if (!vmm)
		return papr_fail(error, -ENOMEM, "out of memory");

	machine_connect(vmm);
	pthread_mutexattr_init(&recursive);
	pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&vmm->shared.lock, &recursive);
	pthread_mutexattr_destroy(&recursive);
	vmm->shared.env = known_ops;
	vmm->shared.type = machine_type_find(known.machine);
	err = config_copy(&vmm->shared.cfg, &known, vmm->shared.type, error);
	if (err) {
		pthread_mutex_destroy(&vmm->shared.lock);
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

	/* Do not report devices that are freed here. */
	vmm->shared.env.event = NULL;
	vof_free(vmm->shared.vof);
	rtas_free(vmm);
	papr_vmm_changes_clear(vmm);
	powervm_free(powervm_of(vmm));
	vio_free(vmm);
	vdev_free(vmm);
	random_free(vmm);
	pci_free(vmm);
	memory_free(vmm);
	numa_free(vmm);
	cpus_free(vmm);
	events_clear(events_of(vmm));
	tree_free(tree_of(vmm));
	papr_vmm_fault_clear(vmm, 0);
	connectors_free(connectors_of(vmm));
	config_free(&vmm->shared.cfg);
	pthread_mutex_destroy(&vmm->shared.lock);
	free(vmm);
}

int papr_vmm_reset(struct papr_vmm *vmm)
{
	MACHINE_GUARD(vmm);
	int err;

	cas_reset(vmm);
	vmm->shared.caller = 0;
	vdev_reset(vmm);

	/* Like QEMU, count memory that connectors_reset() is about to release. */
	cpus_reset_hpt(vmm);
	/* Reset the connectors first: it frees devices with a pending unplug. */
	connectors_reset(vmm);
	pci_reset(vmm);
	cpus_reset(vmm);
	events_clear(events_of(vmm));
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
	MACHINE_GUARD(vmm);

	machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_POWERDOWN });
	event_epow(vmm);
}

void papr_vmm_lock(struct papr_vmm *vmm)
{
	pthread_mutex_lock(&vmm->shared.lock);
}

void papr_vmm_unlock(struct papr_vmm *vmm)
{
	pthread_mutex_unlock(&vmm->shared.lock);
}
