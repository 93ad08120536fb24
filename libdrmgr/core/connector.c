// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/connector.h"
#include "kern/pci.h"
#include "wire/drc_info.h"

/* More than any machine has. Limits the memory that a damaged count can use. */
enum { CONNECTORS_MAX = 1 << 20, DRC_NAME_BYTES = 256, NAMES_BYTES_MAX = 64 << 20 };

bool connector_is_pci_slot(const char *type)
{
	while (*type == '0')
		type++;
	return *type >= '1' && *type <= '9';
}

bool connector_is_logical_slot(const char *type)
{
	return !strcmp(type, "SLOT");
}

bool connector_is_phb(const char *type)
{
	return !strcmp(type, "PHB");
}

const char *node_child(struct mem *m, const char *node, const char *name)
{
	return mem_text(m, "%s/%s", strcmp(node, "/") ? node : "", name);
}

static int connectors_add(struct connectors *cs, const struct drc *drc,
			  struct drc_parent *parent)
{
	if (cs->n == CONNECTORS_MAX)
		return -E2BIG;
	*vec_add(cs->mem, cs->list, cs->n) =
		(struct connector){ .drc = *drc, .parent = parent };
	return mem_check(cs->mem);
}

static int connectors_add_range(struct connectors *cs, struct drc_parent *parent,
				const struct drc_info *di)
{
	struct drc drc = { .power_domain = di->power_domain, .type = di->type };
	uint64_t bytes =
		(uint64_t)di->count * (strlen(di->name_prefix) + sizeof("4294967295"));
	char name[DRC_NAME_BYTES];
	int err = 0;

	if (di->count > CONNECTORS_MAX - cs->n ||
	    bytes > NAMES_BYTES_MAX - cs->name_bytes)
		return -E2BIG;
	cs->name_bytes += bytes;
	for (uint32_t n = 0; !err && n < di->count; n++) {
		err = drc_info_nth(di, n, &drc.index, name, sizeof(name));
		if (err)
			break;
		drc.name = mem_copy(cs->mem, name);
		err = connectors_add(cs, &drc, parent);
	}

	return err;
}

static int parent_read_property(struct connectors *cs, struct drc_parent *parent,
				const struct kern_root *root, const char *name, int i)
{
	struct prop *prop = &parent->raw[i];
	int err = prop_read(root, parent->path, name, prop);

	prop->data = mem_own(cs->mem, prop->data);
	if (!prop->data)
		prop->len = 0;
	return err ? err : mem_check(cs->mem);
}

static int parent_read_info(struct connectors *cs, struct drc_parent *parent,
			    const struct kern_root *root, connector_filter *filter)
{
	struct drc_info_iter it;
	struct drc_info di;
	int err = parent_read_property(cs, parent, root, DRC_INFO_PROP, 0);

	if (!err)
		err = drc_info_begin(&it, parent->raw[0].data, parent->raw[0].len);
	while (!err && (err = drc_info_next(&it, &di)) > 0)
		err = filter(di.type) ? connectors_add_range(cs, parent, &di) : 0;
	return err;
}

static int parent_read_lists(struct connectors *cs, struct drc_parent *parent,
			     const struct kern_root *root, connector_filter *filter)
{
	struct cursor props[DRC_LIST_PROPS];
	struct drc_list_iter it;
	struct drc drc;
	int err = 0;

	for (int i = 0; !err && i < DRC_LIST_PROPS; i++) {
		err = parent_read_property(cs, parent, root, drc_list_prop_names[i], i);
		props[i] = cursor_of(parent->raw[i].data, parent->raw[i].len);
	}
	if (!err)
		err = drc_list_begin(&it, props);
	while (!err && (err = drc_list_next(&it, &drc)) > 0)
		err = filter(drc.type) ? connectors_add(cs, &drc, parent) : 0;
	return err;
}

/* Read the connectors of one node. *out is NULL for a node without connectors. If its
 * properties are damaged, all its connectors are ignored: the lists may not match each
 * other. */
static int parent_read(struct connectors *cs, const struct dr_ctx *dr, const char *path,
		       connector_filter *filter, struct drc_parent **out)
{
	struct drc_parent *parent = mem_new(cs->mem, struct drc_parent);
	uint64_t name_bytes = cs->name_bytes;
	size_t before = cs->n;
	int err;

	*out = NULL;
	parent->path = mem_copy(cs->mem, path);
	if (mem_check(cs->mem))
		return -ENOMEM;

	err = parent_read_info(cs, parent, dr->root, filter);
	if (err == -ENOENT)
		err = parent_read_lists(cs, parent, dr->root, filter);
	if (err && err != -ENOENT && err != -ENODEV && !kern_read_failure(err))
		dr_warn(dr, "%s: damaged connector properties, ignored", path);
	if (!err) {
		*vec_add(cs->mem, cs->parents, cs->n_parents) = *out = parent;
		return 0;
	}

	cs->n = before;
	cs->name_bytes = name_bytes;
	return kern_read_failure(err);
}

static int connectors_add_occupant(struct connectors *cs, const struct dr_ctx *dr,
				   const struct drc_parent *parent, const char *path)
{
	uint32_t index;
	int err = prop_u32(dr->root, path, "ibm,my-drc-index", &index);

	if (err)
		return kern_read_failure(err);
	number_map_add(cs->mem, &cs->by_index, index, cs->n_occupants);
	*vec_add(cs->mem, cs->occupants, cs->n_occupants) =
		(struct occupant){ .parent = parent, .index = index, .path = path };
	return 0;
}

static bool node_is_pci(const char *name)
{
	return !strncmp(name, "pci@", 4);
}

static int connectors_add_node(struct connectors *cs, const struct dr_ctx *dr,
			       const char *node, connector_filter *filter, bool recursive)
{
	_cleanup_names_ struct kern_names children = { 0 };
	struct drc_parent *parent;
	int err = parent_read(cs, dr, node, filter, &parent);

	if (err || (!parent && !recursive))
		return err;

	err = node_children(dr->root, node, &children);
	err = kern_read_failure(err); /* the node may have gone meanwhile */
	for (size_t i = 0; !err && i < children.n; i++) {
		const char *child = node_child(cs->mem, node, children.name[i]);

		if (parent && !cs->is_unread)
			err = connectors_add_occupant(cs, dr, parent, child);
		if (!err && recursive && node_is_pci(children.name[i]))
			err = connectors_add_node(cs, dr, child, filter, true);
	}

	return err;
}

static int connectors_add_top(struct connectors *cs, const struct dr_ctx *dr,
			      connector_filter *filter, bool recursive)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = node_children(dr->root, "/", &names);

	for (size_t i = 0; !err && i < names.n; i++) {
		if (!node_is_pci(names.name[i]) &&
		    (recursive || strcmp(names.name[i], "vdevice") != 0))
			continue;
		err = connectors_add_node(cs, dr, node_child(cs->mem, "/", names.name[i]),
					  filter, recursive);
	}

	return err;
}

/* Complete the connectors when all nodes are read. */
static int connectors_finish(struct connectors *cs, int err)
{
	number_map_sort(&cs->by_index);
	return err ? err : mem_check(cs->mem);
}

int connectors_read_for(struct connectors *cs, struct mem *m, const struct dr_ctx *dr,
			const char *key, connector_filter *filter, bool recursive)
{
	int err;

	*cs = (struct connectors){ .mem = m, .is_unread = key };
	err = connectors_finish(cs, connectors_add_top(cs, dr, filter, recursive));
	return err ? err : connectors_read_loc_codes(cs, dr);
}

int connectors_read_pci(struct connectors *cs, struct mem *m, const struct dr_ctx *dr,
			connector_filter *filter)
{
	return connectors_read_for(cs, m, dr, NULL, filter, true);
}

int connectors_read_node(struct connectors *cs, struct mem *m, const struct dr_ctx *dr,
			 const char *node, connector_filter *filter)
{
	*cs = (struct connectors){ .mem = m };
	return connectors_finish(cs, connectors_add_node(cs, dr, node, filter, false));
}

int connectors_read_below(struct connectors *cs, struct mem *m, const struct dr_ctx *dr,
			  const char *node, connector_filter *filter)
{
	int err;

	*cs = (struct connectors){ .mem = m };
	err = connectors_finish(cs, connectors_add_node(cs, dr, node, filter, true));
	return err ? err : connectors_read_loc_codes(cs, dr);
}

/* Return the index that firmware usually gives to a child of this connector's parent: its
 * unit address has device and function of a card, or the number of a virtual device. */
static uint32_t child_usual_index(const struct connector *c, const char *name)
{
	const char *at = strrchr(name, '@');
	unsigned int unit, function = 0;

	if (!c || !at || sscanf(at + 1, "%x,%x", &unit, &function) < 1)
		return 0;
	return connector_is_pci_slot(c->drc.type)
		       ? (c->drc.index & ~0xffU) | unit << 3 | function
		       : unit;
}

/* Read all children of the parent; with only, first those that usually occupy it, and one
 * other child. Only if an index of them is unusual, the rest can occupy it, too. */
static int parent_read_occupants(struct connectors *cs, const struct dr_ctx *dr,
				 const struct drc_parent *parent,
				 const struct connector *only)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = kern_read_failure(node_children(dr->root, parent->path, &names));
	bool is_usual = only;

	for (int round = only ? 0 : 1; round < (is_usual ? 1 : 2); round++)
		for (size_t i = 0, others = 0; !err && i < names.n; i++) {
			const char *path;
			uint32_t usual = child_usual_index(only, names.name[i]);
			bool is_early =
				only && (usual / 8 == only->drc.index / 8 || !others++);
			size_t n = cs->n_occupants;

			if (is_early == round)
				continue;
			path = node_child(cs->mem, parent->path, names.name[i]);
			err = connectors_add_occupant(cs, dr, parent, path);
			is_usual = is_usual && cs->n_occupants > n &&
				   cs->occupants[n].index == usual;
		}
	return err;
}

int connectors_read_occupants(struct connectors *cs, const struct dr_ctx *dr,
			      const struct connector *only)
{
	int err = 0;

	cs->is_unread = false;
	for (size_t i = 0; !err && i < cs->n_parents; i++)
		if (!only || only->parent == cs->parents[i])
			err = parent_read_occupants(cs, dr, cs->parents[i], only);
	err = connectors_finish(cs, err);
	return err ? err : connectors_read_loc_codes(cs, dr);
}

int connectors_read_loc_codes(struct connectors *cs, const struct dr_ctx *dr)
{
	int err = 0;

	for (size_t i = 0; !err && i < cs->n_occupants; i++) {
		struct occupant *o = &cs->occupants[i];
		char *code;

		if (o->loc_code)
			continue;
		err = prop_str(dr->root, o->path, "ibm,loc-code", &code);
		if (!err)
			o->loc_code = mem_move(cs->mem, code);
		err = kern_read_failure(err);
	}
	return err ? err : mem_check(cs->mem);
}

const struct connector *connectors_by_index(const struct connectors *cs, uint32_t index)
{
	for (size_t i = 0; i < cs->n; i++)
		if (cs->list[i].drc.index == index)
			return &cs->list[i];
	return NULL;
}

const struct occupant *connector_occupant(const struct connectors *cs,
					  const struct connector *c, size_t *i)
{
	size_t at;

	while (number_map_next(&cs->by_index, c->drc.index, i, &at))
		if (cs->occupants[at].parent == c->parent)
			return &cs->occupants[at];

	return NULL;
}

bool connector_is_occupied(const struct connectors *cs, const struct connector *c)
{
	size_t i = 0;

	return connector_occupant(cs, c, &i) != NULL;
}

/* Compare location codes. That of an occupant is the slot's name, '/' and more. */
bool connector_allows_hotplug(const struct connectors *cs, const struct connector *c)
{
	const struct occupant *o;
	size_t i = 0;

	while ((o = connector_occupant(cs, c, &i))) {
		const char *slash = o->loc_code ? strrchr(o->loc_code, '/') : NULL;
		size_t len = slash ? (size_t)(slash - o->loc_code) : 0;

		if (slash && !strchr(slash, '-') &&
		    (strlen(c->drc.name) != len || memcmp(o->loc_code, c->drc.name, len)))
			return false;
	}

	return true;
}
