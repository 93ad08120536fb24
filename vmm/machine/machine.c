// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/machine/config.h"
#include "vmm/machine/hcall.h"
#include "vmm/machine/machine.h"
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
		err = numa_init(vmm);
	if (!err)
		err = pci_init(vmm);
	if (!err)
		err = vio_init(vmm);
	if (!err)
		err = rtas_init(vmm);
	if (!err && vmm->cfg.vof)
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

	vmm->env = *embedder;
	vmm->type = machine_type_find(config->machine);
	err = config_copy(&vmm->cfg, config, vmm->type, error);
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
	vmm->env.event = NULL;
	vof_free(vmm->vof);
	rtas_free(vmm);
	papr_vmm_changes_clear(vmm);
	powervm_free(&vmm->powervm);
	vio_free(vmm);
	pci_free(vmm);
	memory_free(vmm);
	numa_free(vmm);
	cpus_free(vmm);
	events_clear(&vmm->events);
	tree_free(&vmm->tree);
	faults_free(&vmm->faults);
	connectors_free(&vmm->connectors);
	config_free(&vmm->cfg);
	free(vmm);
}

int papr_vmm_reset(struct papr_vmm *vmm)
{
	int err;

	cas_reset(vmm);
	vmm->caller = 0;

	/* Like QEMU, count memory that connectors_reset() is about to release. */
	cpus_reset_hpt(vmm);
	/* Reset the connectors first: it frees devices with a pending unplug. */
	connectors_reset(vmm);
	pci_reset(vmm);
	cpus_reset(vmm);
	events_clear(&vmm->events);
	rtas_reset(vmm);
	powervm_reset(vmm);
	vmm->started = true;

	err = boot_load(vmm);
	if (!err)
		err = build_tree(vmm);
	if (!err && vmm->cfg.vof)
		err = vof_reset(vmm);
	return err;
}

void papr_vmm_powerdown(struct papr_vmm *vmm)
{
	machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_POWERDOWN });
	event_epow(vmm);
}
