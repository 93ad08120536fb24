// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/types/logical/behind.h"
#include "libdrmgr/impact/impact.h"
#include "libdrmgr/core/resolve.h"
#include "libdrmgr/types/logical/logical.h"
#include "libdrmgr/types/logical/logical_ops.h"
#include "libdrmgr/types/logical/phb_list.h"
#include "libdrmgr/types/pci/pci_describe.h"
#include "libdrmgr/types/pci/slot_control.h"
#include "libdrmgr/types/pci/slot_ops.h"
#include "kern/prop.h"
#include "wire/dt_name.h"

int phb_read(struct connectors *cs, struct mem *m, const struct dr_ctx *dr)
{
	int err = connectors_read_node(cs, m, dr, "/", connector_is_phb);

	/* The user may name a location code. */
	return err ? err : connectors_read_loc_codes(cs, dr);
}

int lslot_read(struct connectors *cs, struct mem *m, const struct dr_ctx *dr)
{
	return connectors_read_for(cs, m, dr, NULL, connector_is_logical_slot, false);
}

static bool logical_accept_all(const char *type)
{
	(void)type;
	return true;
}

/* Return true if a connector of another type has the name. */
static bool logical_has_other_type(const struct dr_ctx *dr, const char *key)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct connectors all;
	const struct connector *c;
	struct dr_error error;

	return !connectors_read_pci(&all, &m, dr, logical_accept_all) &&
	       !connectors_find(&all, dr, key, RESOLVE_NO_DIGITS, &c, &error);
}

int logical_find(struct connectors *cs, const struct dr_ctx *dr, bool is_phb, bool is_add,
		 const char *key, const struct connector **found, struct dr_error *error)
{
	const struct occupant *unlisted = NULL;
	int err;

	if (!cs->n)
		dr_log_err(dr->log, "There are no DR capable slots %s",
			   dr->root->is_system ? "on this system"
					       : "in the captured tree");
	err = connectors_find(cs, dr, key, RESOLVE_ALL, found, error);
	if (!err)
		return 0;
	if (is_phb && err == -ENOENT)
		unlisted = phb_find_unlisted(cs, dr, key);
	if (unlisted) {
		error->fault = DR_FAULT_UNLISTED;
		snprintf(error->what, sizeof(error->what), "%s (0x%08x)", unlisted->path,
			 unlisted->index);
	} else if (!is_phb && logical_has_other_type(dr, key)) {
		error->fault = DR_FAULT_WRONG_TYPE;
	} else if (!is_add && (error->fault == DR_FAULT_UNKNOWN || !is_phb)) {
		error->fault = DR_FAULT_ABSENT;
	}
	return err;
}

/* Ignore the node of an interrupt controller, which may have the same index. */
const char *logical_node(const struct connectors *cs, const struct connector *c)
{
	const struct occupant *o;
	size_t i = 0;

	while ((o = connector_occupant(cs, c, &i)))
		if (!dt_name_is_controller(strrchr(o->path, '/') + 1))
			return o->path;
	return NULL;
}

/* Configure the bus and its cards in the order that the kernel needs. */
static int logical_configure(struct xact *x, const struct connector *c, const char *node,
			     const struct logical_request *request)
{
	bool may_have_cards = !slot_is_virtual(c) && !request->hotplug_only;
	bool has_cards = node && may_have_cards;
	struct behind behind = { 0 };
	int err = has_cards ? behind_sense(x, node, &behind) : 0;

	if (x->dr->dry_run && may_have_cards)
		err = behind_plan(x);
	if (!err)
		err = slot_control_add(x, c, node);
	if (!err && has_cards)
		err = behind_configure(x, &behind);
	return err;
}

/* Report the other path to the devices below a host bridge, if this partition owns it.
 * After an addition, report it even if firmware has no connector for it yet. */
static void logical_report_partner(const struct xact *x, const struct connectors *cs,
				   const struct connector *c, const char *node,
				   bool is_added)
{
	const struct connector *partner;
	uint32_t index;

	if (!node || !connector_is_phb(c->drc.type) ||
	    prop_u32(x->dr->root, node, "ibm,multipath-partner-drc", &index) || !index)
		return;
	partner = connectors_by_index(cs, index);
	if (partner ? !!logical_node(cs, partner) : is_added)
		x->dr->report.phb_partner(x->dr->report.priv, c->drc.name,
					  partner ? partner->drc.name : NULL);
}

static int logical_add_steps(struct xact *x, const struct connectors *cs,
			     const struct connector *c,
			     const struct logical_request *request,
			     struct dr_result *result)
{
	const char *node = NULL;
	int err;

	if (logical_node(cs, c))
		return xact_fail(x, DR_FAULT_OWNED, NULL, -EEXIST, "%s", c->drc.name);

	err = logical_acquire(x, c);
	if (!err)
		err = tree_attach(x, c, &node);
	result->node = mem_copy(&result->mem, node);
	if (!err)
		err = logical_configure(x, c, node, request);
	if (!err)
		logical_report_partner(x, cs, c, node, true);
	return err;
}

int logical_add(struct dr_ctx *dr, const struct connectors *cs, const struct connector *c,
		const struct logical_request *request, struct dr_result *result)
{
	struct xact x;

	xact_begin(&x, dr, &result->mem);
	return xact_finish(&x, logical_add_steps(&x, cs, c, request, result), result);
}

/* Detach the connector's own node, and that of its interrupt controller. */
static int logical_detach(struct xact *x, const struct connectors *cs,
			  const struct connector *c, const char *node)
{
	const char *nodes[DT_FRAG_TOPS] = { node };
	const struct occupant *o;
	size_t i = 0, n = 1;

	while ((o = connector_occupant(cs, c, &i)) && n < ARRAY_SIZE(nodes))
		if (o->path != node)
			nodes[n++] = o->path;
	return tree_detach(x, c, nodes, n);
}

static int logical_unconfigure(struct xact *x, const struct connector *c,
			       const char *node, const struct logical_request *request)
{
	int err = 0;

	if (!slot_is_virtual(c)) {
		err = slot_disable(x, c, node);
		if (!err)
			err = behind_release(x, node, request->hotplug_only);
	}
	return err ? err : slot_control_remove(x, c, node);
}

/* Sense the connector, so that the trace of a removal shows firmware's state. */
static void logical_trace_sensor(struct xact *x, const struct connector *c)
{
	int32_t sense;

	if (drc_sense(x, c, &sense))
		dr_log_info(x->dr->log, "%s: not sensed", c->drc.name);
}

static int logical_remove_steps(struct xact *x, const struct connectors *cs,
				const struct connector *c,
				const struct logical_request *request,
				struct dr_result *result)
{
	_cleanup_mem_ struct mem mem = { 0 };
	struct impacts reported = { .mem = &mem };
	const char *node = logical_node(cs, c);
	int err;

	if (!node)
		return xact_fail(x, DR_FAULT_NOT_OWNED, NULL, -ENODATA, "%s",
				 c->drc.name);
	err = slot_is_virtual(c) ? 0 : behind_has_fixed(x->dr, node);
	if (err < 0)
		return xact_unread(x, "remove", err);
	if (err)
		return xact_fail(x, DR_FAULT_DISPLAY, NULL, -EBUSY, "%s", c->drc.name);
	result->node = mem_copy(&result->mem, node);
	if (x->dr->describe)
		pci_describe(x->dr, x->mem, node, &result->devices);

	logical_report_partner(x, cs, c, node, false);
	err = impact_check(x, &node, 1, &reported);
	if (!err)
		err = logical_unconfigure(x, c, node, request);
	if (!err)
		err = logical_detach(x, cs, c, node);
	if (err)
		return err;

	logical_trace_sensor(x, c);
	err = logical_release(x, c);
	if (!err)
		logical_trace_sensor(x, c);
	return err;
}

int logical_remove(struct dr_ctx *dr, const struct connectors *cs,
		   const struct connector *c, const struct logical_request *request,
		   struct dr_result *result)
{
	struct xact x;

	xact_begin(&x, dr, &result->mem);
	return xact_finish(&x, logical_remove_steps(&x, cs, c, request, result), result);
}
