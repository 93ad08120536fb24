// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/recovery.h"
#include "libdrmgr/types/pci/slot_ops.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/pci.h"
#include "kern/prop.h"
#include "kern/slots.h"
#include "kern/uevent.h"

enum {
	PCI_CLASS_BRIDGE = 0x0604, /* base class and sub-class: PCI to PCI */
	PCI_FUNCTIONS = 8,	   /* of one card; the last bits of their indexes */
};

/* The bus that a connector's functions are on, and its slot where there is one. A host
 * bridge and a logical slot are buses, which go with the slot and not before. */
struct place {
	const struct connector *c;
	char *node;
	char bus[PCI_NAME_MAX];
	struct slot_ref slot;
	bool has_slot, is_bus;
	bool was_switched_off;
	struct before *before; /* the functions that were to go */
	size_t n_before;
};

/* A function as it was before its removal. */
struct before {
	char *node;
	char driver[64]; /* empty without */
};

static void place_free(void *arg)
{
	struct place *place = arg;

	for (size_t i = 0; i < place->n_before; i++)
		free(place->before[i].node);
	free(place->before);
	free(place->node);
	free(place);
}

static struct place *place_of(const struct connector *c, const char *node)
{
	struct place *place = calloc(1, sizeof(*place));

	if (!place)
		return NULL;

	place->c = c;
	place->is_bus =
		connector_is_phb(c->drc.type) || connector_is_logical_slot(c->drc.type);
	place->node = strdup(node);
	if (!place->node) {
		free(place);
		return NULL;
	}
	return place;
}

/* It may have another number by the time of an undo. */
static void find_bus(const struct xact *x, struct place *place)
{
	const struct connector *c = place->c;

	place->bus[0] = '\0';
	place->has_slot = false;
	if (!pci_bus_of_node(x->dr->root, place->is_bus ? place->node : c->parent->path,
			     place->bus))
		place->has_slot =
			!slot_find(x->dr->root, c->drc.name, place->bus, &place->slot);
}

bool slot_has_function(const struct xact *x, const char *node)
{
	_cleanup_functions_ struct pci_functions list = { 0 };

	if (pci_list(x->dr->root, &list))
		return false;
	for (size_t i = 0; i < list.n; i++)
		if (list.fn[i].node && !strcmp(list.fn[i].node, node))
			return true;
	return false;
}

/* The node of function 0 of the card that this is another function of, malloc'ed; NULL:
 * it is none. */
static char *function_0(const char *node)
{
	_cleanup_free_ char *sibling = strdup(node);
	char *comma = sibling ? strrchr(sibling, ',') : NULL;
	const char *at = sibling ? strrchr(sibling, '@') : NULL;

	if (!comma || !at || comma < at)
		return NULL;
	*comma = '\0';
	return steal_ptr(&sibling);
}

/* A function does not answer before its card has function 0, and a scan of the bus leaves
 * it out. */
static bool waits_for_function_0(const struct xact *x, const char *node)
{
	_cleanup_free_ char *sibling = function_0(node);

	return sibling && !slot_has_function(x, sibling);
}

/* Is there one on the bus of the slot? */
static bool has_waiting_function(const struct xact *x, const struct place *place)
{
	const char *bus = place->is_bus ? place->node : place->c->parent->path;
	_cleanup_names_ struct kern_names names = { 0 };
	bool waits = false;

	if (node_children(x->dr->root, bus, &names))
		return false;
	for (size_t i = 0; !waits && i < names.n; i++) {
		_cleanup_free_ char *node = node_join(bus, names.name[i]);

		waits = node && waits_for_function_0(x, node) &&
			!slot_has_function(x, node);
	}
	return waits;
}

/* The slot driver makes a device of each node of the bus. The driver of one that does not
 * answer stops the system (Linux 6.12 on QEMU 10). A scan of the bus finds the others. */
static int switch_slot(struct xact *x, const struct place *place, bool on)
{
	const char *op = on ? "slot-on" : "slot-off";
	int err;

	if (on && has_waiting_function(x, place)) {
		log_info(x->dr->log,
			 "%s: slot not switched on: a function on its bus waits for "
			 "function 0 of its card",
			 place->c->drc.name);
		return 0;
	}
	err = xact_step_begin(x, op, "write /%s/power %d", place->slot.dir, on);
	if (err)
		return err < 0 ? err : 0;
	return xact_step_end(x, slot_power(x->dr->root, &place->slot, on));
}

static int rescan(struct xact *x, const struct place *place)
{
	struct deadline dl = xact_wait_until(x, DR_QUIESCE_MS);
	int err = xact_step_begin(x, "rescan", "write /sys/class/pci_bus/%s/rescan 1",
				  place->bus);

	if (err)
		return err < 0 ? err : 0;
	return xact_step_end(x, pci_rescan(x->dr->root, place->bus, &dl));
}

/* The functions that go with a node, the farthest from the host bridge first. */
static int by_depth(const void *a, const void *b)
{
	const struct pci_function *x = a, *y = b;
	size_t dx = x->node ? strlen(x->node) : 0, dy = y->node ? strlen(y->node) : 0;

	return (dx < dy) - (dx > dy);
}

static int remove_function(struct xact *x, const char *address)
{
	struct deadline dl = xact_wait_until(x, DR_QUIESCE_MS);
	int err;

	if (xact_plan_gone(x, address))
		return 0;
	err = xact_step_begin(x, "remove-device",
			      "write /sys/bus/pci/devices/%s/remove 1", address);
	if (err)
		return err < 0 ? err : 0;

	err = xact_step_end(x, pci_remove(x->dr->root, address, &dl));
	if (xact_is_unknown(err) && !pci_exists(x->dr->root, address))
		err = 0;
	else if (!err && pci_exists(x->dr->root, address))
		err = -EBUSY;
	if (err == -ENOENT) /* it was removed together with a bridge above it */
		err = 0;
	return err ? xact_fail(x, DR_FAULT_STILL_IN_USE, "remove-device", err, "%s",
			       address)
		   : 0;
}

/* Does it go with the place? */
static bool is_in(const struct place *place, const char *node)
{
	return node && pci_node_is_under(node, place->node) &&
	       !(place->is_bus && !strcmp(node, place->node));
}

static bool is_bus_empty(const struct pci_functions *list, const struct place *place)
{
	for (size_t i = 0; i < list->n; i++)
		if (pci_is_on_bus(list->fn[i].address, place->bus) &&
		    (!list->fn[i].node ||
		     !pci_node_is_under(list->fn[i].node, place->node)))
			return false;
	return true;
}

/* Each function of a card has a slot. One that went while another was there has left its
 * slot switched on, which would not look for it again; and a scan of the bus leaves out
 * functions of a card that the slot driver has found. Slots do not tell: those that are
 * off already refuse. */
static void switch_off_siblings(struct xact *x, const struct place *place)
{
	_cleanup_connectors_ struct connectors cs = { 0 };
	uint32_t index = place->c->drc.index;

	if (connectors_read_below(&cs, x->dr, place->c->parent->path,
				  connector_is_pci_slot))
		return;

	for (size_t i = 0; i < cs.n; i++) {
		struct place other = { .c = &cs.list[i] };
		uint32_t sibling = other.c->drc.index;

		if (sibling / PCI_FUNCTIONS == index / PCI_FUNCTIONS &&
		    sibling != index &&
		    !slot_find(x->dr->root, other.c->drc.name, place->bus, &other.slot) &&
		    switch_slot(x, &other, false))
			log_debug(x->dr->log, "%s: slot was off", other.c->drc.name);
	}
}

static void switch_off(struct xact *x, struct place *place)
{
	int adapter, err;

	if (slot_adapter(x->dr->root, &place->slot, &adapter) ||
	    adapter != SLOT_CONFIGURED)
		return;

	place->was_switched_off = true;
	err = switch_slot(x, place, false);
	if (err)
		log_info(x->dr->log, "%s: slot not switched off: %s", place->c->drc.name,
			 strerror(-err));
}

/* Keep what an undo must bring back. */
static int place_note(struct xact *x, struct place *place, const struct pci_function *fn)
{
	struct before *list =
		reallocarray(place->before, place->n_before + 1, sizeof(*list));
	struct before *last;

	if (list)
		place->before = list;
	last = list ? &list[place->n_before] : NULL;
	if (last)
		*last = (struct before){ .node = strdup(fn->node) };
	if (!last || !last->node)
		return xact_fail(x, DR_FAULT_MEMORY, "remove-device", -ENOMEM, "%s",
				 fn->address);
	if (pci_driver(x->dr->root, fn->address, last->driver, sizeof(last->driver)))
		*last->driver = '\0';
	place->n_before++;
	return 0;
}

static int let_go(struct xact *x, struct place *place)
{
	_cleanup_functions_ struct pci_functions list = { 0 };
	int err = pci_list(x->dr->root, &list);
	bool has_siblings = false;

	if (err)
		return xact_fail(x, DR_FAULT_KERNEL, "remove-device", err,
				 "/sys/bus/pci/devices");

	qsort(list.fn, list.n, sizeof(*list.fn), by_depth);
	for (size_t i = 0; !err && i < list.n; i++)
		if (is_in(place, list.fn[i].node)) {
			has_siblings |= pci_has_siblings(x->dr->root, list.fn[i].address);
			err = place->c ? place_note(x, place, &list.fn[i]) : 0;
			if (!err)
				err = remove_function(x, list.fn[i].address);
		}
	if (err || !place->has_slot || !is_bus_empty(&list, place))
		return err;

	switch_off(x, place);
	if (has_siblings)
		switch_off_siblings(x, place);
	return 0;
}

static int let_go_again(struct xact *x, void *arg)
{
	if (x->is_recovering)
		find_bus(x, arg);
	return let_go(x, arg);
}

int slot_forget(struct xact *x, const char *node)
{
	struct place nowhere = { .node = (char *)(uintptr_t)node };

	return let_go(x, &nowhere);
}

int slot_forget_behind(struct xact *x, const char *node)
{
	struct place nowhere = { .node = (char *)(uintptr_t)node, .is_bus = true };

	return let_go(x, &nowhere);
}

/* The slot shows what the killed process had done. */
static bool is_switched_off(const struct xact *x, const struct place *place)
{
	int adapter;

	return place->has_slot && !slot_adapter(x->dr->root, &place->slot, &adapter) &&
	       adapter == SLOT_NOT_CONFIGURED;
}

/* Does Linux have every function again that it had before, with its driver? */
static bool has_functions_again(struct xact *x, const void *arg)
{
	_cleanup_functions_ struct pci_functions list = { 0 };
	const struct place *place = arg;
	char driver[sizeof(place->before->driver)];
	size_t found = 0;

	if (pci_list(x->dr->root, &list))
		return false;
	for (size_t i = 0; i < place->n_before; i++) {
		const struct before *before = &place->before[i];
		size_t at = 0;

		while (at < list.n &&
		       (!list.fn[at].node || strcmp(list.fn[at].node, before->node) != 0))
			at++;
		found += at < list.n && (!*before->driver ||
					 (!pci_driver(x->dr->root, list.fn[at].address,
						      driver, sizeof(driver)) &&
					  !strcmp(driver, before->driver)));
	}
	return found == place->n_before;
}

/* A module that udev loads takes its time to find the device. */
static int wait_for_functions(struct xact *x, const struct place *place)
{
	struct deadline dl = deadline_in_ms(DR_DEVICE_MS);
	_cleanup_close_ int events = -1;
	int more = 1;

	if (has_functions_again(x, place))
		return 0;
	events = uevents_open();
	while (events >= 0 && more > 0) {
		if (has_functions_again(x, place))
			return 0;
		more = uevents_wait(events, &dl, -1);
	}
	return has_functions_again(x, place) ? 0 : -ENODEV;
}

static int look_for_it_again(struct xact *x, void *arg)
{
	struct place *place = arg;
	bool is_lost = x->is_recovering;
	int err = 0;

	find_bus(x, place);
	if (x->is_recovering) {
		if (!node_exists(x->dr->root, place->node))
			return 0; /* the card is gone */
		place->was_switched_off = is_switched_off(x, place);
	} else {
		is_lost = !has_functions_again(x, place);
	}
	if (place->was_switched_off)
		err = switch_slot(x, place, true);
	if (is_lost && place->bus[0])
		err = rescan(x, place);
	if (x->is_recovering)
		return err;
	err = wait_for_functions(x, place);
	return err ? xact_fail(x, DR_FAULT_NO_DEVICE, "slot-disable", err, "%s",
			       place->node)
		   : 0;
}

static void encode_place(struct journal_line *line, const void *arg)
{
	const struct place *place = arg;

	journal_put_connector(line, place->c);
	journal_put(line, "%s", place->node);
}

static int decode_place(struct recovery *r, void **arg)
{
	const struct connector *c = recovery_connector(r);
	const char *node = c ? recovery_word(r) : NULL;

	if (!node)
		return -EBADMSG;
	*arg = place_of(c, node);
	return *arg ? 0 : -ENOMEM;
}

const struct undo_kind undo_slot_enable = {
	.name = "slot-enable",
	.leaves = "device adapter",
	.undo = let_go_again,
	.free_arg = place_free,
	.encode = encode_place,
	.decode = decode_place,
};

const struct undo_kind undo_slot_disable = {
	.name = "slot-disable",
	.leaves = "device adapter",
	.undo = look_for_it_again,
	.free_arg = place_free,
	.encode = encode_place,
	.decode = decode_place,
};

static bool has_function(const struct xact *x, const struct place *place)
{
	char address[PCI_NAME_MAX];

	if (place->bus[0] &&
	    !pci_function_of_node(x->dr->root, place->bus, place->node, address))
		return address[0];
	return slot_has_function(x, place->node);
}

/* A device takes its time to appear: the events of the kernel say when to look again. */
static bool wait_for_function(struct xact *x, const struct place *place)
{
	struct deadline dl = dr_wait_until(x->dr, DR_DEVICE_MS);
	_cleanup_close_ int events = -1;
	int more = 1;

	if (has_function(x, place))
		return true;

	events = uevents_open();
	while (events >= 0 && more > 0) {
		if (has_function(x, place))
			return true;
		more = uevents_wait(events, &dl, x->dr->stop_fd);
	}
	return false;
}

/* A function 0 that the slot driver has found counts as the only one of its card: a scan
 * of the bus stops there (Linux 6.1, run in a guest). And the slot of a function that was
 * removed while another one stayed is still switched on, so that its driver does not look
 * either; it could only be switched off with all devices of the bus. */
static void explain_missing(struct xact *x, const struct place *place)
{
	_cleanup_free_ char *sibling = function_0(place->node);

	if (sibling && slot_has_function(x, sibling))
		dr_warn(x->dr,
			"%s: Linux does not look for another function of a card while "
			"it has its function 0 (%s): remove that one too, then add both",
			place->c->drc.name, sibling);
}

bool slot_is_bridge(const struct xact *x, const char *node)
{
	uint32_t class;

	return !prop_u32(x->dr->root, node, "class-code", &class) &&
	       class >> 8 == PCI_CLASS_BRIDGE;
}

static void switch_on(struct xact *x, const struct place *place)
{
	if (place->has_slot && switch_slot(x, place, true))
		log_info(x->dr->log, "%s: slot not switched on", place->c->drc.name);
}

static int look_for_it(struct xact *x, const struct place *place)
{
	return place->bus[0] ? rescan(x, place) : 0;
}

static int no_function(struct xact *x, const struct place *place)
{
	bool stopped = dr_stop_requested(x->dr);

	if (!stopped)
		explain_missing(x, place);
	return xact_fail(x, stopped ? DR_FAULT_INTERRUPTED : DR_FAULT_NO_DEVICE,
			 "wait-device", stopped ? -EINTR : -ENODEV, "%s", place->node);
}

/* Nothing will come of waiting: the kernel refused to look. */
static int not_scanned(struct xact *x, const struct place *place, int err)
{
	if (dr_stop_requested(x->dr))
		return no_function(x, place);
	return xact_fail(x, DR_FAULT_KERNEL, "rescan", err,
			 "/sys/class/pci_bus/%s/rescan", place->bus);
}

/* The slot driver makes an ordinary device of every node without a device type, also of
 * a bridge: so a bridge is looked for first, and then the slot driver finds it there. */
static int take_up(struct xact *x, const struct place *place, bool is_bridge)
{
	int err = is_bridge ? look_for_it(x, place) : 0;

	switch_on(x, place);
	if (x->dr->dry_run || has_function(x, place))
		return 0;

	if (!is_bridge)
		err = look_for_it(x, place);
	if (err && !has_function(x, place))
		return not_scanned(x, place, err);
	if (waits_for_function_0(x, place->node) && !has_function(x, place)) {
		dr_warn(x->dr,
			"%s: no device yet: function 0 of the card is not configured",
			place->c->drc.name);
		return 0;
	}
	return wait_for_function(x, place) ? 0 : no_function(x, place);
}

static int push_place(struct xact *x, const struct connector *c, const char *node,
		      const struct undo_kind *kind, struct place **place)
{
	*place = place_of(c, node);
	if (!*place)
		return xact_fail(x, DR_FAULT_MEMORY, NULL, -ENOMEM, "%s", node);
	find_bus(x, *place);
	return xact_push(x, kind, *place);
}

int slot_enable(struct xact *x, const struct connector *c, const char *node,
		bool is_bridge)
{
	struct place *place;
	int err = push_place(x, c, node ? node : "", &undo_slot_enable, &place);

	return err ? err : take_up(x, place, is_bridge);
}

int slot_push_enabled(struct xact *x, const struct connector *c, const char *node)
{
	struct place *place;

	return push_place(x, c, node, &undo_slot_enable, &place);
}

int slot_disable(struct xact *x, const struct connector *c, const char *node)
{
	struct place *place;
	int err = push_place(x, c, node, &undo_slot_disable, &place);

	return err ? err : let_go(x, place);
}
