// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/tree/cc_walk.h"
#include "libdrmgr/tree/pci_functions.h"
#include "libdrmgr/types/pci/pci_card.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/types/pci/slot_nodes.h"
#include "libdrmgr/types/pci/slot_ops.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/pci.h"
#include "kern/prop.h"

int card_check_slot(struct xact *x, const struct connectors *cs,
		    const struct connector *c)
{
	if (!strncmp(c->drc.type, "display", strlen("display")))
		return xact_fail(x, DR_FAULT_DISPLAY, NULL, -EPERM, "%s", c->drc.name);
	if (!connector_allows_hotplug(cs, c))
		return xact_fail(x, DR_FAULT_NOT_HOTPLUG, NULL, -EPERM, "%s",
				 c->drc.name);
	return 0;
}

/* Set the indicator of an unused slot, unless another process has configured its card
 * since. */
static int card_led_off(struct xact *x, void *arg)
{
	int taken = x->is_recovering ? tree_is_occupied(x, arg) : 0;

	if (taken < 0)
		return xact_unread(x, "indicator", taken);
	return drc_led(x, arg, taken ? DRC_LED_ON : DRC_LED_OFF);
}

/* Set the indicator of an occupied slot. In a recovery the card may have been removed:
 * then the steps that are undone next cannot restore it. */
static int card_led_on(struct xact *x, void *arg)
{
	int32_t sense = DRC_SENSE_PRESENT;
	int err = x->is_recovering ? drc_sense(x, arg, &sense) : 0;

	if (err)
		return err;
	return drc_led(x, arg, sense == DRC_SENSE_EMPTY ? DRC_LED_OFF : DRC_LED_ON);
}

const struct undo_kind undo_led_off = {
	.name = "led-off",
	.leaves = "indicator",
	.undo = card_led_off,
	.encode = undo_encode_connector,
	.decode = undo_decode_connector,
};

const struct undo_kind undo_led_on = {
	.name = "led-on",
	.leaves = "indicator",
	.undo = card_led_on,
	.encode = undo_encode_connector,
	.decode = undo_decode_connector,
};

int card_led(struct xact *x, const struct connectors *cs, const struct connector *c,
	     enum drc_led led)
{
	bool is_occupied = connector_is_occupied(cs, c), is_first = x->led_pushed != c;
	int err = 0;

	if (is_first)
		err = xact_push_connector(x, is_occupied ? &undo_led_on : &undo_led_off,
					  c);
	if (err)
		return err;

	err = drc_led(x, c, led);
	if (err == -EREMOTEIO && is_first)
		xact_drop(x);
	else
		x->led_pushed = c;
	return err;
}

int card_prompt(struct xact *x, enum dr_prompt prompt, const struct connector *c)
{
	int answer = x->dr->report.prompt(x->dr->report.priv, prompt, c->drc.name);

	if (answer == -ENODATA && prompt == DR_PROMPT_REMOVE)
		return 0; /* the card is unconfigured: the removal must go on */
	if (answer == -ENODATA)
		return xact_fail(x, DR_FAULT_NO_ANSWER, "ask", answer, "%s", c->drc.name);
	if (answer < 0)
		return xact_fail(x, DR_FAULT_INTERRUPTED, "ask", answer, "signal");
	return answer ? 0 : -ECANCELED;
}

int card_rest(struct xact *x, const struct connector *c)
{
	int err = cc_isolate(x, c, false);

	return err ? err : drc_power(x, c, DRC_POWER_OFF);
}

/* Isolate and power off, even if the isolation fails. */
static int card_undo_rest(struct xact *x, void *arg)
{
	int err = x->is_recovering ? tree_is_occupied(x, arg) : 0, power_err;

	if (err) /* another process has configured it since */
		return err < 0 ? xact_unread(x, "isolate", err) : 0;
	err = cc_isolate(x, arg, false);
	power_err = drc_power(x, arg, DRC_POWER_OFF);
	return err ? err : power_err;
}

const struct undo_kind undo_rest = {
	.name = "rest",
	.leaves = "isolation power",
	.undo = card_undo_rest,
	.encode = undo_encode_connector,
	.decode = undo_decode_connector,
};

int card_push_rest(struct xact *x, const struct connector *c)
{
	return xact_push_connector(x, &undo_rest, c);
}

/* Power the slot for its sensor. Some sensors need power, others an unisolated
 * connector. */
static int card_power_for_sensor(struct xact *x, const struct connector *c, int32_t sense,
				 struct card_state *state)
{
	int err = 0;

	if (!state->is_powered)
		err = drc_power(x, c, DRC_POWER_ON);
	if (!err)
		state->is_powered = true;
	if (!err && sense == DRC_SENSE_NEEDS_POWER_UNISOLATED) {
		err = drc_unisolate(x, c);
		state->is_unisolated = !err;
	}
	return err;
}

static bool card_needs_power(int32_t sense, const struct card_state *state)
{
	return (sense == DRC_SENSE_NEEDS_POWER && !state->is_powered) ||
	       (sense == DRC_SENSE_NEEDS_POWER_UNISOLATED && !state->is_unisolated);
}

int card_sense(struct xact *x, const struct connector *c, struct card_state *state,
	       int32_t *sense)
{
	int err;

	*state = (struct card_state){ 0 };
	err = drc_sense(x, c, sense);
	while (!err && card_needs_power(*sense, state)) {
		err = card_power_for_sensor(x, c, *sense, state);
		if (!err)
			err = drc_sense(x, c, sense);
	}
	return err;
}

struct card_waiting {
	struct deadline end;
	int pause;
	int64_t second; /* of the next report */
};

static int card_keep_waiting(struct xact *x, const struct connector *c,
			     const struct pci_request *request, struct card_waiting *wait)
{
	if (x->dr->dry_run) /* the user has not read the plan yet */
		return xact_fail(x, DR_FAULT_NO_CARD, "sense", -ENODEV, "%s",
				 c->drc.name);
	wait->pause = deadline_backoff_ms(wait->pause);
	dr_tell_wait(x->dr, &wait->end, &wait->second, "a card in slot %s", c->drc.name);
	if (dr_pause(x->dr, &wait->end, wait->pause))
		return 0;
	if (dr_stop_requested(x->dr))
		return xact_fail(x, DR_FAULT_INTERRUPTED, "sense", -EINTR, "signal");

	wait->end = dr_wait_until(x->dr, DR_CARD_MS);
	if (request->prompt) {
		int err = card_prompt(x, DR_PROMPT_STILL_MISSING, c);

		if (err != -ECANCELED)
			return err;
	}
	return xact_fail(x, DR_FAULT_NO_CARD, "sense", -ENODEV, "%s", c->drc.name);
}

int card_wait(struct xact *x, const struct connector *c,
	      const struct pci_request *request, struct card_state *state)
{
	struct card_waiting wait = { .end = dr_wait_until(x->dr, DR_CARD_MS) };
	int err = card_push_rest(x, c);
	int32_t sense;

	*state = (struct card_state){ 0 };
	while (!err) {
		err = drc_sense(x, c, &sense);
		if (err)
			break;
		if (card_needs_power(sense, state))
			err = card_power_for_sensor(x, c, sense, state);
		else if (sense < 0)
			err = xact_refused(x, "sense", RTAS_GET_SENSOR_STATE, sense);
		else if (sense == DRC_SENSE_EMPTY)
			err = card_keep_waiting(x, c, request, &wait);
		else if (sense == DRC_SENSE_PRESENT)
			return 0;
		else
			err = xact_fail(x, DR_FAULT_SENSE, "sense", -EREMOTEIO,
					"sensor state %d is no card to configure", sense);
	}

	return err;
}

int card_read_below(struct xact *x, const char *node, struct connectors **below)
{
	int err;

	*below = mem_new(x->mem, struct connectors);
	err = xact_check_memory(x, node);
	if (err)
		return err;
	err = connectors_read_below(*below, x->mem, x->dr, node, connector_is_pci_slot);
	if (kern_read_failure(err))
		return xact_unread(x, "attach", err);
	return err ? xact_fail(x, DR_FAULT_TREE, "attach", err, "%s", node) : 0;
}

/* Power off the card. Its node remains as long as its bridge's node. */
static int card_undo_rest_with_bridge(struct xact *x, void *arg)
{
	return card_rest(x, arg);
}

const struct undo_kind undo_rest_with_bridge = {
	.name = "rest-with-bridge",
	.leaves = "isolation power",
	.undo = card_undo_rest_with_bridge,
	.encode = undo_encode_connector,
	.decode = undo_decode_connector,
};

/* Complete the connector of a card that Linux has. Firmware counts it as configured only
 * when its walk was read to the end. Until then the host could remove the card under its
 * driver. So the driver is disabled before an undo. */
static int card_complete(struct xact *x, const struct connector *c, const char *node)
{
	int err = xact_push_connector(x, &undo_rest_with_bridge, c);

	if (!err)
		err = slot_push_enabled(x, c, node);
	if (!err)
		err = drc_power(x, c, DRC_POWER_ON);
	if (!err)
		err = drc_unisolate(x, c);
	return err || x->dr->dry_run ? err : cc_complete(x, c);
}

/* Complete the connectors below a bridge that Linux has. */
static int card_complete_bridge(struct xact *x, const char *node)
{
	int is_bridge = slot_is_bridge(x, node);

	if (is_bridge < 0)
		return xact_unread(x, "attach", is_bridge);
	return is_bridge ? card_configure_bridge(x, node) : 0;
}

/* Configure a card below a bridge that was added with the bridge. Its own connector is
 * not configured yet. Firmware described it before the bridge had a bus number, so Linux
 * cannot find it: read its nodes again. */
static int card_configure_below(struct xact *x, const struct connectors *below,
				const struct connector *c)
{
	const struct card_state at_rest = { 0 };
	const char *node = NULL;
	const struct occupant *o;
	uint32_t partner;
	size_t i = 0;
	int err, found;

	o = connector_occupant(below, c, &i);
	err = xact_enter(x, c, o ? o->path : NULL);
	if (err)
		return err;
	found = o ? pci_node_has_device(x->dr->root, o->path) : 0;
	if (found < 0)
		return xact_unread(x, "attach", found);
	if (found && !cc_probe(x->dr)) {
		err = card_complete(x, c, o->path);
		return err ? err : card_complete_bridge(x, o->path);
	}

	/* If only the kernel can walk, the node must be attached by it. */
	if (found)
		err = functions_unconfigure(x, o->path);
	if (!err && o)
		err = x->dr->backend->detach(x, c, (const char *const[]){ o->path }, 1);
	if (!err)
		err = card_rest(x, c);
	if (!err)
		err = card_push_rest(x, c);
	return err ? err : card_configure(x, c, &at_rest, &node, &partner);
}

int card_configure_bridge(struct xact *x, const char *node)
{
	struct connectors *below;
	size_t on = x->on;
	int err = card_read_below(x, node, &below);

	for (size_t i = 0; !err && i < below->n; i++) {
		const struct connector *c = &below->list[i];
		int32_t sense;

		if (strcmp(c->parent->path, node) != 0)
			continue;
		err = drc_sense(x, c, &sense);
		if (!err && sense < 0)
			err = xact_refused(x, "sense", RTAS_GET_SENSOR_STATE, sense);
		if (!err && sense == DRC_SENSE_PRESENT)
			err = card_configure_below(x, below, c);
		x->on = on;
	}
	return err;
}

/* Note what firmware's description would say of a node that the kernel has attached. */
static int card_describe(struct xact *x, const char *node, struct fdt_frag *frag)
{
	int err = prop_u32(x->dr->root, node, "class-code", &frag->class_code);

	if (!kern_read_failure(err)) {
		if (err)
			frag->class_code = 0;
		err = prop_u32(x->dr->root, node, PCI_PARTNER, &frag->partner);
	}
	if (!err)
		return 0;
	frag->partner = 0;
	return kern_read_failure(err) ? xact_unread(x, "attach", err) : 0;
}

int card_configure(struct xact *x, const struct connector *c,
		   const struct card_state *state, const char **node, uint32_t *partner)
{
	struct fdt_frag frag = { 0 };
	bool is_bridge;
	int err = 0;

	*node = NULL;
	if (!state->is_powered)
		err = drc_power(x, c, DRC_POWER_ON);
	if (!err && !state->is_unisolated)
		err = drc_unisolate(x, c);
	if (!err)
		err = tree_attach_described(x, c, node, &frag);
	if (!err && *node && !frag.fdt)
		err = card_describe(x, *node, &frag);
	if (!err && *node && x->on)
		err = xact_enter(x, c, *node);
	*partner = frag.partner;
	is_bridge = slot_is_bridge_class(frag.class_code);
	fdt_frag_free(&frag);
	if (!err)
		err = slot_enable(x, c, *node, is_bridge);
	if (!err && is_bridge)
		err = card_configure_bridge(x, *node);
	return err;
}

static int card_unconfigure_bridge(struct xact *x, const char *node)
{
	const struct occupant *o;
	struct connectors *below;
	size_t on = x->on;
	int err = card_read_below(x, node, &below);

	for (size_t i = 0; !err && i < below->n; i++) {
		const struct connector *c = &below->list[i];
		size_t next = 0;

		if (strcmp(c->parent->path, node))
			continue;
		while (!err && (o = connector_occupant(below, c, &next))) {
			err = xact_enter(x, c, o->path);
			if (!err)
				err = card_unconfigure(x, c, o->path);
			if (!err)
				err = card_release(x, c);
		}
		x->on = on;
	}

	return err;
}

int card_unconfigure(struct xact *x, const struct connector *c, const char *node)
{
	int err = slot_disable(x, c, node), is_bridge = slot_is_bridge(x, node);

	if (!err && is_bridge < 0)
		err = xact_unread(x, "detach", is_bridge);
	if (!err && is_bridge)
		err = card_unconfigure_bridge(x, node);
	return err ? err : tree_detach(x, c, &node, 1);
}

/* Configure the connector again. Firmware counts it as configured only when its walk was
 * read to the end. */
static int card_undo_release(struct xact *x, void *arg)
{
	struct card_state state;
	int32_t sense = DRC_SENSE_PRESENT;
	int err = x->is_recovering ? card_sense(x, arg, &state, &sense) : 0;

	/* After isolation the host removes a card that it has requested. */
	if (!err && sense == DRC_SENSE_EMPTY)
		return card_rest(x, arg);
	if (!err)
		err = drc_power(x, arg, DRC_POWER_ON);
	if (!err)
		err = drc_unisolate(x, arg);
	return err ? err : cc_complete_released(x, arg);
}

const struct undo_kind undo_release = {
	.name = "release",
	.leaves = "isolation power",
	.undo = card_undo_release,
	.encode = undo_encode_connector,
	.decode = undo_decode_connector,
};

int card_release(struct xact *x, const struct connector *c)
{
	int err = xact_push_connector(x, &undo_release, c);

	if (err)
		return err;

	err = cc_isolate(x, c, true);
	if (err == -EREMOTEIO)
		xact_drop(x);
	return err ? err : drc_power(x, c, DRC_POWER_OFF);
}
