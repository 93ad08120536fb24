// SPDX-License-Identifier: LGPL-2.1-or-later
/* Cores: their places, plug and unplug. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/device.h"
#include "vmm/base/machine.h"
#include "vmm/base/option.h"
#include "vmm/base/sized.h"
#include "vmm/cpu/cpus.h"
#include "vmm/dr/connectors.h"
#include "vmm/events/events.h"
#include "vmm/memory/memory.h"
#include "vmm/memory/numa.h"
#include "wire/cas.h"
#include "wire/event_hp.h"

static struct core *core_of(struct device *dev)
{
	return (struct core *)((char *)dev - offsetof(struct core, dev));
}

static struct connector *connector_of(const struct papr_vmm *vmm, const struct core *core)
{
	return connector_find(connectors_of(vmm),
			      (uint32_t)DRC_KIND_CPU << 28 | core->id);
}

/* ---- The hash page table ---- */

/* Return log2 of the hash page table size. PAPR recommends 1/128 of the memory. */
static uint32_t hpt_shift_for(uint64_t ram_bytes)
{
	enum { SMALLEST = 18, LARGEST = 46 };
	uint32_t shift = SMALLEST;

	while (shift < LARGEST && (1ULL << (shift + 7)) < ram_bytes)
		shift++;
	return shift;
}

static uint64_t ram_now(const struct papr_vmm *vmm)
{
	uint64_t bytes = machine_of(vmm)->cfg.ram_bytes;

	for (const struct dimm *d = memory_of(vmm)->dimms; d; d = d->next)
		bytes += d->size;
	return bytes;
}

void cpus_negotiated(struct papr_vmm *vmm)
{
	uint32_t shift = hpt_shift_for(machine_of(vmm)->cfg.max_ram_bytes);

	if (!machine_negotiated(vmm, OV5_MMU_RADIX) &&
	    !machine_negotiated(vmm, OV5_HPT_RESIZE) && cpus_of(vmm)->hpt_shift < shift)
		cpus_of(vmm)->hpt_shift = shift;
}

/* ---- Cores ---- */

/* Return the path of a boot core in QEMU's object tree. POWER9 and later have a XIVE
 * device, which is device[0] there. */
static char *boot_path(const struct papr_vmm *vmm, uint32_t n)
{
	char *path;
	int len = asprintf(&path, "/machine/unattached/device[%u]",
			   (unsigned int)(n + cpus_of(vmm)->model->isa3));

	return len < 0 ? NULL : path;
}

/* Make the core present. path belongs to the core, and is freed on error. */
static int fill_place(struct papr_vmm *vmm, struct core *core, char *path)
{
	struct core **at = &cpus_of(vmm)->first;
	int err = -ENOMEM;

	core->path = path;
	core->halted = malloc(cpus_of(vmm)->threads * sizeof(*core->halted));
	if (path && core->halted)
		err = connector_attach(vmm, connector_of(vmm, core), &core->dev);
	if (err) {
		free(core->halted);
		free(path);
		core->halted = NULL;
		core->path = NULL;
		return err;
	}

	for (uint32_t i = 0; i < cpus_of(vmm)->threads; i++)
		core->halted[i] = true;
	core->present = true;
	core->next = NULL;
	while (*at)
		at = &(*at)->next;
	*at = core;
	return 0;
}

static void clear_place(struct papr_vmm *vmm, struct core *core)
{
	struct core **at = &cpus_of(vmm)->first;

	while (*at && *at != core)
		at = &(*at)->next;
	if (*at)
		*at = core->next;
	free(core->halted);
	free(core->path);
	*core = (struct core){ .id = core->id };
}

/* ---- Unplug ---- */

static int put_node(struct papr_vmm *vmm, struct device *dev, const struct connector *c,
		    struct fdt_out *out, bool hotplug)
{
	(void)c;
	core_put_node(vmm, core_of(dev), out, hotplug);
	return 0;
}

/* A repeated request sends the event again, so that the user can retry. */
static int request_unplug(struct papr_vmm *vmm, struct device *dev,
			  struct papr_error *error)
{
	const struct core *core = core_of(dev);
	struct connector *c = connector_of(vmm, core);

	if (!core->id)
		return papr_fail(error, -EINVAL, "Boot CPU core may not be unplugged");

	if (!c->unplug_requested)
		connector_request_unplug(vmm, c);
	event_hotplug(vmm, &(struct hp_section){ .type = HP_CPU,
						 .action = HP_REMOVE,
						 .id = HP_INDEX,
						 .index = c->index });
	return 0;
}

static void tell_part(const struct papr_vmm *vmm, const struct core *core,
		      unsigned int thread, const char *part)
{
	char *path;

	if (asprintf(&path, "%s/thread[%u]%s", core->path, thread, part) < 0)
		return;
	machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_DEVICE_DELETED,
						.path = path });
	free(path);
}

/* Report the deletion of the core's inner objects, then of the core. */
static void release(struct papr_vmm *vmm, struct device *dev, struct connector *c)
{
	struct core *core = core_of(dev);

	(void)c;
	for (unsigned int i = 0; i < cpus_of(vmm)->threads; i++) {
		tell_part(vmm, core, i, "/icp");
		if (cpus_of(vmm)->model->isa3)
			tell_part(vmm, core, i, "/xive-tctx");
		tell_part(vmm, core, i, "");
	}
	device_deleted(vmm, dev);
	clear_place(vmm, core);
}

static const struct device_class core_class = {
	.put_node = put_node,
	.request_unplug = request_unplug,
	.release = release,
};

/* ---- Boot cores ---- */

int cpus_init(struct papr_vmm *vmm, struct papr_error *error)
{
	struct cpus *cpus = cpus_of(vmm);
	const struct papr_config *cfg = &machine_of(vmm)->cfg;

	cpus->model = cpu_model_find(machine_of(vmm)->type, cfg->cpu_model);
	if (!cpus->model)
		return papr_fail(error, -EINVAL, "unable to find CPU model '%s'",
				 cfg->cpu_model);

	cpus->threads = cfg->threads;
	cpus->n_cores = cfg->max_cpus / cfg->threads;
	cpus->cores = calloc(cpus->n_cores, sizeof(*cpus->cores));
	if (!cpus->cores || !connector_bank_add(connectors_of(vmm), DRC_KIND_CPU, 0,
						cpus->threads, cpus->n_cores))
		return -ENOMEM;

	for (uint32_t i = 0; i < cpus->n_cores; i++)
		cpus->cores[i].id = i * cpus->threads;
	/* Start with the last core: each is inserted before the existing ones. */
	for (uint32_t i = cfg->cpus / cfg->threads; i-- > 0;) {
		struct core *core = &cpus->cores[i], *rest = cpus->first;
		int err;

		core->dev.class = &core_class;
		core->dev.driver = cpus->model->core_type;
		cpus->first = NULL;
		err = fill_place(vmm, core, boot_path(vmm, i));
		if (err) {
			cpus->first = rest;
			return err;
		}
		core->next = rest;
	}
	cpus_reset(vmm);
	return 0;
}

void cpus_free(struct papr_vmm *vmm)
{
	struct cpus *cpus = cpus_of(vmm);

	while (cpus->first) {
		device_unregister(vmm, &cpus->first->dev);
		clear_place(vmm, cpus->first);
	}
	free(cpus->cores);
	cpus->cores = NULL;
}

void cpus_reset(struct papr_vmm *vmm)
{
	struct cpus *cpus = cpus_of(vmm);

	for (struct core *core = cpus->first; core; core = core->next)
		for (uint32_t i = 0; i < cpus->threads; i++)
			core->halted[i] = core->id || i;
}

void cpus_reset_hpt(struct papr_vmm *vmm)
{
	cpus_of(vmm)->hpt_shift = hpt_shift_for(ram_now(vmm));
	if (!machine_of(vmm)->ov5_guest_empty)
		cpus_negotiated(vmm);
}

bool *cpus_halted(struct papr_vmm *vmm, uint32_t thread)
{
	struct cpus *cpus = cpus_of(vmm);
	uint32_t place = thread / cpus->threads;

	if (place >= cpus->n_cores || !cpus->cores[place].present)
		return NULL;
	return &cpus->cores[place].halted[thread % cpus->threads];
}

bool cpus_others_run(const struct papr_vmm *vmm)
{
	const struct cpus *cpus = cpus_of(vmm);
	unsigned int running = 0;

	for (const struct core *core = cpus->first; core; core = core->next)
		for (uint32_t i = 0; i < cpus->threads; i++)
			running += !core->halted[i];
	return running > 1;
}

/* ---- Plug ---- */

struct core_options {
	int32_t id, threads, node;
};

static const char *const core_names[] = { "core-id", "node-id", "nr-threads", NULL };

static int read_options(const struct papr_vmm *vmm, const char *driver,
			const struct papr_option *options, size_t n,
			struct core_options *read, struct papr_error *error)
{
	int err = option_check_names(options, n, driver, core_names, error);

	*read = (struct core_options){ .threads = (int32_t)cpus_of(vmm)->threads,
				       .node = -1 };
	if (!err)
		err = option_s32(options, n, "core-id", &read->id, error);
	if (!err)
		err = option_s32(options, n, "nr-threads", &read->threads, error);
	if (!err)
		err = option_s32(options, n, "node-id", &read->node, error);
	if (!err && read->id < 0)
		err = papr_fail(error, -EINVAL, "Invalid core id %d", (int)read->id);
	return err;
}

/* Find the place for a core. The checks are in QEMU's order. */
static int find_place(struct papr_vmm *vmm, const char *driver,
		      const struct core_options *read, struct core **place,
		      struct papr_error *error)
{
	struct cpus *cpus = cpus_of(vmm);
	uint32_t id = (uint32_t)read->id;

	if (strcmp(driver, cpus->model->core_type))
		return papr_fail(error, -EINVAL, "CPU core type should be %s",
				 cpus->model->core_type);
	if (id % cpus->threads)
		return papr_fail(error, -EINVAL, "invalid core id %d", (int)read->id);
	if (read->threads != (int32_t)cpus->threads)
		return papr_fail(error, -EINVAL, "invalid nr-threads %d, must be %u",
				 (int)read->threads, (unsigned int)cpus->threads);
	if (id / cpus->threads >= cpus->n_cores)
		return papr_fail(error, -EINVAL, "core id %d out of range",
				 (int)read->id);
	*place = &cpus->cores[id / cpus->threads];
	if ((*place)->present)
		return papr_fail(error, -EEXIST, "core %d already populated",
				 (int)read->id);
	if (read->node != -1 && (uint32_t)read->node != numa_of_core(vmm, id))
		return papr_fail(error, -EINVAL, "invalid node-id, must be %u",
				 (unsigned int)numa_of_core(vmm, id));
	return 0;
}

static int plug(struct papr_vmm *vmm, struct core *core,
		const struct papr_option *options, size_t n, struct papr_error *error)
{
	int err;

	core->dev = (struct device){ .class = &core_class,
				     .driver = cpus_of(vmm)->model->core_type };
	err = device_register(vmm, &core->dev, option_get(options, n, "id"), error);
	if (err)
		return err;

	err = fill_place(vmm, core, device_path(&core->dev));
	if (err) {
		device_unregister(vmm, &core->dev);
		return err;
	}
	if (core->dev.hotplugged)
		event_hotplug(vmm, &(struct hp_section){
					   .type = HP_CPU,
					   .action = HP_ADD,
					   .id = HP_INDEX,
					   .index = connector_of(vmm, core)->index });
	return 0;
}

int core_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
	     struct papr_error *error)
{
	const char *driver = option_get(options, n, "driver");
	const char *id = option_get(options, n, "id");
	struct core_options read;
	struct core *core = NULL;
	int err;

	if (!cpu_model_of_core(machine_of(vmm)->type, driver))
		return papr_fail(error, -EINVAL, "'%s' is not a valid device model name",
				 driver);
	if (id && device_find(vmm, id))
		return papr_fail(error, -EEXIST, "Duplicate device ID '%s'", id);

	err = read_options(vmm, driver, options, n, &read, error);
	if (!err)
		err = find_place(vmm, driver, &read, &core, error);
	if (!err)
		err = plug(vmm, core, options, n, error);
	return err;
}

int papr_vmm_cpu_info(const struct papr_vmm *vmm, size_t n, struct papr_cpu_info *out)
{
	MACHINE_GUARD(vmm);
	const struct cpus *cpus = cpus_of(vmm);
	const struct core *core;

	if (n >= cpus->n_cores)
		return 0;

	core = &cpus->cores[cpus->n_cores - 1 - n];
	return sized_put(out,
			 &(struct papr_cpu_info){
				 .core_id = core->id,
				 .threads = cpus->threads,
				 .node_id = numa_of_core(vmm, core->id),
				 .type = cpus->model->core_type,
				 .path = core->path,
				 .pvr = cpus->model->pvr,
			 },
			 sizeof(struct papr_cpu_info));
}
