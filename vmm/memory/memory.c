// SPDX-License-Identifier: LGPL-2.1-or-later
/* Address space for added memory, and the memory backends. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/device.h"
#include "vmm/base/machine.h"
#include "vmm/base/machine_types.h"
#include "vmm/base/option.h"
#include "vmm/base/sized.h"
#include "vmm/dr/connectors.h"
#include "vmm/memory/memory.h"
#include "vmm/memory/numa.h"

/* Added memory is above the boot memory, from the next GiB on. */
int memory_init(struct papr_vmm *vmm, struct papr_error *error)
{
	const struct papr_config *cfg = &machine_of(vmm)->cfg;
	uint64_t more = cfg->max_ram_bytes - cfg->ram_bytes;
	struct memory *memory = memory_of(vmm);

	if (cfg->mem_slots && !more)
		return papr_fail(
			error, -EINVAL,
			"invalid value of maxmem: memory slots were specified but "
			"maximum memory size (0x%" PRIx64
			") is equal to the initial memory size (0x%" PRIx64 ")",
			cfg->max_ram_bytes, cfg->ram_bytes);

	memory->hotplug_base = (cfg->ram_bytes + (1ULL << 30) - 1) >> 30 << 30;
	memory->hotplug_end = memory->hotplug_base + more;
	if (more && !connector_bank_add(connectors_of(vmm), DRC_KIND_LMB,
					(uint32_t)(memory->hotplug_base / LMB_BYTES), 1,
					(uint32_t)(more / LMB_BYTES)))
		return -ENOMEM;
	if (cfg->mem_slots &&
	    !connector_bank_add(connectors_of(vmm), DRC_KIND_PMEM, 0, 1, cfg->mem_slots))
		return -ENOMEM;
	return 0;
}

static void free_backend(struct backend *backend)
{
	free(backend->id);
	free(backend->path);
	free(backend);
}

void memory_free(struct papr_vmm *vmm)
{
	struct memory *memory = memory_of(vmm);

	while (memory->dimms) {
		device_unregister(vmm, &memory->dimms->dev);
		dimm_free(vmm, memory->dimms);
	}
	while (memory->backends) {
		struct backend *backend = memory->backends;

		memory->backends = backend->next;
		free_backend(backend);
	}
}

struct connector *lmb_connector(const struct papr_vmm *vmm, uint64_t address)
{
	return connector_find(connectors_of(vmm),
			      (uint32_t)DRC_KIND_LMB << 28 |
				      (uint32_t)(address / LMB_BYTES));
}

struct backend *backend_find(const struct papr_vmm *vmm, const char *id)
{
	struct backend *backend = memory_of(vmm)->backends;

	while (backend && strcmp(backend->id, id))
		backend = backend->next;
	return backend;
}

/* Options other than the size concern the host's allocation of memory. */
static bool is_backend_option(const char *name)
{
	static const char *const names[] = {
		"qom-type",
		"id",
		"size",
		"share",
		"reserve",
		"merge",
		"dump",
		"policy",
		"prealloc",
		"host-nodes",
		"prealloc-threads",
		NULL,
	};
	const char *const *at = names;

	while (*at && strcmp(*at, name))
		at++;
	return *at;
}

static int check_backend(const struct papr_vmm *vmm, const struct papr_option *options,
			 size_t n, uint64_t *size, struct papr_error *error)
{
	const char *id = option_get(options, n, "id");
	int err;

	for (size_t i = 0; i < n; i++)
		if (!is_backend_option(options[i].name))
			return papr_fail(error, -EINVAL, "Parameter '%s' is unexpected",
					 options[i].name);
	if (!device_is_id(id))
		return papr_fail(error, -EINVAL, "Parameter 'id' expects an identifier");
	if (!option_get(options, n, "size"))
		return papr_fail(error, -EINVAL, "Parameter 'size' is missing");

	err = option_size(options, n, "size", size, error);
	if (err)
		return err;
	if (!*size)
		return papr_fail(error, -EINVAL,
				 "property 'size' of memory-backend-ram doesn't take "
				 "value '0'");
	if (backend_find(vmm, id))
		return papr_fail(error, -EEXIST,
				 "attempt to add duplicate property '%s' to object (type "
				 "'container')",
				 id);
	return 0;
}

int backend_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
		struct papr_error *error)
{
	const char *id = option_get(options, n, "id");
	struct backend *backend;
	uint64_t size = 0, numa_bytes = 0;
	int err = check_backend(vmm, options, n, &size, error);
	bool is_numa;

	if (err)
		return err;
	is_numa = numa_has_backend(vmm, id, &numa_bytes);
	if (is_numa && numa_bytes != size)
		return papr_fail(error, -EINVAL,
				 "a NUMA node has 0x%" PRIx64 " bytes of '%s', not all",
				 numa_bytes, id);

	backend = calloc(1, sizeof(*backend));
	if (!backend)
		return -ENOMEM;
	backend->id = strdup(id);
	if (!backend->id || asprintf(&backend->path, "/objects/%s", id) < 0) {
		free(backend->id);
		free(backend);
		return -ENOMEM;
	}

	backend->size = size;
	backend->used = is_numa;
	backend->next = memory_of(vmm)->backends;
	memory_of(vmm)->backends = backend;
	return 0;
}

int backend_del(struct papr_vmm *vmm, const char *id, struct papr_error *error)
{
	struct backend *backend = backend_find(vmm, id);
	struct backend **at = &memory_of(vmm)->backends;

	if (!backend)
		return papr_fail(error, -ENOENT, "object '%s' not found", id);
	if (backend->used)
		return papr_fail(error, -EBUSY,
				 "object '%s' is in use, can not be deleted", id);

	while (*at != backend)
		at = &(*at)->next;
	*at = backend->next;
	free_backend(backend);
	return 0;
}

int papr_vmm_memory_info(const struct papr_vmm *vmm, size_t n,
			 struct papr_memory_info *out)
{
	MACHINE_GUARD(vmm);
	const struct dimm *dimm = memory_of(vmm)->dimms;

	while (dimm && n--)
		dimm = dimm->next;
	if (!dimm)
		return 0;

	return sized_put(out,
			 &(struct papr_memory_info){
				 .type = dimm->nvdimm ? "nvdimm" : "dimm",
				 .id = dimm->dev.id,
				 .memdev = dimm->backend->path,
				 .address = dimm->address,
				 .bytes = dimm->size,
				 .slot = dimm->slot,
				 .node = dimm->node,
				 .hotplugged = dimm->dev.hotplugged,
			 },
			 sizeof(struct papr_memory_info));
}
