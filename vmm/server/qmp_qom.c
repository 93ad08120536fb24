// SPDX-License-Identifier: GPL-2.0-or-later
/* QOM as QMP shows it: types, their properties, and the objects of the machine */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "vmm/server/backends.h"
#include "vmm/server/opts_parts.h"
#include "vmm/server/qmp_call.h"

enum { NAME_SIZE = 96 };

struct qom_type {
	const char *name, *parent; /* parent NULL: none */
	bool abstract;
};

/* Types that are no drivers, machine types, processors or backends */
static const struct qom_type types[] = {
	{ "interface", NULL, true },
	{ "user-creatable", "interface", true },
	{ "object", NULL, true },
	{ "container", "object", false },
	{ "accel", "object", false },
	{ "tcg-accel", "accel", false },
	{ "event-loop-base", "object", true },
	{ "memory-backend", "object", true },
	{ "rng-backend", "object", true },
	{ "secret_common", "object", true },
	{ "machine", "object", true },
	{ "none-machine", "machine", false },
	{ "spapr-machine", "machine", true },
	{ "device", "object", true },
	{ "cpu", "device", true },
	{ "powerpc64-cpu", "cpu", true },
	{ "cpu-core", "device", true },
	{ "spapr-cpu-core", "cpu-core", true },
	{ "sys-bus-device", "device", true },
	{ "pci-host-bridge", "sys-bus-device", true },
	{ "pci-device", "device", true },
	{ "virtio-pci", "pci-device", true },
	{ "vio-spapr-device", "device", true },
	{ NULL, NULL, false },
};

static const char core_end[] = "-spapr-cpu-core", cpu_end[] = "-powerpc64-cpu";

/* ---- Types --------------------------------------------------------------------------- */

/* Return the length of the name before this end, or 0 if it has another one. */
static size_t length_before(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len > end_len && !strcmp(name + len - end_len, end) ? len - end_len : 0;
}

static const char *parent_of_driver(const struct papr_driver_info *info)
{
	if (info->bus && !strcmp(info->bus, "PCI"))
		return strncmp(info->name, "virtio-", 7) ? "pci-device" : "virtio-pci";
	if (info->bus && !strcmp(info->bus, "spapr-vio-bus"))
		return "vio-spapr-device";
	if (!strcmp(info->name, "spapr-pci-host-bridge"))
		return "pci-host-bridge";
	if (!strcmp(info->name, "nvdimm"))
		return "pc-dimm";
	return length_before(info->name, core_end) ? "spapr-cpu-core" : "device";
}

/* A walk over all types: qom_next() fills type. */
struct qom_walk {
	struct qom_type type;
	char name[NAME_SIZE];
	const char *machine;
	size_t n; /* in the present list */
	int list; /* the table, machine types, drivers, processors of cores, backends */
};

static bool next_listed(struct qom_walk *walk)
{
	struct papr_machine_info machine = { .size = sizeof(machine) };
	struct papr_driver_info driver = { .size = sizeof(driver) };
	size_t len;

	if (walk->list == 0) {
		walk->type = types[walk->n];
		return walk->type.name;
	}
	walk->type = (struct qom_type){ .name = walk->name };
	if (walk->list == 1) {
		if (papr_vmm_machine_info(walk->n, &machine) <= 0)
			return false;
		snprintf(walk->name, sizeof(walk->name), "%s-machine", machine.name);
		walk->type.parent = "spapr-machine";
		return true;
	}
	if (walk->list == 4) {
		walk->type.name = backend_types[walk->n].name;
		walk->type.parent = backend_types[walk->n].parent;
		return walk->type.name;
	}
	if (papr_vmm_driver_info(walk->machine, walk->n, &driver) <= 0)
		return false;
	len = length_before(driver.name, core_end);
	if (walk->list == 2) {
		walk->type.name = driver.name;
		walk->type.parent = parent_of_driver(&driver);
	} else if (len) {
		snprintf(walk->name, sizeof(walk->name), "%.*s%s", (int)len, driver.name,
			 cpu_end);
		walk->type.parent = "powerpc64-cpu";
	} else {
		walk->type.name = NULL; /* no core */
	}
	return true;
}

static bool qom_next(struct qom_walk *walk)
{
	enum { LISTS = 5 };

	while (walk->list < LISTS) {
		if (!next_listed(walk)) {
			walk->list++;
			walk->n = 0;
			continue;
		}
		walk->n++;
		if (walk->type.name)
			return true;
	}
	return false;
}

static bool find_type(const struct qmp_call *call, const char *name,
		      struct qom_walk *walk)
{
	*walk = (struct qom_walk){ .machine = call->host->options.config.machine };
	while (qom_next(walk))
		if (!strcmp(walk->type.name, name))
			return true;
	return false;
}

/* Return true if the type is this ancestor, or inherits from it. */
static bool inherits(const struct qmp_call *call, const struct qom_type *type,
		     const char *ancestor)
{
	struct qom_walk walk;

	if (!strcmp(type->name, ancestor))
		return true;
	if (!type->parent)
		return false;
	for (const struct backend_type *backend = backend_types; backend->name; backend++)
		if (!strcmp(ancestor, "user-creatable") &&
		    !strcmp(backend->name, type->name))
			return true;
	return find_type(call, type->parent, &walk) &&
	       inherits(call, &walk.type, ancestor);
}

static json_object *text(const char *string)
{
	return json_object_new_string(string);
}

static json_object *type_entry(const struct qom_type *type)
{
	json_object *entry = json_object_new_object();

	json_object_object_add(entry, "name", text(type->name));
	if (type->abstract)
		json_object_object_add(entry, "abstract", json_object_new_boolean(true));
	if (type->parent)
		json_object_object_add(entry, "parent", text(type->parent));
	return entry;
}

int qmp_qom_list_types(struct qmp_call *call)
{
	const char *ancestor = qmp_string(call, "implements");
	bool abstract = qmp_bool(call, "abstract");
	struct qom_walk walk = { .machine = call->host->options.config.machine };

	call->reply = json_object_new_array();
	while (qom_next(&walk))
		if ((abstract || !walk.type.abstract) &&
		    (!ancestor || inherits(call, &walk.type, ancestor)))
			json_object_array_add(call->reply, type_entry(&walk.type));
	return 0;
}

/* ---- Properties ------------------------------------------------------------------------ */

static void add_property(json_object *list, const char *name, const char *type)
{
	json_object *entry = json_object_new_object();

	json_object_object_add(entry, "name", text(name));
	json_object_object_add(entry, "type", text(type));
	json_object_array_add(list, entry);
}

static const char *property_type(const char *values)
{
	if (!values || strcmp(values, "on|off"))
		return values && !strcmp(values, "number") ? "uint32" : "str";
	return "bool";
}

static void add_backend_properties(json_object *list, const char *properties)
{
	char name[64], type[32];
	int len;

	while (sscanf(properties, "%63[^:]:%31s%n", name, type, &len) == 2) {
		add_property(list, name, type);
		properties += len;
		properties += strspn(properties, " ");
	}
}

/* Add the properties of a driver that the machine knows, or of a backend. */
static void add_properties(const struct qmp_call *call, const char *driver)
{
	struct papr_property_info info = { .size = sizeof(info) };
	const char *machine = call->host->options.config.machine;

	for (const struct backend_type *type = backend_types; type->name; type++)
		if (!strcmp(type->name, driver)) {
			add_backend_properties(call->reply, type->properties);
			return;
		}
	for (size_t n = 0; papr_vmm_property_info(machine, driver, n, &info) > 0; n++)
		if (strcmp(info.name, "id") != 0)
			add_property(call->reply, info.name, property_type(info.type));
}

static void add_machine_properties(json_object *list)
{
	for (const struct opts_property *p = opts_machine_properties; p->name; p++)
		if (strcmp(p->name, "type") != 0)
			add_property(list, p->name,
				     !p->values || !strcmp(p->values, "on|off")
					     ? "bool"
					     : "string");
}

int qmp_device_list_properties(struct qmp_call *call)
{
	const char *name = qmp_string(call, "typename");
	struct qom_walk walk;

	if (!find_type(call, name, &walk))
		return qmp_fail_class(call, "DeviceNotFound", -ENODEV,
				      "Device '%s' not found", name);
	if (walk.type.abstract || !inherits(call, &walk.type, "device"))
		return qmp_fail(
			call, -EINVAL,
			"Parameter 'typename' expects a non-abstract device type");
	call->reply = json_object_new_array();
	add_properties(call, name);
	return 0;
}

static void list_properties(const struct qmp_call *call, const struct qom_type *type)
{
	add_property(call->reply, "type", "string");
	if (inherits(call, type, "spapr-machine"))
		add_machine_properties(call->reply);
	else
		add_properties(call, type->name);
}

int qmp_qom_list_properties(struct qmp_call *call)
{
	const char *name = qmp_string(call, "typename");
	struct qom_walk walk;

	if (!find_type(call, name, &walk))
		return qmp_fail_class(call, "DeviceNotFound", -ENODEV,
				      "Class '%s' not found", name);
	call->reply = json_object_new_array();
	list_properties(call, &walk.type);
	return 0;
}

/* ---- Objects ------------------------------------------------------------------------------ */

/* An object of the tree */
struct qom_object {
	const char *path, *type;
};

typedef bool visit_fn(void *arg, const struct qom_object *object);

static bool visit_device(visit_fn *visit, void *arg, const char *id, const char *type)
{
	char path[256];

	if (!id || !*id)
		return false;
	snprintf(path, sizeof(path), "/machine/peripheral/%s", id);
	return visit(arg, &(struct qom_object){ path, type });
}

static bool visit_cores(const struct papr_vmm *vmm, visit_fn *visit, void *arg)
{
	struct papr_cpu_info cpu = { .size = sizeof(cpu) };
	bool end = false;

	for (size_t n = 0; !end && papr_vmm_cpu_info(vmm, n, &cpu) > 0; n++)
		if (cpu.path)
			end = visit(arg, &(struct qom_object){ cpu.path, cpu.type });
	return end;
}

/* Visit the devices, until the function returns true. */
static bool visit_devices(const struct papr_vmm *vmm, visit_fn *visit, void *arg)
{
	struct papr_pci_info card = { .size = sizeof(card) };
	struct papr_phb_info phb = { .size = sizeof(phb) };
	struct papr_memory_info dimm = { .size = sizeof(dimm) };
	struct papr_disk_info disk = { .size = sizeof(disk) };
	bool end = visit_cores(vmm, visit, arg);

	for (size_t n = 0; !end && papr_vmm_pci_info(vmm, n, &card) > 0; n++)
		end = visit_device(visit, arg, card.id, card.driver);
	for (size_t n = 0; !end && papr_vmm_phb_info(vmm, n, &phb) > 0; n++)
		end = visit_device(visit, arg, phb.id, "spapr-pci-host-bridge");
	for (size_t n = 0; !end && papr_vmm_disk_info(vmm, n, &disk) > 0; n++)
		end = visit_device(visit, arg, disk.id, disk.driver);
	for (size_t n = 0; !end && papr_vmm_memory_info(vmm, n, &dimm) > 0; n++)
		end = visit_device(visit, arg, dimm.id,
				   strcmp(dimm.type, "nvdimm") ? "pc-dimm" : "nvdimm");
	return end;
}

/* Visit the backends, until the function returns true. */
static bool visit_backends(const struct host *host, visit_fn *visit, void *arg)
{
	const struct host_options *options = &host->options;
	struct backend_info info;
	bool end = false;

	if (!options->no_machine && !options->memory_backend)
		end = visit(arg, &(struct qom_object){ "/objects/ppc_spapr.ram",
						       "memory-backend-ram" });
	for (size_t n = 0; !end && backends_info(host, n, &info); n++) {
		char path[256];

		snprintf(path, sizeof(path), "/objects/%s", info.id);
		if (info.kind == BACKEND_OBJECT)
			end = visit(arg, &(struct qom_object){ path, info.type });
	}
	return end;
}

static bool visit_objects(const struct host *host, visit_fn *visit, void *arg)
{
	static const struct qom_object fixed[] = {
		{ "/", "container" },
		{ "/objects", "container" },
		{ "/chardevs", "container" },
		{ "/machine/peripheral", "container" },
		{ "/machine/peripheral-anon", "container" },
		{ "/machine/unattached", "container" },
	};
	char type[NAME_SIZE];

	snprintf(type, sizeof(type), "%s-machine",
		 host->options.no_machine ? "none" : host->machine.name);
	if (visit(arg, &(struct qom_object){ "/machine", type }))
		return true;
	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		if (visit(arg, &fixed[i]))
			return true;
	if (visit_backends(host, visit, arg))
		return true;
	return !host->options.no_machine && visit_devices(host->vmm, visit, arg);
}

/* The object at a path, and its children */
struct qom_find {
	const char *path;
	char type[NAME_SIZE];  /* "": not found */
	json_object *children; /* NULL: not wanted */
};

/* Return the name of a child of the object at the path, or NULL. */
static const char *child_name(const char *path, const char *child)
{
	size_t len = strcmp(path, "/") ? strlen(path) : 0;

	if (strncmp(child, path, len) || child[len] != '/' || !child[len + 1])
		return NULL;
	return strchr(child + len + 1, '/') ? NULL : child + len + 1;
}

static bool visit_found(void *arg, const struct qom_object *object)
{
	struct qom_find *find = arg;
	const char *name = child_name(find->path, object->path);
	char type[NAME_SIZE + 8];

	if (!strcmp(object->path, find->path))
		snprintf(find->type, sizeof(find->type), "%s", object->type);
	if (!name || !find->children)
		return false;
	snprintf(type, sizeof(type), "child<%s>", object->type);
	add_property(find->children, name, type);
	return false;
}

/* Find the object of the argument "path". */
static int find_object(struct qmp_call *call, struct qom_find *find)
{
	find->path = qmp_string(call, "path");
	visit_objects(call->host, visit_found, find);
	if (*find->type)
		return 0;
	return qmp_fail_class(call, "DeviceNotFound", -ENODEV, "Device '%s' not found",
			      find->path);
}

int qmp_qom_list(struct qmp_call *call)
{
	struct qom_find find = { .children = json_object_new_array() };
	int err = find_object(call, &find);

	if (!err) {
		call->reply = json_object_new_array();
		add_property(call->reply, "type", "string");
		for (size_t i = 0; i < json_object_array_length(find.children); i++)
			json_object_array_add(call->reply,
					      json_object_get(json_object_array_get_idx(
						      find.children, i)));
	}
	json_object_put(find.children);
	return err;
}

int qmp_qom_get(struct qmp_call *call)
{
	const char *property = qmp_string(call, "property");
	struct qom_find find = { 0 };
	int err = find_object(call, &find);

	if (err)
		return err;
	if (strcmp(property, "type") != 0)
		return qmp_fail(call, -EINVAL, "Property '%s.%s' not found", find.type,
				property);
	call->reply = text(find.type);
	return 0;
}

int qmp_qom_set(struct qmp_call *call)
{
	const char *property = qmp_string(call, "property");
	struct qom_find find = { 0 };
	int err = find_object(call, &find);

	if (err)
		return err;
	return qmp_fail(call, -EINVAL,
			strcmp(property, "type") ? "Property '%s.%s' not found"
						 : "Property '%s.%s' is not writable",
			find.type, property);
}

/* ---- Processor models ------------------------------------------------------------------------ */

/* Return true if the processor type is of this model: "power9", "power9_v2.0". */
static bool is_model(const char *type, const char *model)
{
	size_t len = strlen(model);

	return !strncmp(type, model, len) &&
	       (!strncmp(type + len, "_v", 2) || !strcmp(type + len, cpu_end));
}

static json_object *definition(const struct qmp_call *call, const char *model)
{
	struct qom_walk walk = { .machine = call->host->options.config.machine };
	json_object *entry = json_object_new_object();
	const char *type = "";

	while (qom_next(&walk))
		if (length_before(walk.type.name, cpu_end) &&
		    is_model(walk.type.name, model)) {
			type = walk.type.name;
			break;
		}
	json_object_object_add(entry, "name", text(model));
	json_object_object_add(entry, "typename", text(type));
	json_object_object_add(entry, "static", json_object_new_boolean(false));
	json_object_object_add(entry, "deprecated", json_object_new_boolean(false));
	return entry;
}

int qmp_query_cpu_definitions(struct qmp_call *call)
{
	const char *machine = call->host->options.config.machine;
	char name[32];

	call->reply = json_object_new_array();
	for (size_t n = 0; papr_vmm_cpu_model(machine, n, name); n++)
		json_object_array_add(call->reply, definition(call, name));
	return 0;
}
