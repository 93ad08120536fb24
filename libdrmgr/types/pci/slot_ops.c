// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/recovery.h"
#include "libdrmgr/tree/pci_functions.h"
#include "libdrmgr/types/pci/slot_bridges.h"
#include "libdrmgr/types/pci/slot_nodes.h"
#include "libdrmgr/types/pci/slot_ops.h"
#include "libdrmgr/types/pci/slot_place.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/pci.h"
#include "kern/prop.h"
#include "kern/uevent.h"

enum { PCI_FUNCTIONS = 8 }; /* of one card; the last bits of their indexes */

/* Power the slot on or off. On power-on the slot driver makes a device of each node of
 * the bus. */
static int place_set_power(struct xact *x, const struct place *place, bool on)
{
	const char *op = on ? "slot-on" : "slot-off";
	int err = xact_step_begin(x, op, "write /%s/power %d", place->slot.dir, on);

	if (err)
		return err < 0 ? err : 0;
	return xact_step_end(x, slot_power(x->dr->root, &place->slot, on));
}

/* Power the slot on. The slot driver makes an ordinary device of every node without a
 * device type, even of a bridge, and then no scan finds the cards below it. So scan for
 * bridges first: then the slot driver finds their devices. The driver of a function that
 * does not answer stops the system (Linux 6.12 on QEMU 10). A scan of the bus finds the
 * other functions. */
static int place_power_on(struct xact *x, const struct place *place)
{
	const char *bus = place_bus_node(place);
	struct slot_missing missing;
	int err = slot_read_missing(x, bus, &missing);

	if (!err && missing.bridge) {
		err = place_rescan(x, place);
		if (!err)
			err = slot_read_missing(x, bus, &missing);
	}
	if (err || !missing.function_0)
		return err ? err : place_set_power(x, place, true);
	dr_log_info(x->dr->log,
		    "%s: slot not powered on: a function on its bus waits for function "
		    "0 of its card",
		    place->c->drc.name);
	return 0;
}

static bool place_bus_is_empty(const struct pci_functions *list,
			       const struct place *place)
{
	for (size_t i = 0; i < list->n; i++)
		if (pci_is_on_bus(list->fn[i].address, place->bus) &&
		    (!list->fn[i].node ||
		     !pci_node_is_under(list->fn[i].node, place->node)))
			return false;
	return true;
}

/* Power off the slots of the card's other functions. If a function was removed while
 * another was present, its slot is still powered on. Such a slot does not scan again, and
 * a scan of the bus skips functions of a card that the slot driver knows. The state
 * cannot be read: slots that are off return an error. */
static void place_power_off_siblings(struct xact *x, const struct place *place)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct connectors cs;
	uint32_t index = place->c->drc.index;

	if (connectors_read_below(&cs, &m, x->dr, place->c->parent->path,
				  connector_is_pci_slot))
		return;

	for (size_t i = 0; i < cs.n; i++) {
		struct place other = { .c = &cs.list[i] };
		uint32_t sibling = other.c->drc.index;

		if (sibling / PCI_FUNCTIONS == index / PCI_FUNCTIONS &&
		    sibling != index &&
		    !slot_find(x->dr->root, other.c->drc.name, place->bus, &other.slot) &&
		    place_set_power(x, &other, false))
			dr_log_debug(x->dr->log, "%s: slot was off", other.c->drc.name);
	}
}

static void place_power_off(struct xact *x, struct place *place)
{
	int adapter, err;

	if (slot_adapter(x->dr->root, &place->slot, &adapter) ||
	    adapter != SLOT_CONFIGURED)
		return;

	place->was_powered_off = true;
	err = place_set_power(x, place, false);
	if (err)
		dr_log_info(x->dr->log, "%s: slot not powered off: %s",
			    place->c->drc.name, strerror(-err));
}

static void place_add_before(struct place *place, const struct place_function *before)
{
	*vec_add(place->mem, place->before, place->n_before) = *before;
}

static int place_note_function(struct xact *x, struct place *place,
			       const struct pci_function *fn)
{
	struct place_function before = { .node = mem_copy(place->mem, fn->node) };
	int err = pci_driver(x->dr->root, fn->address, before.driver,
			     sizeof(before.driver));

	place_add_before(place, &before);
	return err ? xact_unread(x, "remove-device", err) : 0;
}

/* Record the functions that a removal will remove. */
static int place_note_functions(struct xact *x, struct place *place,
				const struct pci_functions *list)
{
	int err = 0;

	for (size_t i = 0; !err && i < list->n; i++)
		if (function_is_part(&list->fn[i], place->node, place->is_bus))
			err = place_note_function(x, place, &list->fn[i]);
	return err;
}

/* Remove the place's functions. list: all functions of Linux. */
static int place_unconfigure(struct xact *x, struct place *place,
			     const struct pci_functions *list)
{
	bool has_siblings = false;
	int err = 0;

	for (size_t i = 0; !err && i < list->n; i++)
		if (function_is_part(&list->fn[i], place->node, place->is_bus)) {
			has_siblings |=
				pci_has_siblings(x->dr->root, list->fn[i].address);
			err = function_remove(x, list->fn[i].address);
		}
	if (err || !place->has_slot || !place_bus_is_empty(list, place))
		return err;

	place_power_off(x, place);
	if (has_siblings)
		place_power_off_siblings(x, place);
	return 0;
}

static int place_undo_enable(struct xact *x, void *arg)
{
	_cleanup_functions_ struct pci_functions list = { 0 };
	int err = x->is_recovering ? place_find_bus(x, arg) : 0;

	if (!err)
		err = functions_list(x, &list);
	return err ? err : place_unconfigure(x, arg, &list);
}

/* Test whether the killed process had powered off the slot. */
static bool place_is_powered_off(const struct xact *x, const struct place *place)
{
	int adapter;

	return place->has_slot && !slot_adapter(x->dr->root, &place->slot, &adapter) &&
	       adapter == SLOT_NOT_CONFIGURED;
}

/* Test whether a function has the driver that it had before. */
static bool before_has_driver(const struct xact *x, const struct place_function *before,
			      const char *address)
{
	char driver[sizeof(before->driver)];

	return !*before->driver ||
	       (!pci_driver(x->dr->root, address, driver, sizeof(driver)) &&
		!strcmp(driver, before->driver));
}

/* Test whether a function is configured as before. In a recovery its card may be removed. */
static bool before_is_restored(const struct xact *x, const struct place_function *before,
			       const struct pci_functions *list)
{
	size_t at = 0;

	while (at < list->n &&
	       (!list->fn[at].node || strcmp(list->fn[at].node, before->node) != 0))
		at++;
	if (at == list->n)
		return x->is_recovering && !node_exists(x->dr->root, before->node);
	return before_has_driver(x, before, list->fn[at].address);
}

/* Test whether Linux has all previous functions again, with their drivers. Return 1, 0 or a
 * negative errno. */
static int place_has_functions(const struct xact *x, const struct place *place)
{
	_cleanup_functions_ struct pci_functions list = { 0 };
	size_t found = 0;
	int err = pci_list(x->dr->root, &list);

	for (size_t i = 0; i < list.n; i++)
		if (list.fn[i].err)
			err = list.fn[i].err;
	for (size_t i = 0; i < place->n_before; i++)
		found += before_is_restored(x, &place->before[i], &list);
	return found == place->n_before ? 1 : err;
}

/* Wait until Linux has what the test looks for. Events of the kernel trigger each test.
 * Return 1, 0 if Linux does not have it at the end, or the errno of the last test. */
static int place_wait(const struct xact *x, const struct place *place,
		      int (*test)(const struct xact *x, const struct place *place),
		      const struct deadline *dl, int stop_fd)
{
	_cleanup_close_ int events = -1;
	struct deadline part;
	int64_t second = 0;
	int found = test(x, place);

	if (found > 0)
		return found;
	events = uevents_open();
	while (events >= 0 && (found = test(x, place)) <= 0) {
		if (deadline_has_passed(dl))
			return found;
		dr_tell_wait(x->dr, dl, &second, "Linux to find the device of %s",
			     place->node);
		part = deadline_second(dl);
		if (uevents_wait(events, &part, stop_fd) < 0)
			return 0;
	}
	return found;
}

/* Have Linux configure the removed functions again. A scan finds functions even if the
 * slot is not powered on, so its result replaces an earlier error. The caller waits for
 * the functions. */
static int place_reconfigure(struct xact *x, const struct place *place, bool is_lost)
{
	int err = is_lost ? slot_remove_half_bridges(x, place) : 0;

	if (!err && place->was_powered_off)
		err = place_power_on(x, place);
	return is_lost && *place->bus ? place_rescan(x, place) : err;
}

static int place_undo_disable(struct xact *x, void *arg)
{
	struct place *place = arg;
	bool is_lost = x->is_recovering;
	struct deadline dl;
	int err = place_find_bus(x, place), found;

	if (err)
		return err;
	if (x->is_recovering) {
		found = node_exists(x->dr->root, place->node);
		if (found <= 0) /* the card is removed */
			return found ? xact_unread(x, "slot-disable", found) : 0;
		place->was_powered_off = place_is_powered_off(x, place);
	} else {
		is_lost = place_has_functions(x, place) <= 0;
	}
	err = place_reconfigure(x, place, is_lost);
	if (x->is_recovering && err)
		return err;
	/* A module that udev loads needs time to find the device. */
	dl = deadline_in_ms(DR_DEVICE_MS);
	found = place_wait(x, place, place_has_functions, &dl, -1);
	err = found < 0 ? found : found ? 0 : -ENODEV;
	return err ? xact_fail(x, DR_FAULT_NO_DEVICE, "slot-disable", err, "%s",
			       place->node)
		   : 0;
}

static void place_encode(struct journal_line *line, const void *arg)
{
	const struct place *place = arg;

	journal_put_connector(line, place->c);
	journal_put(line, "%s", place->node);
	for (size_t i = 0; i < place->n_before; i++)
		journal_put(line, "%s", place->before[i].node);
}

static int place_decode(struct recovery *r, void **arg)
{
	const struct connector *c = recovery_connector(r);
	const char *node = c ? recovery_word(r) : NULL;
	struct place *place;

	if (!node)
		return -EBADMSG;
	*arg = place = place_new(recovery_mem(r), c, node);
	while (!mem_check(place->mem) && (node = recovery_word(r)))
		place_add_before(place, &(struct place_function){
						.node = mem_copy(place->mem, node) });
	return 0;
}

const struct undo_kind undo_slot_enable = {
	.name = "slot-enable",
	.leaves = "device adapter",
	.configures = true,
	.undo = place_undo_enable,
	.encode = place_encode,
	.decode = place_decode,
};

const struct undo_kind undo_slot_disable = {
	.name = "slot-disable",
	.leaves = "device adapter",
	.undo = place_undo_disable,
	.encode = place_encode,
	.decode = place_decode,
};

/* Return 1, 0 or a negative errno. */
static int place_has_function(const struct xact *x, const struct place *place)
{
	char address[PCI_NAME_MAX];

	if (place->bus[0] &&
	    !pci_function_of_node(x->dr->root, place->bus, place->node, address))
		return address[0] != '\0';
	return pci_node_has_device(x->dr->root, place->node);
}

static int place_wait_for_function(struct xact *x, const struct place *place)
{
	struct deadline dl = dr_wait_until(x->dr, DR_DEVICE_MS);

	return place_wait(x, place, place_has_function, &dl, x->dr->stop_fd);
}

/* Warn why the function is missing. Once the slot driver has found function 0, a bus scan
 * finds no other function of the card (Linux 6.1, run in a guest). The slot of a function
 * that was removed while another remained is still powered on, so its driver does not
 * scan either. Powering it off would remove all devices of the bus. */
static void place_explain_missing(struct xact *x, const struct place *place)
{
	_cleanup_free_ char *sibling = slot_function_0(place->node);

	if (sibling && pci_node_has_device(x->dr->root, sibling) > 0)
		dr_warn(x->dr,
			"%s: Linux does not look for another function of a card while "
			"it has its function 0 (%s): remove that one too, then add both",
			place->c->drc.name, sibling);
}

static int place_no_function(struct xact *x, const struct place *place)
{
	bool stopped = dr_stop_requested(x->dr);

	if (!stopped)
		place_explain_missing(x, place);
	return xact_fail(x, stopped ? DR_FAULT_INTERRUPTED : DR_FAULT_NO_DEVICE,
			 "wait-device", stopped ? -EINTR : -ENODEV, "%s", place->node);
}

/* Report that the kernel refused to scan: waiting is useless. */
static int place_not_scanned(struct xact *x, const struct place *place, int err)
{
	if (dr_stop_requested(x->dr))
		return place_no_function(x, place);
	return xact_fail(x, DR_FAULT_KERNEL, "rescan", err,
			 "/sys/class/pci_bus/%s/rescan", place->bus);
}

/* Configure the functions. A bridge must be found before the slot is powered on. */
static int place_configure(struct xact *x, const struct place *place, bool is_bridge)
{
	int err = is_bridge ? place_rescan(x, place) : 0;

	if (place->has_slot && place_power_on(x, place))
		dr_log_info(x->dr->log, "%s: slot not powered on", place->c->drc.name);
	if (x->dr->dry_run || place_has_function(x, place) > 0)
		return 0;

	if (!is_bridge)
		err = place_rescan(x, place);
	if (err && place_has_function(x, place) <= 0)
		return place_not_scanned(x, place, err);
	if (slot_waits_for_function_0(x, place->node) > 0) {
		dr_warn(x->dr,
			"%s: no device yet: function 0 of the card is not configured",
			place->c->drc.name);
		return 0;
	}
	err = place_wait_for_function(x, place);
	if (err < 0)
		return xact_unread(x, "wait-device", err);
	return err ? 0 : place_no_function(x, place);
}

/* Push an inverse. list receives all functions of Linux; NULL: nothing is removed. */
static int place_push(struct xact *x, const struct connector *c, const char *node,
		      const struct undo_kind *kind, struct pci_functions *list,
		      struct place **place)
{
	int err;

	*place = place_new(x->mem, c, node);
	err = xact_check_memory(x, node);
	if (!err)
		err = place_find_bus(x, *place);
	if (!err && list)
		err = functions_list(x, list);
	if (!err && list)
		err = place_note_functions(x, *place, list);
	return err ? err : xact_push(x, kind, *place);
}

int slot_enable(struct xact *x, const struct connector *c, const char *node,
		bool is_bridge)
{
	struct place *place;
	int err = place_push(x, c, node ? node : "", &undo_slot_enable, NULL, &place);

	if (!err)
		err = place_configure(x, place, is_bridge);
	return err || !is_bridge ? err : slot_widen_bridges(x, node);
}

int slot_push_enabled(struct xact *x, const struct connector *c, const char *node)
{
	struct place *place;

	return place_push(x, c, node, &undo_slot_enable, NULL, &place);
}

int slot_disable(struct xact *x, const struct connector *c, const char *node)
{
	_cleanup_functions_ struct pci_functions list = { 0 };
	struct place *place;
	int err = place_push(x, c, node, &undo_slot_disable, &list, &place);

	return err ? err : place_unconfigure(x, place, &list);
}
