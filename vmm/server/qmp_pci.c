// SPDX-License-Identifier: GPL-2.0-or-later
/* query-pci: host bridges, newest first, and the functions on their buses. */
#include "vmm/server/qmp_call.h"

enum { MAX_DEPTH = 16 };

static void add(json_object *object, const char *name, json_object *value)
{
	json_object_object_add(object, name, value);
}

static void add_number(json_object *object, const char *name, uint64_t n)
{
	add(object, name, json_object_new_uint64(n));
}

static void add_flag(json_object *object, const char *name, bool flag)
{
	add(object, name, json_object_new_boolean(flag));
}

static json_object *region_of(const struct papr_pci_region *region)
{
	json_object *out = json_object_new_object();

	if (!region->io) {
		add_flag(out, "prefetch", region->prefetch);
		add_flag(out, "mem_type_64", region->is64);
	}
	add_number(out, "bar", region->bar);
	add_number(out, "size", region->size);
	add(out, "type", json_object_new_string(region->io ? "io" : "memory"));
	add(out, "address", json_object_new_int64((int64_t)region->address));
	return out;
}

static json_object *range_of(const struct papr_pci_range *range)
{
	json_object *out = json_object_new_object();

	add_number(out, "limit", range->limit);
	add_number(out, "base", range->base);
	return out;
}

static json_object *bridge_of(const struct papr_pci_info *info)
{
	json_object *out = json_object_new_object(), *bus = json_object_new_object();

	add(bus, "prefetchable_range", range_of(&info->prefetchable));
	add(bus, "memory_range", range_of(&info->memory));
	add_number(bus, "secondary", (uint64_t)info->bridge_bus);
	add(bus, "io_range", range_of(&info->io));
	add_number(bus, "number", info->primary);
	add_number(bus, "subordinate", info->subordinate);
	add(out, "bus", bus);
	return out;
}

static json_object *class_of(const struct papr_pci_info *info)
{
	json_object *out = json_object_new_object();

	add_number(out, "class", info->class_code);
	if (info->class_text)
		add(out, "desc", json_object_new_string(info->class_text));
	return out;
}

static json_object *identity_of(const struct papr_pci_info *info)
{
	json_object *out = json_object_new_object();

	add_number(out, "device", info->device);
	add_number(out, "vendor", info->vendor);
	if (info->bridge_bus < 0) {
		add_number(out, "subsystem-vendor", info->subsystem_vendor);
		add_number(out, "subsystem", info->subsystem);
	}
	return out;
}

/* Describe the function. If it is a bridge, *bridge receives the object for the bus below
 * it. */
static json_object *function_of(const struct papr_pci_info *info, json_object **bridge)
{
	json_object *out = json_object_new_object(), *regions = json_object_new_array();

	for (unsigned int i = 0; i < info->n_regions; i++)
		json_object_array_add(regions, region_of(&info->regions[i]));
	add_number(out, "irq_pin", info->irq_pin);
	if (info->irq_pin)
		add_number(out, "irq", info->irq_line);
	add_number(out, "bus", info->bus);
	add(out, "qdev_id", json_object_new_string(info->id ? info->id : ""));
	add_number(out, "slot", info->slot);
	add(out, "class_info", class_of(info));
	add(out, "id", identity_of(info));
	add_number(out, "function", info->function);
	add(out, "regions", regions);
	*bridge = NULL;
	if (info->bridge_bus >= 0) {
		*bridge = bridge_of(info);
		add(out, "pci_bridge", *bridge);
	}
	return out;
}

/* Lists of functions that are being filled: of the root bus, of the bridge on it, and so
 * on */
struct listing {
	json_object *lists[MAX_DEPTH + 1]; /* NULL: not shown */
};

/* Add a function. The bus below a bridge is shown only after the guest has numbered
 * it. */
static void add_function(struct listing *l, const struct papr_pci_info *info)
{
	json_object *bridge, *function, *list;

	if (info->depth >= MAX_DEPTH)
		return;
	list = l->lists[info->depth];
	l->lists[info->depth + 1] = NULL;
	if (!list)
		return;
	function = function_of(info, &bridge);
	json_object_array_add(list, function);
	if (!bridge || info->bridge_bus <= 0)
		return;
	l->lists[info->depth + 1] = json_object_new_array();
	add(bridge, "devices", l->lists[info->depth + 1]);
}

/* Describe the root bus of a host bridge. Functions have the same order as their host
 * bridges: *n is the next function. */
static json_object *bus_of(const struct papr_vmm *vmm, uint32_t phb, size_t *n)
{
	json_object *bus = json_object_new_object();
	struct listing l = { .lists = { json_object_new_array() } };
	struct papr_pci_info info = { .size = sizeof(info) };

	for (; papr_vmm_pci_info(vmm, *n, &info) > 0 && info.phb == phb; ++*n)
		add_function(&l, &info);
	add_number(bus, "bus", 0);
	add(bus, "devices", l.lists[0]);
	return bus;
}

int qmp_query_pci(struct qmp_call *call)
{
	const struct papr_vmm *vmm = call->host->vmm;
	struct papr_phb_info phb = { .size = sizeof(phb) };
	size_t next = 0;

	call->reply = json_object_new_array();
	for (size_t n = 0; papr_vmm_phb_info(vmm, n, &phb) > 0; n++)
		json_object_array_add(call->reply, bus_of(vmm, phb.index, &next));
	return 0;
}
