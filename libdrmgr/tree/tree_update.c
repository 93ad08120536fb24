// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/tree/cc_walk.h"
#include "libdrmgr/tree/phandles.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/tree/tree_property.h"
#include "libdrmgr/tree/tree_update.h"
#include "libdrmgr/core/undo_kinds.h"
#include "wire/ofdt_cmd.h"
#include "wire/update.h"

enum {
	ANSWERS_MAX = 1 << 14, /* of one call, in case firmware never ends */
	NODES_MAX = 1 << 20,
};

struct update {
	struct xact *x;
	uint32_t scope;
	struct tree_update *counts;
	struct rmo_area area;
	struct mem mem; /* of nodes */
	struct update_node *nodes;
	size_t n;
	struct phandles handles;
	bool has_handles;
};

/* ---- Firmware ---- */

/* Call firmware with a copy of the area, because other calls may use the area in between.
 * Return the status 0 or 1, or a negative errno. */
static int update_call(const struct update *u, enum rtas_call call, uint8_t *area)
{
	const char *op = call == RTAS_UPDATE_NODES ? "update-nodes" : "update-properties";
	struct rtas_args args = { .in = { u->area.pa, u->scope } };
	int32_t status;
	int err;

	memcpy(u->area.va, area, UPDATE_AREA_BYTES);
	err = xact_call(u->x, op, call, &args, &status);
	memcpy(area, u->area.va, UPDATE_AREA_BYTES);
	if (err)
		return err;
	if (status != UPDATE_DONE && status != UPDATE_MORE)
		return xact_refused(u->x, op, call, status);
	return status;
}

static int update_invalid(const struct update *u, enum rtas_call call, const char *why)
{
	return xact_fail(u->x, DR_FAULT_WALK, "update", -EBADMSG, "%s: %s",
			 rtas_desc(call)->name, why);
}

static int update_keep(struct update *u, const struct update_node *node)
{
	if (u->n == NODES_MAX)
		return update_invalid(u, RTAS_UPDATE_NODES,
				      "more nodes than there can be");
	*vec_add(&u->mem, u->nodes, u->n) = *node;
	return mem_check(&u->mem)
		       ? xact_fail(u->x, DR_FAULT_MEMORY, "update", -ENOMEM, " ")
		       : 0;
}

/* Keep the nodes of an answer. Nodes before an invalid one are kept. */
static int update_keep_answer(struct update *u, const uint8_t *area)
{
	const struct dr_log *log = u->x->dr->log;
	struct update_nodes_iter it;
	struct update_node node;
	int err = update_nodes_begin(&it, area, UPDATE_AREA_BYTES);

	while (!err && (err = update_nodes_next(&it, &node)) > 0) {
		if (node.op == UPDATE_OP_ADD)
			dr_log_debug(log, "ibm,update-nodes: additions are counted in %s",
				     it.count == UPDATE_COUNT_WORDS ? "words" : "pairs");
		err = 0;
		if (node.phandle)
			err = update_keep(u, &node);
		else
			dr_log_info(log, "ibm,update-nodes: unknown operator 0x%02x",
				    node.op);
	}
	return err == -EBADMSG && !u->x->error.fault
		       ? update_invalid(u, RTAS_UPDATE_NODES,
					"an operator leaves the area")
		       : err;
}

static int update_list_nodes(struct update *u)
{
	uint8_t area[UPDATE_AREA_BYTES];
	unsigned int answers = 0;
	int status, err;

	update_nodes_start(area);
	do {
		if (answers++ == ANSWERS_MAX)
			return update_invalid(u, RTAS_UPDATE_NODES, "it never ends");
		status = update_call(u, RTAS_UPDATE_NODES, area);
		if (status < 0)
			return status;
		err = update_keep_answer(u, area);
	} while (!err && status == UPDATE_MORE);
	return err;
}

/* ---- One node ---- */

static int update_change_property(const struct update *u, const char *path,
				  const struct update_prop *prop,
				  const struct update_value *value)
{
	const bool has_value = prop->kind == UPDATE_PROP_SET;
	const struct ofdt_value v = {
		.name = prop->name,
		.value = has_value ? value->value.buf : NULL,
		.len = has_value ? value->value.len : 0,
	};

	if (prop->kind == UPDATE_PROP_DELETE)
		return tree_property_remove(u->x, path, prop->name);
	return tree_property_set(u->x, path, &v);
}

/* Change the properties of one answer. */
static int update_change_by_answer(const struct update *u, const char *path,
				   const uint8_t *area, struct update_value *value)
{
	struct update_props_iter it;
	struct update_prop prop;
	int whole, err = update_props_begin(&it, area, UPDATE_AREA_BYTES);

	while (!err && (err = update_props_next(&it, &prop)) > 0) {
		whole = update_value_add(value, &prop);
		err = whole < 0 ? whole : 0;
		if (whole > 0)
			err = update_change_property(u, path, &prop, value);
	}
	return err && !u->x->error.fault ? update_invalid(u, RTAS_UPDATE_PROPERTIES,
							  "a value leaves the area")
					 : err;
}

static int update_change_node(const struct update *u, const char *path, uint32_t phandle)
{
	_cleanup_free_ uint8_t *buf = malloc(OFDT_CMD_MAX);
	struct update_value value = { .value = builder_of(buf, OFDT_CMD_MAX) };
	uint8_t area[UPDATE_AREA_BYTES];
	unsigned int answers = 0;
	int status, err;

	if (!buf)
		return xact_fail(u->x, DR_FAULT_MEMORY, "update", -ENOMEM, "%s", path);
	update_props_start(area, phandle);
	do {
		if (answers++ == ANSWERS_MAX)
			return update_invalid(u, RTAS_UPDATE_PROPERTIES, "it never ends");
		status = update_call(u, RTAS_UPDATE_PROPERTIES, area);
		if (status < 0)
			return status;
		err = update_change_by_answer(u, path, area, &value);
	} while (!err && status == UPDATE_MORE);
	if (!err && !update_value_is_whole(&value))
		err = update_invalid(u, RTAS_UPDATE_PROPERTIES, "a value has no end");
	return err;
}

/* Walk the connector. An unfinished walk that stopped before a child looks like a new one
 * until its end: then walk again. */
static int update_walk(const struct update *u, const struct connector *c,
		       struct fdt_frag *frag)
{
	int err = cc_walk(u->x, c, frag);

	if (err != -EBADMSG || !u->x->is_recovering)
		return err;
	fdt_frag_free(frag);
	return cc_walk(u->x, c, frag);
}

/* Add a node, unless it exists: a killed or failed update may have added it. */
static int update_add_node(struct update *u, const char *path, uint32_t drc_index)
{
	struct drc_parent parent = { .path = path };
	const struct connector c = {
		.drc = { .index = drc_index, .name = "connector", .type = "" },
		.parent = &parent,
	};
	size_t before = u->x->n_undo;
	struct fdt_frag frag;
	int err = tree_is_occupied(u->x, &c);

	if (err < 0)
		return err;
	if (err) {
		dr_log_info(u->x->dr->log, "connector 0x%08x: its node is there already",
			    drc_index);
		return 0;
	}
	err = update_walk(u, &c, &frag);
	if (!err)
		err = apply_ofdt.attach(u->x, &c, path, &frag);
	fdt_frag_free(&frag);
	if (err)
		xact_undo_to(u->x, before);
	while (u->x->n_undo > before) /* the new nodes remain */
		xact_drop(u->x);
	phandles_free(&u->handles);
	u->has_handles = false;
	return err;
}

/* ---- All nodes ---- */

static const char *update_node_path(struct update *u, uint32_t phandle)
{
	const char *path;

	if (!u->has_handles && phandles_read(&u->handles, u->x->dr->root))
		phandles_free(&u->handles);
	u->has_handles = true;
	path = phandles_find(&u->handles, phandle);
	return path && node_exists(u->x->dr->root, path) > 0 ? path : NULL;
}

static int update_make_change(struct update *u, const struct update_node *node,
			      const char *path)
{
	switch (node->op) {
	case UPDATE_OP_DELETE:
		return strcmp(path, "/")
			       ? apply_ofdt.detach(u->x, NULL, &path, 1)
			       : xact_fail(u->x, DR_FAULT_TREE, "detach", -EINVAL, "/");
	case UPDATE_OP_CHANGE:
		return update_change_node(u, path, node->phandle);
	default:
		return update_add_node(u, path, node->drc_index);
	}
}

/* Record a failure and warn. The first error of all becomes that of the update. */
static int update_note_failure(struct update *u, const char *where, int err)
{
	struct xact *x = u->x;

	u->counts->failed++;
	dr_warn(x->dr, "device tree: %s is not as firmware says: %s: %s", where,
		*x->error.what ? x->error.what : "update", strerror(-err));
	return err;
}

static int update_change_one(struct update *u, const struct update_node *node)
{
	_cleanup_free_ char *path = NULL;
	const char *found = update_node_path(u, node->phandle);
	int err;

	if (!found) {
		dr_log_warn(u->x->dr->log,
			    "no node has the phandle 0x%08x of operator 0x%02x: skipped",
			    node->phandle, node->op);
		u->counts->skipped++;
		return 0;
	}
	path = strdup(found);
	err = path ? update_make_change(u, node, path) : -ENOMEM;
	if (err)
		return update_note_failure(u, path ? path : "/", err);
	u->counts->done++;
	return 0;
}

/* Make the changes: first deletions, then changes, then additions. */
static int update_make_changes(struct update *u)
{
	int first = 0;

	for (int op = UPDATE_OP_DELETE; op <= UPDATE_OP_ADD; op++) {
		for (size_t i = 0; i < u->n; i++) {
			struct dr_error before = u->x->error;
			int err;

			if (u->nodes[i].op != op)
				continue;
			u->x->error = (struct dr_error){ 0 };
			err = update_change_one(u, &u->nodes[i]);
			if (before.fault)
				u->x->error = before;
			if (!first)
				first = err;
		}
	}
	return first;
}

static bool firmware_has_call(const struct dr_ctx *dr, enum rtas_call call)
{
	uint32_t token;

	return !engine_token(dr->root, rtas_desc(call)->name, &token);
}

int tree_update_probe(const struct dr_ctx *dr)
{
	if (!firmware_has_call(dr, RTAS_UPDATE_NODES) ||
	    !firmware_has_call(dr, RTAS_UPDATE_PROPERTIES))
		return -ENODEV;
	return apply_ofdt.probe(dr->root);
}

/* Activate the firmware of the other machine, if the call exists. An error means that
 * there is nothing to activate, and is ignored. */
static void update_activate_firmware(struct xact *x)
{
	struct dr_error before = x->error;
	struct rtas_args args = { 0 };
	int32_t status;

	if (!firmware_has_call(x->dr, RTAS_ACTIVATE_FIRMWARE))
		return;
	if (!xact_call(x, "activate-firmware", RTAS_ACTIVATE_FIRMWARE, &args, &status) &&
	    status)
		dr_log_info(x->dr->log, "ibm,activate-firmware: %s",
			    rtas_status_text(RTAS_ACTIVATE_FIRMWARE, status));
	x->error = before;
}

static int update_list_and_change(struct update *u)
{
	int err = update_list_nodes(u), change_err;

	if (err)
		update_note_failure(u, "/", err);
	change_err = update_make_changes(u);
	phandles_free(&u->handles);
	mem_end(&u->mem);
	return err ? err : change_err;
}

/* Update the tree. After a migration the partition needs the tree of its new machine, so
 * neither a signal nor the limit of waits ends the update early. */
int tree_update_run(struct xact *x, uint32_t scope, struct tree_update *counts)
{
	struct update u = { .x = x, .scope = scope, .counts = counts };
	struct deadline dl = deadline_in_ms(DR_CALL_MS);
	bool was_walking = x->is_walking;
	int err;

	*counts = (struct tree_update){ 0 };
	x->is_walking = true;
	update_activate_firmware(x);
	err = tree_update_probe(x->dr);
	if (err == -ENODEV) {
		dr_log_info(x->dr->log,
			    "firmware has no calls for changes of the device tree");
		x->is_walking = was_walking;
		return 0;
	}
	if (!err)
		err = engine_rmo_get(x->dr->engine, 1, &dl, &u.area);
	if (err) {
		xact_fail(x, DR_FAULT_CALL, "update", err, "work area");
		update_note_failure(&u, "/", err);
	} else {
		err = update_list_and_change(&u);
		engine_rmo_put(x->dr->engine, &u.area);
	}
	x->is_walking = was_walking;
	return err;
}

/* ---- In the journal ---- */

static int update_repeat(struct xact *x, void *arg)
{
	const uint32_t *scope = arg;
	struct tree_update counts;

	return tree_update_run(x, *scope, &counts);
}

static void scope_encode(struct journal_line *line, const void *arg)
{
	const uint32_t *scope = arg;

	journal_put(line, "0x%08x", *scope);
}

static int scope_decode(struct recovery *r, void **arg)
{
	*arg = mem_new(recovery_mem(r), uint32_t);
	return recovery_number(r, *arg) ? 0 : -EBADMSG;
}

const struct undo_kind undo_tree_update = {
	.name = "tree-update",
	.leaves = "node",
	.undo = update_repeat,
	.encode = scope_encode,
	.decode = scope_decode,
};

int tree_update_push(struct xact *x, uint32_t scope)
{
	uint32_t *arg = mem_new(x->mem, uint32_t);

	*arg = scope;
	return xact_push(x, &undo_tree_update, arg);
}
