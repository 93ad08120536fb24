// SPDX-License-Identifier: LGPL-2.1-or-later
/* DIMMs and NVDIMMs: options, placement and plug. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/device.h"
#include "vmm/base/machine.h"
#include "vmm/base/option.h"
#include "vmm/dr/connectors.h"
#include "vmm/events/events.h"
#include "vmm/memory/memory.h"
#include "vmm/memory/numa.h"
#include "wire/cas.h"
#include "wire/event_hp.h"

enum {
	LABEL_MIN = 128 << 10,
	PMEM_ALIGN = 2 << 20,
	MIB_SHIFT = 20,
};

struct dimm_options {
	struct backend *backend;
	uint64_t address; /* 0: first free range */
	int32_t slot;	  /* -1: first free slot */
	uint32_t node;
	uint64_t label;
	uint8_t uuid[16];
	bool has_label, has_uuid;
};

/* ---- Options ---- */

static int read_backend(const struct papr_vmm *vmm, const struct papr_option *options,
			size_t n, struct backend **backend, struct papr_error *error)
{
	const char *id = option_get(options, n, "memdev");

	if (!id)
		return papr_fail(error, -EINVAL, "'memdev' property must be set");
	*backend = backend_find(vmm, id);
	if (!*backend)
		return papr_fail_class(error, PAPR_ERROR_DEVICE_NOT_FOUND, -ENOENT,
				       "Device '%s' not found", id);
	return 0;
}

static int read_nvdimm_options(const struct papr_option *options, size_t n,
			       struct dimm_options *read, struct papr_error *error)
{
	static const uint8_t none[16];
	bool unarmed = false;
	int err = option_bool(options, n, "unarmed", &unarmed, error);

	read->has_label = option_get(options, n, "label-size");
	if (!err)
		err = option_size(options, n, "label-size", &read->label, error);
	if (!err && read->has_label &&
	    (read->label < LABEL_MIN || read->label > UINT32_MAX))
		err = papr_fail(error, -EINVAL,
				"Property 'nvdimm.label-size' (0x%" PRIx64
				") is required at least 0x%x",
				read->label, LABEL_MIN);
	if (!err)
		err = option_uuid(options, n, "uuid", read->uuid, &read->has_uuid, error);
	if (!err && !memcmp(read->uuid, none, sizeof(none)))
		read->has_uuid = false;
	return err;
}

static const char *const dimm_names[] = { "addr", "memdev", "node", "slot", NULL };
static const char *const nvdimm_names[] = {
	"addr", "label-size", "memdev", "node", "slot", "unarmed", "uuid", NULL,
};

static int read_options(const struct papr_vmm *vmm, bool nvdimm,
			const struct papr_option *options, size_t n,
			struct dimm_options *read, struct papr_error *error)
{
	int err = option_check_names(options, n, nvdimm ? "nvdimm" : "pc-dimm",
				     nvdimm ? nvdimm_names : dimm_names, error);

	*read = (struct dimm_options){ .slot = -1 };
	if (!err)
		err = option_size(options, n, "addr", &read->address, error);
	if (!err)
		err = option_s32(options, n, "slot", &read->slot, error);
	if (!err)
		err = option_u32(options, n, "node", UINT32_MAX, &read->node, error);
	if (!err && nvdimm)
		err = read_nvdimm_options(options, n, read, error);
	if (!err)
		err = read_backend(vmm, options, n, &read->backend, error);
	return err;
}

/* ---- Checks ---- */

static int size_of_nvdimm(const struct papr_vmm *vmm, const struct dimm_options *read,
			  uint64_t *size, struct papr_error *error)
{
	uint64_t all = read->backend->size;

	if (all <= read->label || all - read->label < PMEM_ALIGN)
		return papr_fail(error, -EINVAL,
				 "the size of memdev %s (0x%" PRIx64
				 ") is too small to contain nvdimm label (0x%" PRIx64
				 ") and aligned PMEM (0x%x)",
				 read->backend->id, all, read->label, PMEM_ALIGN);
	*size = (all - read->label) / PMEM_ALIGN * PMEM_ALIGN;

	if (!machine_of(vmm)->cfg.nvdimm)
		return papr_fail(error, -EINVAL,
				 "nvdimm device found but 'nvdimm=off' was set");
	if (!read->has_label)
		return papr_fail(error, -EINVAL,
				 "PAPR requires NVDIMM devices to have label-size set");
	if (*size % LMB_BYTES)
		return papr_fail(error, -EINVAL,
				 "PAPR requires NVDIMM memory size (excluding label) to "
				 "be a multiple of %lluMB",
				 LMB_BYTES >> MIB_SHIFT);
	if (!read->has_uuid)
		return papr_fail(error, -EINVAL,
				 "NVDIMM device requires the uuid to be set");
	return 0;
}

static int size_of(const struct papr_vmm *vmm, bool nvdimm,
		   const struct dimm_options *read, uint64_t *size,
		   struct papr_error *error)
{
	if (nvdimm)
		return size_of_nvdimm(vmm, read, size, error);

	*size = read->backend->size;
	if (*size % LMB_BYTES)
		return papr_fail(error, -EINVAL,
				 "Hotplugged memory size must be a multiple of %llu MB",
				 LMB_BYTES >> MIB_SHIFT);
	return 0;
}

static bool slot_is_free(const struct papr_vmm *vmm, uint32_t slot)
{
	for (const struct dimm *d = memory_of(vmm)->dimms; d; d = d->next)
		if (d->slot == slot)
			return false;
	return true;
}

static int find_slot(const struct papr_vmm *vmm, int32_t wanted, uint32_t *slot,
		     struct papr_error *error)
{
	uint32_t slots = machine_of(vmm)->cfg.mem_slots;

	if (!slots)
		return papr_fail(error, -EINVAL,
				 "no slots where allocated, please specify the 'slots' "
				 "option");
	if (wanted < -1 || wanted >= (int32_t)slots)
		return papr_fail(error, -EINVAL,
				 "invalid slot number %d, valid range is [0-%u]",
				 (int)wanted, (unsigned int)slots - 1);
	if (wanted >= 0) {
		*slot = (uint32_t)wanted;
		if (slot_is_free(vmm, *slot))
			return 0;
		return papr_fail(error, -EBUSY, "slot %d is busy", (int)wanted);
	}

	for (*slot = 0; *slot < slots; ++*slot)
		if (slot_is_free(vmm, *slot))
			return 0;
	return papr_fail(error, -ENOSPC, "no free slots available");
}

static int check_room(const struct memory *memory, uint64_t size,
		      struct papr_error *error)
{
	uint64_t room = memory->hotplug_end - memory->hotplug_base, used = 0;

	for (const struct dimm *d = memory->dimms; d; d = d->next)
		used += d->size;
	if (size > room - used)
		return papr_fail(error, -ENOSPC,
				 "not enough space, currently 0x%" PRIx64
				 " in use of total space for memory devices 0x%" PRIx64,
				 used, room);
	return 0;
}

/* Check an address. It must be aligned to an LMB, so that DIMMs never share one. QEMU
 * accepts any multiple of 2 MiB, and two DIMMs may then need the same connector. */
static int check_address(const struct memory *memory, uint64_t address, uint64_t size,
			 struct papr_error *error)
{
	if (address % LMB_BYTES)
		return papr_fail(error, -EINVAL,
				 "address must be aligned to 0x%llx bytes", LMB_BYTES);
	if (address < memory->hotplug_base || address > memory->hotplug_end ||
	    size > memory->hotplug_end - address)
		return papr_fail(error, -EINVAL,
				 "can't add memory device [0x%" PRIx64 ":0x%" PRIx64
				 "], usable range for memory devices [0x%" PRIx64
				 ":0x%" PRIx64 "]",
				 address, size, memory->hotplug_base,
				 memory->hotplug_end - memory->hotplug_base);

	for (const struct dimm *d = memory->dimms; d; d = d->next)
		if (address < d->address + d->size && d->address < address + size)
			return papr_fail(error, -EBUSY,
					 "address range conflicts with memory device "
					 "id='%s'",
					 d->dev.id ? d->dev.id : "(unnamed)");
	return 0;
}

/* Find the lowest free range that is large enough. */
static int find_address(const struct memory *memory, uint64_t size, uint64_t *address,
			struct papr_error *error)
{
	*address = memory->hotplug_base;
	for (const struct dimm *d = memory->dimms; d; d = d->next) {
		if (size <= d->address - *address)
			return 0;
		*address = d->address + d->size;
	}
	if (size <= memory->hotplug_end - *address)
		return 0;
	return papr_fail(error, -ENOSPC,
			 "could not find position in guest address space for memory "
			 "device - memory fragmented due to alignments");
}

static int place(const struct papr_vmm *vmm, const struct dimm_options *read,
		 struct dimm *dimm, struct papr_error *error)
{
	const struct memory *memory = memory_of(vmm);
	int err = find_slot(vmm, read->slot, &dimm->slot, error);

	if (!err)
		err = check_room(memory, dimm->size, error);
	if (err)
		return err;

	dimm->address = read->address;
	if (read->address)
		err = check_address(memory, dimm->address, dimm->size, error);
	else
		err = find_address(memory, dimm->size, &dimm->address, error);
	if (err)
		return err;

	if (read->backend->used)
		return papr_fail(error, -EBUSY, "can't use already busy memdev: %s",
				 read->backend->id);
	if (read->node >= numa_count(vmm))
		return papr_fail(error, -EINVAL,
				 "'DIMM property node has value %u' which exceeds the "
				 "number of numa nodes: %u",
				 (unsigned int)read->node, (unsigned int)numa_count(vmm));
	return 0;
}

/* ---- Plug ---- */

static void insert(struct memory *memory, struct dimm *dimm)
{
	struct dimm **at = &memory->dimms;

	while (*at && (*at)->address < dimm->address)
		at = &(*at)->next;
	dimm->next = *at;
	*at = dimm;
	dimm->backend->used = true;
}

void dimm_free(struct papr_vmm *vmm, struct dimm *dimm)
{
	struct dimm **at = &memory_of(vmm)->dimms;

	while (*at && *at != dimm)
		at = &(*at)->next;
	if (*at) {
		*at = dimm->next;
		dimm->backend->used = false;
	}
	free(dimm);
}

/* Attach the DIMM to its connectors. They are empty, because the range was free. */
static int attach(struct papr_vmm *vmm, struct dimm *dimm)
{
	int err = 0;

	if (dimm->nvdimm)
		return connector_attach(
			vmm,
			connector_find(connectors_of(vmm),
				       (uint32_t)DRC_KIND_PMEM << 28 | dimm->slot),
			&dimm->dev);

	for (uint64_t at = 0; at < dimm->size && !err; at += LMB_BYTES)
		err = connector_attach(vmm, lmb_connector(vmm, dimm->address + at),
				       &dimm->dev);
	return err;
}

static void detach(struct papr_vmm *vmm, struct dimm *dimm)
{
	for (uint64_t at = 0; at < dimm->size; at += LMB_BYTES) {
		struct connector *c = lmb_connector(vmm, dimm->address + at);

		if (c->dev == &dimm->dev)
			c->dev = NULL;
	}
}

/* Queue the event. Only a guest that negotiated the dedicated source can receive the
 * index of the first block. */
static void tell_guest(struct papr_vmm *vmm, const struct dimm *dimm)
{
	struct hp_section hp = { .type = HP_MEMORY, .action = HP_ADD };

	if (dimm->nvdimm) {
		hp.type = HP_PMEM;
		hp.id = HP_INDEX;
		hp.index = (uint32_t)DRC_KIND_PMEM << 28 | dimm->slot;
	} else {
		bool events = machine_negotiated(vmm, OV5_HP_EVT);

		hp.id = events ? HP_COUNT_INDEXED : HP_COUNT;
		hp.count = (uint32_t)(dimm->size / LMB_BYTES);
		if (events)
			hp.index = lmb_connector(vmm, dimm->address)->index;
	}
	event_hotplug(vmm, &hp);
}

static int plug(struct papr_vmm *vmm, struct dimm *dimm, const char *id,
		struct papr_error *error)
{
	int err = device_register(vmm, &dimm->dev, id, error);

	if (err)
		return err;

	insert(memory_of(vmm), dimm);
	err = attach(vmm, dimm);
	if (err) {
		detach(vmm, dimm);
		device_unregister(vmm, &dimm->dev);
		return err;
	}
	if (dimm->dev.hotplugged)
		tell_guest(vmm, dimm);
	return 0;
}

static struct dimm *new_dimm(bool nvdimm, const struct dimm_options *read)
{
	struct dimm *dimm = calloc(1, sizeof(*dimm));

	if (!dimm)
		return NULL;
	dimm->dev = (struct device){ .class = &dimm_class,
				     .driver = nvdimm ? "nvdimm" : "pc-dimm" };
	dimm->nvdimm = nvdimm;
	dimm->backend = read->backend;
	dimm->node = read->node;
	dimm->label_bytes = (uint32_t)read->label;
	memcpy(dimm->uuid, read->uuid, sizeof(dimm->uuid));
	return dimm;
}

int dimm_add(struct papr_vmm *vmm, bool nvdimm, const struct papr_option *options,
	     size_t n, struct papr_error *error)
{
	const char *id = option_get(options, n, "id");
	struct dimm_options read;
	struct dimm *dimm;
	int err;

	if (id && device_find(vmm, id))
		return papr_fail(error, -EEXIST, "Duplicate device ID '%s'", id);
	err = read_options(vmm, nvdimm, options, n, &read, error);
	if (err)
		return err;

	dimm = new_dimm(nvdimm, &read);
	if (!dimm)
		return -ENOMEM;
	err = size_of(vmm, nvdimm, &read, &dimm->size, error);
	if (!err)
		err = place(vmm, &read, dimm, error);
	if (!err)
		err = plug(vmm, dimm, id, error);
	if (err)
		dimm_free(vmm, dimm);
	return err;
}
