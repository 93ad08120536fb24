// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/impact.h"
#include "libdrmgr/types/pci/pci_card.h"
#include "libdrmgr/types/pci/pci_describe.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/prop.h"

enum { CARD_NODES_MAX = 64 }; /* of both connectors: a node for each function */

static int pci_confirm_slot(struct xact *x, const struct connectors *cs,
			    const struct connector *c, const struct pci_request *request)
{
	int err;

	if (!request->prompt || request->skip_identify)
		return 0;
	err = card_led(x, cs, c, DRC_LED_IDENTIFY);
	return err ? err : card_prompt(x, DR_PROMPT_IDENTIFY, c);
}

/* Find the other connector of a card with two paths; NULL for most cards. */
static int pci_partner(struct xact *x, const struct connectors *cs, const char *node,
		       const struct connector **partner)
{
	uint32_t index;
	int err = prop_u32(x->dr->root, node, PCI_PARTNER, &index);

	*partner = err ? NULL : connectors_by_index(cs, index);
	return kern_read_failure(err) ? xact_unread(x, "detach", err) : 0;
}

static void pci_report_partner(const struct xact *x, const struct connector *c,
			       const struct connector *partner)
{
	x->dr->report.partner(x->dr->report.priv, c->drc.name, partner->drc.name);
}

static int pci_add_partner(struct xact *x, const struct connectors *cs,
			   const struct connector *c, uint32_t partner_index)
{
	const struct connector *partner =
		partner_index ? connectors_by_index(cs, partner_index) : NULL;
	const struct card_state at_rest = { 0 };
	const char *node = NULL;
	int err;

	if (!partner || connector_is_occupied(cs, partner))
		return 0;

	pci_report_partner(x, c, partner);
	err = xact_enter(x, partner, NULL);
	if (!err)
		err = card_rest(x, partner);
	if (!err)
		err = card_push_rest(x, partner);
	if (!err)
		err = card_configure(x, partner, &at_rest, &node, &partner_index);
	x->on = 0;
	return err;
}

/* Configure the card: indicator, sensor, power, device tree, Linux. */
static int pci_configure_card(struct xact *x, const struct connectors *cs,
			      const struct connector *c,
			      const struct pci_request *request, struct dr_result *result)
{
	const char *node = NULL;
	struct card_state state;
	uint32_t partner;
	int err = card_led(x, cs, c, DRC_LED_ON);

	if (!err)
		err = card_wait(x, c, request, &state);
	if (!err)
		err = card_configure(x, c, &state, &node, &partner);
	result->node = mem_copy(&result->mem, node);
	if (!err)
		err = pci_add_partner(x, cs, c, partner);
	return err;
}

static int pci_insert_card(struct xact *x, const struct connectors *cs,
			   const struct connector *c, const struct pci_request *request)
{
	int err;

	if (request->hotplug_only)
		return 0;
	err = card_rest(x, c);
	if (err || !request->prompt)
		return err;

	err = card_led(x, cs, c, DRC_LED_ACTION);
	return err ? err : card_prompt(x, DR_PROMPT_INSERT, c);
}

int pci_add(struct dr_ctx *dr, const struct connectors *cs, const struct connector *c,
	    const struct pci_request *request, struct dr_result *result)
{
	struct xact x;
	int err;

	xact_begin(&x, dr, &result->mem);
	err = card_check_slot(&x, cs, c);
	if (!err)
		err = pci_confirm_slot(&x, cs, c, request);
	if (!err && connector_is_occupied(cs, c)) {
		err = drc_led(&x, c, DRC_LED_ON);
		if (!err)
			err = xact_fail(&x, DR_FAULT_OCCUPIED, NULL, -EEXIST, "%s",
					c->drc.name);
	}
	if (!err)
		err = pci_insert_card(&x, cs, c, request);
	if (!err)
		err = pci_configure_card(&x, cs, c, request, result);
	return xact_finish(&x, err, result);
}

/* Unconfigure all nodes of the slot, then release the slot. */
static int pci_unconfigure_card(struct xact *x, const struct connectors *cs,
				const struct connector *c,
				const struct pci_request *request)
{
	const struct occupant *o;
	size_t i = 0;
	int err = 0;

	while (!err && (o = connector_occupant(cs, c, &i)))
		err = card_unconfigure(x, c, o->path);
	if (!err && !request->hotplug_only)
		err = card_release(x, c);
	return err;
}

static int pci_occupied_partner(struct xact *x, const struct connectors *cs,
				const struct connector *c,
				const struct connector **partner)
{
	const struct occupant *o;
	size_t i = 0;
	int err = 0;

	*partner = NULL;
	while (!err && !*partner && (o = connector_occupant(cs, c, &i)))
		err = pci_partner(x, cs, o->path, partner);
	if (*partner && !connector_is_occupied(cs, *partner))
		*partner = NULL;
	return err;
}

static int pci_note_card(const struct xact *x, const struct connectors *cs,
			 const struct connector *c, struct dr_result *result)
{
	size_t i = 0;
	const struct occupant *o = connector_occupant(cs, c, &i);

	if (!o)
		return 0;
	if (x->dr->describe)
		pci_describe(x->dr, x->mem, o->path, &result->devices);
	result->node = mem_copy(&result->mem, o->path);
	return 0;
}

static size_t pci_add_nodes(const struct connectors *cs, const struct connector *c,
			    const char **nodes, size_t n, size_t max)
{
	const struct occupant *o;
	size_t i = 0;

	while (c && n < max && (o = connector_occupant(cs, c, &i)))
		nodes[n++] = o->path;
	return n;
}

/* Check all nodes of a card and of its second path together. */
static int pci_check_card(struct xact *x, const struct connectors *cs,
			  const struct connector *c, const struct connector *partner,
			  struct impacts *reported)
{
	const char *nodes[CARD_NODES_MAX];
	size_t n = pci_add_nodes(cs, c, nodes, 0, ARRAY_SIZE(nodes));

	n = pci_add_nodes(cs, partner, nodes, n, ARRAY_SIZE(nodes));
	return n ? impact_check(x, nodes, n, reported) : 0;
}

/* Check the impact again after the prompt: the use of the card may have changed. */
static int pci_confirm_removal(struct xact *x, const struct connectors *cs,
			       const struct connector *c, const struct connector *partner,
			       const struct pci_request *request)
{
	_cleanup_mem_ struct mem mem = { 0 };
	struct impacts reported = { .mem = &mem };
	int err = pci_check_card(x, cs, c, partner, &reported);

	if (err || !request->prompt || request->skip_identify)
		return err;
	err = pci_confirm_slot(x, cs, c, request);
	return err ? err : pci_check_card(x, cs, c, partner, &reported);
}

/* Remove the card, up to an isolated slot without power. */
static int pci_remove_steps(struct xact *x, const struct connectors *cs,
			    const struct connector *c, const struct pci_request *request,
			    struct dr_result *result)
{
	const struct connector *partner;
	int err = card_check_slot(x, cs, c);

	if (!err)
		err = pci_occupied_partner(x, cs, c, &partner);
	if (!err && partner)
		pci_report_partner(x, c, partner);
	if (!err)
		err = pci_confirm_removal(x, cs, c, partner, request);
	if (!err)
		err = card_led(x, cs, c, DRC_LED_ON);
	if (!err && !connector_is_occupied(cs, c))
		err = xact_fail(x, DR_FAULT_NO_NODE, NULL, -ENODATA, "%s", c->drc.name);
	if (!err)
		err = pci_note_card(x, cs, c, result);
	if (!err)
		err = pci_unconfigure_card(x, cs, c, request);
	if (!err && partner) {
		size_t i = 0;
		const char *node = connector_occupant(cs, partner, &i)->path;

		err = xact_enter(x, partner, node);
		if (!err && x->dr->describe)
			pci_describe(x->dr, x->mem, node, &x->others[x->on - 1].devices);
		if (!err)
			err = pci_unconfigure_card(x, cs, partner, request);
		x->on = 0;
	}
	return err;
}

int pci_remove_card(struct dr_ctx *dr, const struct connectors *cs,
		    const struct connector *c, const struct pci_request *request,
		    struct dr_result *result)
{
	struct xact x;
	int err;

	xact_begin(&x, dr, &result->mem);
	err = pci_remove_steps(&x, cs, c, request, result);
	if (!err && request->prompt && !request->hotplug_only) {
		err = card_led(&x, cs, c, DRC_LED_ACTION);
		if (!err && card_prompt(&x, DR_PROMPT_REMOVE, c) == -EINTR)
			err = -EINTR;
	}
	if (!err && !request->hotplug_only)
		err = card_led(&x, cs, c, DRC_LED_OFF);
	return xact_finish(&x, err, result);
}

/* Drop the inverses of the removal. Once the card is out, another may be inserted, and
 * the old one cannot be restored. The indicator's inverse is pushed first, so that the
 * journal is never empty. */
static int pci_keep_removed(struct xact *x, const struct connector *c)
{
	size_t n = x->n_undo;
	int err = xact_push_connector(x, &undo_led_off, c);

	if (!err)
		xact_keep(x, n);
	return err;
}

/* Configure the same card again, by a transaction of its own: the input ended at the
 * prompt, so the card was not replaced. */
static void pci_configure_again(const struct dr_ctx *dr, const struct connectors *cs,
				const struct connector *c, bool hotplug_only,
				struct dr_result *result)
{
	const struct pci_request quietly = { .hotplug_only = hotplug_only };
	struct dr_ctx same = dr_unstoppable(dr);
	struct dr_result again = { 0 };

	if (!pci_add(&same, cs, c, &quietly, &again)) {
		result->is_removed = false;
	} else {
		dr_warn(dr, "%s: the card could not be configured again", c->drc.name);
		result->is_undo_incomplete = again.is_undo_incomplete;
		result->n_left = 0;
		for (size_t i = 0; i < again.n_left; i++)
			*vec_add(&result->mem, result->left, result->n_left) =
				mem_copy(&result->mem, again.left[i]);
	}
	mem_end(&again.mem);
}

int pci_replace(struct dr_ctx *dr, const struct connectors *cs, const struct connector *c,
		const struct pci_request *request, struct dr_result *result)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct connectors now;
	const struct connector *again;
	struct dr_result removed = { 0 };
	bool no_answer = false;
	struct xact x;
	int err;

	xact_begin(&x, dr, &result->mem);
	err = pci_remove_steps(&x, cs, c, request, &removed);
	mem_end(&removed.mem);
	if (!err)
		err = pci_keep_removed(&x, c);
	if (err)
		return xact_finish(&x, err, result);

	result->is_removed = true;
	xact_note_left(&x, "device adapter node isolation power indicator");
	err = connectors_read_pci(&now, &m, dr, connector_is_pci_slot);
	again = err ? NULL : connectors_by_index(&now, c->drc.index);
	if (err)
		err = xact_unread(&x, "attach", err);
	else if (!again)
		err = xact_fail(&x, DR_FAULT_TREE, "attach", -ENOENT, "%s",
				c->parent->path);
	x.led_pushed = again;
	if (!err && request->prompt)
		err = card_led(&x, &now, again, DRC_LED_ACTION);
	if (!err && request->prompt)
		err = card_prompt(&x, DR_PROMPT_REPLACE, c);
	no_answer = err == -ENODATA;
	if (!err)
		err = pci_configure_card(&x, &now, again, request, result);
	err = xact_finish(&x, err, result);
	if (no_answer && !result->is_undo_incomplete)
		pci_configure_again(dr, &now, again, request->hotplug_only, result);
	return err;
}

int pci_identify(struct dr_ctx *dr, const struct connectors *cs,
		 const struct connector *c, const struct pci_request *request,
		 struct dr_result *result)
{
	struct xact x;
	int err;

	xact_begin(&x, dr, &result->mem);
	err = card_check_slot(&x, cs, c);
	if (!err)
		err = card_led(&x, cs, c, DRC_LED_IDENTIFY);
	if (!err && request->prompt) {
		err = card_prompt(&x, DR_PROMPT_IDENTIFY, c);
		xact_undo_to(&x, 0);
	}
	return xact_finish(&x, err, result);
}

static int connector_by_index(const void *a, const void *b)
{
	const struct connector *const *x = a, *const *y = b;

	return ((*x)->drc.index > (*y)->drc.index) - ((*x)->drc.index < (*y)->drc.index);
}

/* Read the sensor without changing the slot. Warn if it cannot be read. */
static int pci_sense(struct dr_ctx *dr, const struct connector *c, bool *is_present)
{
	struct rtas_args args = { .in = { DRC_ENTITY_SENSE, c->drc.index } };
	struct deadline dl = dr_wait_until(dr, DR_CALL_MS);
	int32_t status = 0;
	int err = engine_call(dr->engine, RTAS_GET_SENSOR_STATE, &args, &status, &dl);

	*is_present = !err && !status && args.out[1] == DRC_SENSE_PRESENT;
	if (!err && status)
		dr_warn(dr, "%s (0x%08x) not changed: get-sensor-state = %d (%s)",
			c->drc.name, c->drc.index, status,
			rtas_status_text(RTAS_GET_SENSOR_STATE, status));
	return err;
}

int pci_unconfigured(struct dr_ctx *dr, const struct connectors *cs,
		     const struct connector ***list, size_t *n, struct dr_error *error)
{
	bool is_present;
	int err = 0;

	*list = NULL;
	*n = 0;
	for (size_t i = 0; !err && i < cs->n; i++) {
		const struct connector *c = &cs->list[i];

		if (connector_is_occupied(cs, c) || !connector_allows_hotplug(cs, c) ||
		    !strncmp(c->drc.type, "display", strlen("display")))
			continue;
		err = pci_sense(dr, c, &is_present);
		if (!err && is_present)
			*vec_add(cs->mem, *list, *n) = c;
	}
	if (err) {
		*error = (struct dr_error){
			.fault = DR_FAULT_CALL,
			.step = "sense",
			.err = err,
			.call = rtas_desc(RTAS_GET_SENSOR_STATE)->name
		};
		snprintf(error->what, sizeof(error->what), "%s", error->call);
	}

	if (*n)
		qsort(*list, *n, sizeof(**list), connector_by_index);
	return err;
}
