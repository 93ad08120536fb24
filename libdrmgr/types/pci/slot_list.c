// SPDX-License-Identifier: LGPL-2.1-or-later
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/core/resolve.h"
#include "libdrmgr/types/pci/slot_list.h"
#include "kern/prop.h"
#include "kern/sysfs.h"
#include "kern/text.h"

#define PCI_DIR "sys/bus/pci/devices"
#define VIO_DIR "sys/bus/vio/devices"

/* Compare nodes. Functions without a node are last. */
static int function_by_node(const void *a, const void *b)
{
	const struct pci_function *x = a, *y = b;

	if (!x->node || !y->node)
		return !x->node - !y->node;
	return strcmp(x->node, y->node);
}

/* Read the functions of a connector's nodes. Return false if its bus does not show one. */
static bool functions_read_own(struct pci_functions *functions, const struct dr_ctx *dr,
			       const struct connectors *cs, const struct connector *c)
{
	struct pci_function *fn = functions->fn = calloc(cs->n_occupants, sizeof(*fn));
	char bus[PCI_NAME_MAX];
	const struct occupant *o;
	size_t i = 0;

	if (!fn || pci_bus_of_node(dr->root, c->parent->path, bus))
		return false;
	for (; (o = connector_occupant(cs, c, &i)); fn++, functions->n++)
		if (pci_function_of_node(dr->root, bus, o->path, fn->address) ||
		    !*fn->address || !(fn->node = strdup(o->path)))
			return false;
	return true;
}

/* Read the functions; with only, those of one connector are enough. */
static int functions_read(struct pci_functions *functions, const struct dr_ctx *dr,
			  const struct connectors *cs, const struct connector *only)
{
	int err = 0;

	if (!only || !functions_read_own(functions, dr, cs, only)) {
		pci_functions_free(functions);
		err = pci_list(dr->root, functions);
	}
	for (size_t i = 0; !err && i < functions->n; i++)
		err = kern_read_failure(functions->fn[i].err);
	if (functions->n)
		qsort(functions->fn, functions->n, sizeof(*functions->fn),
		      function_by_node);
	return err;
}

/* Return true if the functions show which nodes Linux has devices for. A capture may have
 * neither their folder nor the links and files with their nodes. */
static bool functions_show_nodes(const struct pci_functions *functions,
				 const struct kern_root *root)
{
	return root->is_system || (functions->n ? functions->fn[0].node != NULL
						: kern_exists(root, PCI_DIR) > 0);
}

static const struct pci_function *functions_find(const struct pci_functions *functions,
						 const char *node)
{
	const struct pci_function key = { .node = (char *)(uintptr_t)node };

	return functions->n ? bsearch(&key, functions->fn, functions->n, sizeof(key),
				      function_by_node)
			    : NULL;
}

static int slot_device_name_by_node(struct slot_device *device, struct mem *m,
				    const struct dr_ctx *dr)
{
	char *name;
	int err;

	if (device->name)
		return 0;
	err = prop_str(dr->root, device->occupant->path, "name", &name);
	if (!err)
		device->name = mem_move(m, name);
	return kern_read_failure(err);
}

static int slot_row_add_device(struct slot_row *row, struct mem *m,
			       const struct dr_ctx *dr, const struct occupant *o,
			       const struct pci_functions *functions, bool with_drivers)
{
	const struct pci_function *fn = functions_find(functions, o->path);
	struct slot_device *device = vec_add(m, row->devices, row->n);

	device->occupant = o;
	if (!fn)
		return slot_device_name_by_node(device, m, dr);

	row->state = CONNECTOR_CONFIGURED;
	device->linux_name = mem_copy(m, fn->address);
	return with_drivers ? kern_read_failure(pci_driver(dr->root, fn->address,
							   device->driver,
							   sizeof(device->driver)))
			    : 0;
}

static int slot_row_fill(struct slot_row *row, const struct slot_list *list,
			 const struct dr_ctx *dr, const struct connector *c,
			 const struct pci_functions *functions, bool with_drivers)
{
	const struct occupant *o;
	size_t i = 0;
	int err = 0;

	*row = (struct slot_row){
		.c = c,
		.key = slot_name_key(c->drc.name),
		.description = slot_description(c->drc.type),
	};
	if (connector_is_occupied(&list->connectors, c))
		row->state = functions_show_nodes(functions, dr->root)
				     ? CONNECTOR_NO_DEVICE
				     : CONNECTOR_UNKNOWN;
	while (!err && (o = connector_occupant(&list->connectors, c, &i)))
		err = slot_row_add_device(row, list->connectors.mem, dr, o, functions,
					  with_drivers);
	return err;
}

static int slot_row_by_name(const void *a, const void *b)
{
	const struct slot_row *x = a, *y = b;
	int order = x->key && y->key ? (x->key > y->key) - (x->key < y->key)
				     : slot_compare_names(x->c->drc.name, y->c->drc.name);

	if (order)
		return order;
	return (x->c->drc.index > y->c->drc.index) - (x->c->drc.index < y->c->drc.index);
}

static int slot_list_fill(struct slot_list *list, const struct dr_ctx *dr,
			  const char *key, bool with_drivers, struct dr_error *error)
{
	_cleanup_functions_ struct pci_functions functions = { 0 };
	struct connectors *cs = &list->connectors;
	const struct connector *only = NULL;
	int err = cs->n ? 0 : key ? -ENOENT : -ENODEV;

	if (err)
		*error = (struct dr_error){ .fault = key ? DR_FAULT_UNKNOWN
							 : DR_FAULT_NO_SLOTS,
					    .err = err };
	else if (key)
		err = connectors_find(cs, dr, key, RESOLVE_ALL, &only, error);
	if (!err && cs->n_occupants)
		err = functions_read(&functions, dr, cs, only);
	for (size_t i = 0; !err && i < cs->n; i++) {
		struct slot_row row;

		if ((only && only != &cs->list[i]) ||
		    !connector_allows_hotplug(cs, &cs->list[i]))
			continue;
		err = slot_row_fill(&row, list, dr, &cs->list[i], &functions,
				    with_drivers);
		*vec_add(cs->mem, list->rows, list->n) = row;
	}
	if (!err)
		err = mem_check(cs->mem);
	if (err) {
		if (!error->fault)
			dr_error_read(error, dr->root, DR_FAULT_NO_SLOTS, err);
		return err;
	}

	if (list->n)
		qsort(list->rows, list->n, sizeof(*list->rows), slot_row_by_name);
	if (list->n || !only)
		return 0;
	*error = (struct dr_error){ .fault = DR_FAULT_NOT_HOTPLUG, .err = -ENOENT };
	return -ENOENT;
}

int slot_list_pci(struct slot_list *list, struct mem *m, const struct dr_ctx *dr,
		  const char *key, bool with_drivers, struct dr_error *error)
{
	int err;

	*list = (struct slot_list){ 0 };
	err = connectors_read_for(&list->connectors, m, dr, key, connector_is_pci_slot,
				  true);
	if (err)
		dr_error_read(error, dr->root, DR_FAULT_NO_SLOTS, err);
	return err ? err : slot_list_fill(list, dr, key, with_drivers, error);
}

/* Set the name of a virtual device. Linux derives it from the unit address. If that name
 * has another node, search for the node. */
static int slot_device_name_virtual(struct slot_device *device, struct mem *m,
				    const struct dr_ctx *dr)
{
	const char *node = device->occupant->path, *unit = strrchr(node, '@');
	_cleanup_free_ char *object = text_of(VIO_DIR "/%s", unit ? unit + 1 : "");
	char found[PATH_MAX], name[64];
	int err = -ENOENT, exists = 0;

	if (object && unit)
		err = sysfs_of_node(dr->root, object, found, sizeof(found));
	/* In a capture without links and files of nodes, only the name shows the device. */
	if (!dr->root->is_system && err == -ENOENT && unit)
		exists = kern_exists(dr->root, object);

	if (exists > 0 || (!err && !strcmp(found, node))) {
		device->linux_name = mem_copy(m, unit + 1);
		return 0;
	}
	err = sysfs_find_of_node(dr->root, VIO_DIR, node, name, sizeof(name));
	if (!err)
		device->linux_name = mem_copy(m, name);
	return kern_read_failure(err);
}

static int slot_row_finish_logical(struct slot_row *row, struct mem *m,
				   const struct dr_ctx *dr)
{
	int err = 0;

	for (size_t d = 0; !err && d < row->n; d++)
		err = slot_device_name_by_node(&row->devices[d], m, dr);
	if (strcmp(row->c->parent->path, "/vdevice") != 0)
		return err;

	row->description = "Virtual I/O Slot";
	if (row->n)
		row->state = dr->root->is_system || kern_exists(dr->root, VIO_DIR) > 0
				     ? CONNECTOR_NO_DEVICE
				     : CONNECTOR_UNKNOWN;
	for (size_t d = 0; !err && d < row->n; d++) {
		err = slot_device_name_virtual(&row->devices[d], m, dr);
		if (row->devices[d].linux_name)
			row->state = CONNECTOR_CONFIGURED;
	}
	return err;
}

static int slot_list_logical(struct slot_list *list, struct mem *m,
			     const struct dr_ctx *dr, const char *key, bool with_drivers,
			     struct dr_error *error)
{
	int err;

	*list = (struct slot_list){ 0 };
	err = connectors_read_for(&list->connectors, m, dr, key,
				  connector_is_logical_slot, false);
	if (err)
		dr_error_read(error, dr->root, DR_FAULT_NO_SLOTS, err);
	if (!err)
		err = slot_list_fill(list, dr, key, with_drivers, error);
	for (size_t i = 0; !err && i < list->n; i++) {
		err = slot_row_finish_logical(&list->rows[i], m, dr);
		if (err)
			dr_error_read(error, dr->root, DR_FAULT_NO_SLOTS, err);
	}
	return err;
}

/* ---- For struct dr_type ---- */

struct slot_rows {
	struct slot_list list;
	size_t next;
};

/* Only devices of PCI have an address of this form. */
static int slot_row_read_interfaces(struct slot_row *row, struct mem *m,
				    const struct dr_ctx *dr)
{
	int err = 0;

	for (size_t i = 0; !err && i < row->n; i++) {
		_cleanup_names_ struct kern_names names = { 0 };
		struct slot_device *device = &row->devices[i];

		if (device->linux_name && strchr(device->linux_name, ':'))
			err = pci_interfaces(dr->root, device->linux_name, &names);
		for (size_t n = 0; n < names.n; n++)
			*vec_add(m, device->interfaces, device->n_interfaces) =
				mem_copy(m, names.name[n]);
	}
	return err;
}

static int slot_rows_open(struct dr_list *list,
			  int read(struct slot_list *, struct mem *,
				   const struct dr_ctx *, const char *, bool,
				   struct dr_error *))
{
	struct slot_rows *rows = list->rows;
	int err = read(&rows->list, &list->mem, list->dr, list->key,
		       list->flags & DR_LIST_DETAILS, &list->error);

	for (size_t i = 0; !err && list->flags & DR_LIST_INTERFACES && i < rows->list.n;
	     i++) {
		err = slot_row_read_interfaces(&rows->list.rows[i], &list->mem, list->dr);
		if (err)
			dr_error_read(&list->error, list->dr->root, DR_FAULT_NO_SLOTS,
				      err);
	}
	return err;
}

static int slot_rows_open_pci(struct dr_list *list)
{
	return slot_rows_open(list, slot_list_pci);
}

static int slot_rows_open_logical(struct dr_list *list)
{
	return slot_rows_open(list, slot_list_logical);
}

static int slot_rows_next(struct dr_list *list)
{
	struct slot_rows *rows = list->rows;
	const struct slot_row *row = &rows->list.rows[rows->next];

	if (rows->next == rows->list.n)
		return 0;
	rows->next++;
	list->current = (struct dr_connector){
		.c = row->c,
		.description = row->description,
		.loc_code = row->n ? row->devices[0].occupant->loc_code : NULL,
		.state = row->state,
		.row = row,
	};
	return 1;
}

static void slot_rows_rewind(struct dr_list *list)
{
	struct slot_rows *rows = list->rows;

	rows->next = 0;
}

const struct dr_list_ops slot_list_pci_ops = {
	.rows_bytes = sizeof(struct slot_rows),
	.open = slot_rows_open_pci,
	.next = slot_rows_next,
	.rewind = slot_rows_rewind,
};

const struct dr_list_ops slot_list_logical_ops = {
	.rows_bytes = sizeof(struct slot_rows),
	.open = slot_rows_open_logical,
	.next = slot_rows_next,
	.rewind = slot_rows_rewind,
};

static void slot_get_devices(const void *object, size_t i, struct dr_value *value)
{
	const struct slot_row *row = object;

	(void)i;
	value_set_list(value, row->n);
}

static const struct slot_device *slot_row_device(const void *object, size_t i)
{
	const struct slot_row *row = object;

	return &row->devices[i];
}

static void device_get_node(const void *object, size_t i, struct dr_value *value)
{
	value_set_text(value, slot_row_device(object, i)->occupant->path);
}

static void device_get_linux(const void *object, size_t i, struct dr_value *value)
{
	value_set_text(value, slot_row_device(object, i)->linux_name);
}

static void device_get_driver(const void *object, size_t i, struct dr_value *value)
{
	const char *driver = slot_row_device(object, i)->driver;

	value_set_text(value, *driver ? driver : NULL);
}

static void device_get_node_name(const void *object, size_t i, struct dr_value *value)
{
	value_set_text(value, slot_row_device(object, i)->name);
}

static void device_get_interfaces(const void *object, size_t i, struct dr_value *value)
{
	const struct slot_device *device = slot_row_device(object, i);

	value->object = device->interfaces;
	value_set_list(value, device->n_interfaces);
}

static void interface_get_name(const void *object, size_t i, struct dr_value *value)
{
	const char *const *names = object;

	value_set_text(value, names[i]);
}

static const struct dr_member interface_members[] = { { .get = interface_get_name },
						      { 0 } };

static const struct dr_member device_members[] = {
	{ .key = "node", .get = device_get_node },
	{ .key = "linux", .get = device_get_linux },
	{ .key = "driver", .get = device_get_driver },
	{ .key = "node_name", .get = device_get_node_name, .is_internal = true },
	{ .key = "interfaces",
	  .kind = DR_KIND_LIST,
	  .get = device_get_interfaces,
	  .items = interface_members,
	  .is_internal = true },
	{ 0 },
};

const struct dr_member slot_members[] = {
	{ .key = "devices",
	  .kind = DR_KIND_LIST,
	  .get = slot_get_devices,
	  .items = device_members },
	{ 0 },
};
