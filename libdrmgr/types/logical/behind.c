// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/types/logical/behind.h"
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/tree/cc_walk.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/types/pci/slot_bridges.h"
#include "libdrmgr/types/pci/slot_nodes.h"
#include "kern/pci.h"
#include "libdrmgr/core/undo_kinds.h"

/* Add the slot to an error. The error alone would be about the host bridge above it. */
static int behind_mark_error(struct xact *x, const struct connector *c, int err)
{
	char *what = x->error.what;
	size_t len = strlen(what);

	if (!err || x->is_undoing)
		return err;
	x->error.is_behind = true;
	snprintf(what + len, sizeof(x->error.what) - len, "%sbehind it: %s (0x%08x)",
		 len ? "; " : "", c->drc.name, c->drc.index);
	return err;
}

/* Power off the card. Its node is detached together with the host bridge's node. */
static int behind_undo(struct xact *x, void *arg)
{
	int err = card_rest(x, arg), led_err = drc_led(x, arg, DRC_LED_OFF);

	return err ? err : led_err;
}

const struct undo_kind undo_behind = {
	.name = "rest-behind",
	.leaves = "isolation power indicator",
	.undo = behind_undo,
	.encode = undo_encode_connector,
	.decode = undo_decode_connector,
};

/* Sense the card. Only the states "empty" and "unusable" mean that this partition has no
 * card in the slot. */
static int behind_sense_card(struct xact *x, const struct connector *c,
			     struct card_state *state, bool *is_there)
{
	int32_t sensed;
	int err = card_sense(x, c, state, &sensed);

	*is_there = !err && sensed == DRC_SENSE_PRESENT;
	if (err || *is_there || sensed == DRC_SENSE_EMPTY || sensed == DRC_SENSE_UNUSABLE)
		return err;
	if (sensed < 0)
		return xact_refused(x, "sense", RTAS_GET_SENSOR_STATE, sensed);
	return xact_fail(x, DR_FAULT_SENSE, "sense", -EREMOTEIO,
			 "sensor state %d is no card to configure", sensed);
}

/* Prepare a card whose node was attached with the host bridge. Firmware counts a
 * connector as configured only when its walk was read to the end. If this process cannot
 * walk, the kernel attaches the node again, before Linux has the bus. Removing the host
 * bridge again takes that node with it: the step needs no inverse. */
static int behind_prepare_card(struct xact *x, const struct behind *b,
			       const struct connector *c)
{
	bool by_kernel = cc_probe(x->dr) != 0;
	const struct occupant *o;
	struct card_state state;
	bool is_there;
	size_t i = 0;
	int err;

	o = connector_occupant(b->cs, c, &i);
	err = xact_enter(x, c, o->path);
	if (!err)
		err = xact_push_connector(x, &undo_behind, c);

	if (!err)
		err = behind_sense_card(x, c, &state, &is_there);
	if (err || !is_there)
		return err;
	err = drc_led(x, c, DRC_LED_ON);
	if (!err && !state.is_powered)
		err = drc_power(x, c, DRC_POWER_ON);
	/* An unisolated connector can be isolated again only after its walk. */
	if (!err && by_kernel)
		err = apply_dlpar.detach(x, c, (const char *const[]){ o->path }, 1);
	if (!err && !state.is_unisolated)
		err = drc_unisolate(x, c);
	if (err)
		return err;
	return by_kernel ? apply_dlpar.attach(x, c, b->node, NULL) : cc_complete(x, c);
}

/* Sense the card of a slot without a node. */
static int behind_sense_waiting(struct xact *x, const struct connector *c,
				bool *is_waiting)
{
	struct card_state state;
	int err = behind_sense_card(x, c, &state, is_waiting);

	if (!err && !*is_waiting && state.is_powered)
		err = card_rest(x, c);
	return err;
}

static bool behind_is_direct(const struct behind *b, size_t i)
{
	const struct connector *c = &b->cs->list[i];

	return !strcmp(c->parent->path, b->node) && connector_allows_hotplug(b->cs, c);
}

static int behind_sense_all(struct xact *x, struct behind *b)
{
	size_t on = x->on;
	int err = 0;

	for (size_t i = 0; !err && i < b->cs->n; i++) {
		const struct connector *c = &b->cs->list[i];

		if (!behind_is_direct(b, i))
			continue;
		err = connector_is_occupied(b->cs, c)
			      ? behind_prepare_card(x, b, c)
			      : behind_sense_waiting(x, c, &b->is_waiting[i]);
		x->on = on;
		err = behind_mark_error(x, c, err);
	}
	return err;
}

int behind_sense(struct xact *x, const char *node, struct behind *b)
{
	int err;

	*b = (struct behind){ .node = mem_copy(x->mem, node) };
	err = card_read_below(x, node, &b->cs);
	if (err)
		return err;
	b->is_waiting = mem_array(x->mem, b->cs->n + 1, sizeof(*b->is_waiting));
	err = xact_check_memory(x, node);
	return err ? err : behind_sense_all(x, b);
}

int behind_plan(struct xact *x)
{
	int err = xact_step_begin(
		x, "configure-below", "for each card below: %s",
		cc_probe(x->dr)
			? "rtas set-indicator, rtas set-power-level, write "
			  "/sys/kernel/dlpar dt remove, write /sys/kernel/dlpar dt add"
			: "rtas set-indicator, rtas set-power-level, rtas "
			  "ibm,configure-connector until complete");

	return err < 0 ? err : 0;
}

static int behind_configure_card(struct xact *x, const struct connectors *cs,
				 const struct connector *c)
{
	const struct card_state at_rest = { 0 };
	const char *node = NULL;
	uint32_t partner;
	int err = xact_enter(x, c, NULL);

	if (!err)
		err = card_led(x, cs, c, DRC_LED_ON);
	if (!err)
		err = card_rest(x, c);
	if (!err)
		err = card_push_rest(x, c);
	return err ? err : card_configure(x, c, &at_rest, &node, &partner);
}

/* Configure what is below a bridge. Linux has found the cards whose nodes exist, but not
 * the cards below such a bridge. */
static int behind_configure_bridge(struct xact *x, const struct behind *b,
				   const struct connector *c)
{
	const struct occupant *o;
	size_t i = 0;
	int err = 0;

	while (!err && (o = connector_occupant(b->cs, c, &i))) {
		int found = pci_node_has_device(x->dr->root, o->path);

		if (!found)
			dr_warn(x->dr, "%s: no PCI device for %s", c->drc.name, o->path);
		else if (found > 0)
			found = slot_is_bridge(x, o->path);
		if (found > 0)
			err = slot_reopen_bridge(x, c, o->path);
		if (found > 0 && !err)
			err = card_configure_bridge(x, o->path);
		else if (found < 0)
			err = xact_unread(x, "bridge", found);
	}
	return err;
}

int behind_configure(struct xact *x, const struct behind *b)
{
	size_t on = x->on;
	int err = 0;

	for (size_t i = 0; !err && i < b->cs->n; i++) {
		const struct connector *c = &b->cs->list[i];

		if (b->is_waiting[i])
			err = behind_configure_card(x, b->cs, c);
		else if (behind_is_direct(b, i))
			err = behind_configure_bridge(x, b, c);
		x->on = on;
		err = behind_mark_error(x, c, err);
	}
	return err;
}

int behind_release(struct xact *x, const char *node, bool hotplug_only)
{
	const struct occupant *o;
	struct connectors *cs;
	size_t on = x->on;
	int err = card_read_below(x, node, &cs);

	for (size_t i = 0; !err && i < cs->n; i++) {
		const struct connector *c = &cs->list[i];
		size_t next = 0;

		if (strcmp(c->parent->path, node) != 0 || !connector_is_occupied(cs, c))
			continue;
		while (!err && (o = connector_occupant(cs, c, &next))) {
			err = xact_enter(x, c, o->path);
			if (!err)
				err = card_unconfigure(x, c, o->path);
		}
		if (!err && !hotplug_only)
			err = card_led(x, cs, c, DRC_LED_OFF);
		if (!err && !hotplug_only)
			err = card_release(x, c);
		x->on = on;
		err = behind_mark_error(x, c, err);
	}
	return err;
}

static bool behind_accept_all(const char *type)
{
	(void)type;
	return true;
}

int behind_has_fixed(const struct dr_ctx *dr, const char *node)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct connectors cs;
	int err = connectors_read_node(&cs, &m, dr, node, behind_accept_all);
	bool found = false;

	if (err)
		return err == -ENOENT ? 0 : err;
	for (size_t i = 0; !found && i < cs.n; i++) {
		const struct connector *c = &cs.list[i];

		found = !strncmp(c->drc.type, "display", strlen("display")) ||
			connector_is_logical_slot(c->drc.type);
		found = found && connector_is_occupied(&cs, c);
	}
	return found;
}
