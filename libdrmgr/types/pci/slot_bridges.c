// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/tree/pci_functions.h"
#include "libdrmgr/types/pci/slot_bridges.h"
#include "libdrmgr/types/pci/slot_nodes.h"

/* Test whether a function of this place is a bridge without a bus. Return 1, 0 or a
 * negative errno. */
static int place_is_half_bridge(const struct xact *x, const struct place *place,
				const struct pci_function *fn)
{
	char bus[PCI_NAME_MAX];
	int err = function_is_part(fn, place->node, place->is_bus)
			  ? slot_is_bridge(x, fn->node)
			  : 0;

	if (err <= 0)
		return err;
	err = pci_bus_of_node(x->dr->root, fn->node, bus);
	return err == -ENOENT ? 1 : err;
}

int slot_remove_half_bridges(struct xact *x, const struct place *place)
{
	_cleanup_functions_ struct pci_functions list = { 0 };
	int err = functions_list(x, &list);

	for (size_t i = 0; !err && i < list.n; i++) {
		err = place_is_half_bridge(x, place, &list.fn[i]);
		if (err > 0)
			err = function_remove(x, list.fn[i].address);
	}
	return err;
}

/* Have this bridge pass the cycles for a bus. If the kernel is locked down, it refuses, and
 * the new bridge remains usable only without cards. */
static int function_widen(struct xact *x, const char *address, unsigned int number)
{
	struct pci_bridge bridge;
	int err = pci_read_bridge(x->dr->root, address, &bridge);

	if (kern_read_failure(err) < 0)
		return xact_unread(x, "bridge", err);
	if (err <= 0 || bridge.subordinate >= number)
		return 0;
	err = xact_step_begin(x, "bridge",
			      "write /sys/bus/pci/devices/%s/config subordinate %u",
			      address, number);
	if (err)
		return err < 0 ? err : 0;
	err = xact_step_end(x, pci_set_subordinate(x->dr->root, address, number));
	if (err)
		dr_warn(x->dr, "%s: the bridge does not pass bus %u: %s", address, number,
			strerror(-err));
	return 0;
}

/* Return true if another bridge of the same host bridge passes this bus, or would. */
static bool function_passes(const struct xact *x, const char *address,
			    unsigned int number)
{
	struct pci_bridge bridge;

	return pci_read_bridge(x->dr->root, address, &bridge) > 0 &&
	       bridge.secondary <= number && number <= bridge.subordinate;
}

int slot_widen_bridges(struct xact *x, const char *node)
{
	_cleanup_functions_ struct pci_functions list = { 0 };
	char bus[PCI_NAME_MAX];
	unsigned int number;
	int err = pci_bus_of_node(x->dr->root, node, bus);

	if (err)
		return err == -ENOENT ? 0 : xact_unread(x, "bridge", err);
	if (sscanf(bus, "%*x:%x", &number) != 1)
		return 0;
	err = functions_list(x, &list);
	for (size_t i = 0; !err && i < list.n; i++)
		if (!strncmp(list.fn[i].address, bus, strcspn(bus, ":") + 1) &&
		    (!list.fn[i].node || !pci_node_is_under(node, list.fn[i].node)) &&
		    function_passes(x, list.fn[i].address, number)) {
			dr_warn(x->dr,
				"%s: its bus has the number %u of a bus below %s: no card "
				"below it can answer",
				node, number, list.fn[i].address);
			return 0;
		}
	for (size_t i = 0; !err && i < list.n; i++)
		if (list.fn[i].node && strcmp(list.fn[i].node, node) != 0 &&
		    pci_node_is_under(node, list.fn[i].node))
			err = function_widen(x, list.fn[i].address, number);
	return err;
}

/* Scan if Linux has no device of a bridge on the slot's bus. */
static int place_find_bridges(struct xact *x, const struct place *place)
{
	struct slot_missing missing;
	int err = slot_read_missing(x, place_bus_node(place), &missing);

	return !err && missing.bridge ? place_rescan(x, place) : err;
}

int slot_reopen_bridge(struct xact *x, const struct connector *c, const char *node)
{
	struct place *place = place_new(x->mem, c, node);
	int err = xact_check_memory(x, node);

	if (!err)
		err = place_find_bus(x, place);
	if (!err)
		err = slot_remove_half_bridges(x, place);
	if (!err)
		err = place_find_bridges(x, place);
	return err;
}
