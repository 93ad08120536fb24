// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Changes of the device tree that firmware reports. The guest reads them after a
 * migration, or because of an event, and updates its own tree.
 *
 * Source:  PAPR+ 7.4.8 (ibm,update-nodes, ibm,update-properties)
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/base/sized.h"
#include "vmm/dr/connectors.h"
#include "vmm/powervm/powervm.h"
#include "vmm/tree/fdt_out.h"
#include "wire/rtas_args.h"
#include "wire/update.h"

enum { CHANGES_MAX = 4096, VALUE_MAX = 1 << 20, PATH_BYTES = 1024 };

struct change {
	struct change *next;
	int32_t scope;
	enum papr_change_kind kind;
	bool active; /* reported to the guest */
	char *path, *property;
	void *value;
	size_t bytes;
	uint32_t drc_index;
};

static void change_free(struct change *change)
{
	free(change->path);
	free(change->property);
	free(change->value);
	free(change);
}

static bool is_path(const char *path)
{
	size_t len = path ? strlen(path) : 0;

	return len && *path == '/' && len < PATH_BYTES &&
	       (len == 1 || (path[len - 1] != '/' && !strstr(path, "//")));
}

static bool is_sound(const struct papr_change *c)
{
	bool of_property = c->kind == PAPR_CHANGE_SET || c->kind == PAPR_CHANGE_UNSET;
	size_t len = c->property ? strlen(c->property) : 0;

	if (!is_path(c->path) || (c->scope != UPDATE_SCOPE_MIGRATION && c->scope >= 0))
		return false;
	if (of_property && (!len || len > DT_NAME_MAX || c->bytes > VALUE_MAX))
		return false;
	return c->kind != PAPR_CHANGE_DELETE || c->path[1];
}

static struct change *copy_of(const struct papr_change *from)
{
	struct change *change = calloc(1, sizeof(*change));

	if (!change)
		return NULL;
	*change =
		(struct change){ .scope = from->scope,
				 .kind = from->kind,
				 .active = from->scope < 0,
				 .path = strdup(from->path),
				 .property = strdup(from->property ? from->property : ""),
				 .value = malloc(from->bytes + 1),
				 .bytes = from->bytes,
				 .drc_index = from->drc_index };
	if (!change->path || !change->property || !change->value) {
		change_free(change);
		return NULL;
	}
	if (from->bytes)
		memcpy(change->value, from->value, from->bytes);
	return change;
}

/* Drop all walks, so that connectors rebuild their nodes. */
static void forget_walks(struct papr_vmm *vmm)
{
	for (struct connector_bank *bank = connectors_of(vmm)->banks; bank;
	     bank = bank->next)
		for (uint32_t i = 0; i < bank->count; i++)
			connector_walk_drop(&bank->all[i]);
}

void papr_vmm_changes_clear(struct papr_vmm *vmm)
{
	MACHINE_GUARD(vmm);
	struct change *change;

	while ((change = powervm_of(vmm)->changes)) {
		powervm_of(vmm)->changes = change->next;
		change_free(change);
	}
	forget_walks(vmm);
}

int papr_vmm_change(struct papr_vmm *vmm, const struct papr_change *from)
{
	MACHINE_GUARD(vmm);
	struct papr_change known;
	const struct papr_change *c = &known;
	struct change **end = &powervm_of(vmm)->changes, *change;
	unsigned int n = 0;

	if (!machine_of(vmm)->cfg.powervm)
		return -ENOTSUP;
	if (sized_get(&known, sizeof(known), from) || !is_sound(c))
		return -EINVAL;
	if (c->kind == PAPR_CHANGE_ADD &&
	    !connector_find(connectors_of(vmm), c->drc_index))
		return -ENOENT;
	for (; *end; end = &(*end)->next)
		n++;
	if (n >= CHANGES_MAX)
		return -ENOSPC;
	change = copy_of(c);
	if (!change)
		return -ENOMEM;
	*end = change;
	forget_walks(vmm);
	return 0;
}

/* Make the connector of an added node ready: the machine that the guest has moved to has
 * assigned the device to it. */
static void give(struct papr_vmm *vmm, uint32_t index)
{
	struct connector *c = connector_find(connectors_of(vmm), index);

	if (c && c->dev)
		connector_reset(vmm, c);
}

void powervm_changes_arrive(struct papr_vmm *vmm)
{
	struct change **at = &powervm_of(vmm)->changes, *change;

	while ((change = *at)) {
		/* The previous migration has already reported this change. */
		if (change->scope == UPDATE_SCOPE_MIGRATION && change->active) {
			*at = change->next;
			change_free(change);
			continue;
		}
		if (change->kind == PAPR_CHANGE_ADD && !change->active)
			give(vmm, change->drc_index);
		change->active = true;
		at = &change->next;
	}
	forget_walks(vmm);
}

/* ---- Changes of built trees ---- */

static void make_change(const struct change *change, const char *above, void *fdt)
{
	size_t len = strlen(above);
	int node;

	if (!change->active || change->kind == PAPR_CHANGE_ADD ||
	    strncmp(change->path, above, len) != 0 || change->path[len] != '/')
		return;
	node = fdt_path_offset(fdt, change->path + len);
	if (node < 0)
		return;
	if (change->kind == PAPR_CHANGE_DELETE)
		fdt_del_node(fdt, node);
	else if (change->kind == PAPR_CHANGE_UNSET)
		fdt_delprop(fdt, node, change->property);
	else
		fdt_setprop(fdt, node, change->property, change->value,
			    (int)change->bytes);
}

int powervm_changes_apply(const struct papr_vmm *vmm, const char *above, void **fdt,
			  size_t *size)
{
	const struct change *change;
	size_t more = 0;
	void *bigger;

	for (change = powervm_of(vmm)->changes; change; change = change->next)
		more += change->active ? change->bytes + strlen(change->property) + 32
				       : 0;
	if (!more)
		return 0;
	bigger = calloc(1, *size + more);
	if (!bigger || fdt_open_into(*fdt, bigger, (int)(*size + more))) {
		free(bigger);
		return -ENOMEM;
	}
	for (change = powervm_of(vmm)->changes; change; change = change->next)
		make_change(change, above, bigger);
	fdt_pack(bigger);
	free(*fdt);
	*fdt = bigger;
	*size = fdt_totalsize(bigger);
	return 0;
}

/* ---- The calls ---- */

static const enum update_op ops[] = { [PAPR_CHANGE_SET] = UPDATE_OP_CHANGE,
				      [PAPR_CHANGE_UNSET] = UPDATE_OP_CHANGE,
				      [PAPR_CHANGE_DELETE] = UPDATE_OP_DELETE,
				      [PAPR_CHANGE_ADD] = UPDATE_OP_ADD };

static bool is_told(const struct change *change, int32_t scope)
{
	return change->active && change->scope == scope;
}

/* Return true if an earlier change already lists the node as changed. */
static bool is_again(const struct change *first, const struct change *change)
{
	for (; first != change; first = first->next)
		if (is_told(first, change->scope) &&
		    ops[first->kind] == UPDATE_OP_CHANGE &&
		    !strcmp(first->path, change->path))
			return true;
	return false;
}

/* List the nodes: deletions, then changes, then additions. */
static uint32_t list_nodes(const struct powervm *p, int32_t scope,
			   struct update_node nodes[CHANGES_MAX])
{
	const struct change *c;
	uint32_t n = 0;

	for (enum update_op op = UPDATE_OP_DELETE; op <= UPDATE_OP_ADD; op++)
		for (c = p->changes; c; c = c->next)
			if (is_told(c, scope) && ops[c->kind] == op &&
			    (op != UPDATE_OP_CHANGE || !is_again(p->changes, c)))
				nodes[n++] = (struct update_node){
					.op = (uint8_t)op,
					.phandle = fdt_out_phandle_of(c->path),
					.drc_index = c->drc_index
				};
	return n;
}

static size_t limit_of(const struct powervm *p)
{
	return p->migration.area_bytes ? p->migration.area_bytes : UPDATE_AREA_BYTES;
}

/* Answer with an empty list. The state in the area does not change. */
static int nothing(uint8_t *area)
{
	memset(area + UPDATE_STATE_BYTES, 0, 4);
	return UPDATE_DONE;
}

static void answer(struct papr_vmm *vmm, struct rtas_frame *f,
		   int (*fill)(const struct powervm *p, int32_t scope, uint8_t *area))
{
	uint8_t area[UPDATE_AREA_BYTES];
	uint32_t addr = rtas_in(f, 0);
	int status = -EINVAL;

	if (!guest_read(vmm, addr, area, sizeof(area)))
		status = fill(powervm_of(vmm), (int32_t)rtas_in(f, 1), area);
	if (status >= 0 && guest_write(vmm, addr, area, sizeof(area)))
		status = -EINVAL;
	rtas_status(f, status >= 0	   ? status
		       : status == -EINVAL ? RTAS_PARAMETER_ERROR
					   : RTAS_HARDWARE_ERROR);
}

static int fill_nodes(const struct powervm *p, int32_t scope, uint8_t *area)
{
	struct update_node *nodes = calloc(CHANGES_MAX, sizeof(*nodes));
	struct update_nodes_answer told = { .nodes = nodes,
					    .count = p->migration.counts_words
							     ? UPDATE_COUNT_WORDS
							     : UPDATE_COUNT_PAIRS,
					    .limit = limit_of(p) };
	int status;

	if (!nodes)
		return -ENOMEM;
	told.n = list_nodes(p, scope, nodes);
	status = told.n ? update_nodes_answer(area, &told) : nothing(area);
	free(nodes);
	return status;
}

void rtas_update_nodes(struct papr_vmm *vmm, struct rtas_frame *f)
{
	answer(vmm, f, fill_nodes);
}

static uint32_t list_props(const struct powervm *p, int32_t scope, uint32_t phandle,
			   struct update_prop props[CHANGES_MAX], const char **path)
{
	uint32_t n = 0;

	for (const struct change *c = p->changes; c; c = c->next) {
		if (!is_told(c, scope) || ops[c->kind] != UPDATE_OP_CHANGE ||
		    fdt_out_phandle_of(c->path) != phandle)
			continue;
		*path = c->path;
		props[n++] = (struct update_prop){ .kind = c->kind == PAPR_CHANGE_UNSET
								   ? UPDATE_PROP_DELETE
							   : c->bytes ? UPDATE_PROP_SET
								      : UPDATE_PROP_EMPTY,
						   .name = c->property,
						   .value = c->value,
						   .len = (uint32_t)c->bytes };
	}
	return n;
}

static int fill_props(const struct powervm *p, int32_t scope, uint8_t *area)
{
	struct update_prop *props = calloc(CHANGES_MAX, sizeof(*props));
	struct update_props_answer told = { .phandle = update_props_phandle(area),
					    .props = props,
					    .limit = limit_of(p) };
	int status;

	if (!props)
		return -ENOMEM;
	told.n = list_props(p, scope, told.phandle, props, &told.path);
	status = told.n ? update_props_answer(area, &told) : nothing(area);
	free(props);
	return status;
}

void rtas_update_properties(struct papr_vmm *vmm, struct rtas_frame *f)
{
	answer(vmm, f, fill_props);
}
