// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "wire/cursor.h"
#include "wire/dt_name.h"
#include "wire/fdt_frag.h"

/* A property that came after a child node of its node. A flattened tree has properties
 * before children, but firmware may return to a node and send another one. Such
 * properties are kept until the tree is complete. */
struct late_prop {
	int node;
	uint32_t len;
	char *name;
	uint8_t *value;
};

enum { FIRST_BYTES = 4096 };

static int fdt_frag_errno(int fdt_err)
{
	return fdt_err < 0 ? -EBADMSG : 0;
}

/* Grow the buffer after a libfdt call that failed for lack of space. Return true if the
 * caller must repeat the call. Otherwise return false, with *err changed to 0 or a
 * negative errno. */
static bool fdt_frag_grow(struct fdt_frag *frag, int *err)
{
	size_t size = frag->size * 2;
	void *fdt;

	if (*err != -FDT_ERR_NOSPACE) {
		*err = fdt_frag_errno(*err);
		return false;
	}

	fdt = size <= DT_FRAG_BYTES ? malloc(size) : NULL;
	if (!fdt) {
		*err = size <= DT_FRAG_BYTES ? -ENOMEM : -E2BIG;
		return false;
	}

	if (frag->depth >= 0)
		fdt_resize(frag->fdt, fdt, (int)size);
	else
		fdt_open_into(frag->fdt, fdt, (int)size);
	free(frag->fdt);
	frag->fdt = fdt;
	frag->size = size;
	return true;
}

int fdt_frag_init(struct fdt_frag *frag)
{
	int err;

	*frag = (struct fdt_frag){ .fdt = malloc(FIRST_BYTES), .size = FIRST_BYTES };
	if (!frag->fdt)
		return -ENOMEM;

	/* Searching for each name among the existing ones costs more than storing it
	 * again. */
	err = fdt_create_with_flags(frag->fdt, FIRST_BYTES,
				    FDT_CREATE_FLAG_NO_NAME_DEDUP);
	if (!err)
		err = fdt_finish_reservemap(frag->fdt);
	if (!err)
		err = fdt_begin_node(frag->fdt, "");
	return fdt_frag_errno(err);
}

void fdt_frag_free(struct fdt_frag *frag)
{
	for (size_t i = 0; i < frag->n_late; i++) {
		free(frag->late[i].name);
		free(frag->late[i].value);
	}
	free(frag->late);
	free(frag->fdt);
	*frag = (struct fdt_frag){ 0 };
}

static int fdt_frag_write_property(struct fdt_frag *frag, const char *name,
				   const void *value, uint32_t len)
{
	int err;

	do
		err = fdt_property(frag->fdt, name, value, (int)len);
	while (fdt_frag_grow(frag, &err));

	return err;
}

static struct fdt_frag_level *fdt_frag_last_open(struct fdt_frag *frag)
{
	return &frag->open[frag->depth - 1];
}

/* Add a "name" property if the node has none. Call it before the first child of a node,
 * or at its end. */
static int fdt_frag_complete_name(struct fdt_frag *frag)
{
	struct fdt_frag_level *node = fdt_frag_last_open(frag);
	char base[DT_NAME_MAX + 1];
	const char *name;
	size_t len;

	if (node->has_name || node->has_child)
		return 0;

	/* The node's name follows its tag, in the part already written. */
	name = (const char *)frag->fdt + fdt_off_dt_struct(frag->fdt) + node->offset +
	       sizeof(fdt32_t);
	len = dt_base_name_len(name);
	memcpy(base, name, len);
	base[len] = '\0';
	node->has_name = true;
	return fdt_frag_write_property(frag, "name", base, (uint32_t)len + 1);
}

static int fdt_frag_begin_node(struct fdt_frag *frag, const char *name)
{
	int err = 0, offset;

	if (!dt_name_is_ok(name))
		return -EBADMSG;
	if (frag->depth == DT_FRAG_DEPTH || frag->nodes == DT_FRAG_NODES)
		return -E2BIG;

	if (!frag->depth && frag->tops++ == DT_FRAG_TOPS)
		return -E2BIG;
	if (frag->depth) {
		err = fdt_frag_complete_name(frag);
		fdt_frag_last_open(frag)->has_child = true;
	}
	if (err)
		return err;

	do {
		offset = (int)fdt_size_dt_struct(frag->fdt);
		err = fdt_begin_node(frag->fdt, name);
	} while (fdt_frag_grow(frag, &err));
	if (err)
		return err;

	frag->nodes++;
	frag->open[frag->depth++] = (struct fdt_frag_level){ .offset = offset };
	return 0;
}

static int fdt_frag_end_node(struct fdt_frag *frag)
{
	int err;

	if (!frag->depth)
		return -EBADMSG;

	err = fdt_frag_complete_name(frag);
	if (err)
		return err;

	do
		err = fdt_end_node(frag->fdt);
	while (fdt_frag_grow(frag, &err));
	frag->depth--;
	return err;
}

static int fdt_frag_keep_late(struct fdt_frag *frag, const struct cc_item *item)
{
	struct late_prop *late =
		reallocarray(frag->late, frag->n_late + 1, sizeof(*late));

	if (!late)
		return -ENOMEM;

	frag->late = late;
	late += frag->n_late++;
	*late = (struct late_prop){
		.node = fdt_frag_last_open(frag)->offset,
		.len = item->len,
		.name = strdup(item->name),
		.value = malloc(item->len + 1),
	};
	if (!late->name || !late->value)
		return -ENOMEM;

	memcpy(late->value, item->value, item->len);
	return 0;
}

static int fdt_frag_add_property(struct fdt_frag *frag, const struct cc_item *item)
{
	if (!frag->depth || !dt_name_is_ok(item->name))
		return -EBADMSG;
	if (frag->props++ == DT_FRAG_PROPS || item->len > DT_FRAG_BYTES)
		return -E2BIG;

	if (fdt_frag_last_open(frag)->has_child)
		return fdt_frag_keep_late(frag, item);

	if (!strcmp(item->name, "name"))
		fdt_frag_last_open(frag)->has_name = true;
	return fdt_frag_write_property(frag, item->name, item->value, item->len);
}

int fdt_frag_add(struct fdt_frag *frag, const struct cc_item *item)
{
	int err;

	switch (item->status) {
	case CC_CHILD:
		return frag->nodes && !frag->depth
			       ? -EBADMSG
			       : fdt_frag_begin_node(frag, item->name);
	case CC_SIBLING:
		err = fdt_frag_end_node(frag);
		return err ? err : fdt_frag_begin_node(frag, item->name);
	case CC_PROPERTY:
		return fdt_frag_add_property(frag, item);
	case CC_PARENT:
		return fdt_frag_end_node(frag);
	case CC_MORE_MEMORY:
		return 0;
	default:
		return -EBADMSG;
	}
}

/* Sort by node, the last one first: inserting a property moves everything after its
 * node. */
static int fdt_frag_by_node_descending(const void *a, const void *b)
{
	const struct late_prop *x = a, *y = b;

	return (x->node < y->node) - (x->node > y->node);
}

static int fdt_frag_insert_late(struct fdt_frag *frag)
{
	int err = -FDT_ERR_NOSPACE;

	if (!frag->n_late)
		return 0;

	frag->depth = -1; /* the tree is complete: grow it as such */
	if (!fdt_frag_grow(frag, &err))
		return err;

	err = 0;
	qsort(frag->late, frag->n_late, sizeof(*frag->late), fdt_frag_by_node_descending);
	for (size_t i = 0; !err && i < frag->n_late; i++) {
		const struct late_prop *late = &frag->late[i];

		do
			err = fdt_setprop(frag->fdt, late->node, late->name, late->value,
					  (int)late->len);
		while (fdt_frag_grow(frag, &err));
	}

	return err ? err : fdt_frag_errno(fdt_pack(frag->fdt));
}

int fdt_frag_finish(struct fdt_frag *frag)
{
	int err = frag->nodes ? 0 : -EBADMSG;

	while (!err && frag->depth)
		err = fdt_frag_end_node(frag);
	if (err)
		return err;

	do
		err = fdt_end_node(frag->fdt);
	while (fdt_frag_grow(frag, &err));
	if (err)
		return err;
	do
		err = fdt_finish(frag->fdt);
	while (fdt_frag_grow(frag, &err));
	if (err)
		return err;

	return fdt_frag_insert_late(frag);
}

int fdt_frag_top(const struct fdt_frag *frag)
{
	return fdt_first_subnode(frag->fdt, 0);
}

int fdt_frag_next_top(const struct fdt_frag *frag, int top)
{
	return fdt_next_subnode(frag->fdt, top);
}

/* A name in the tree: of a property, or of a child node. */
struct fdt_frag_name {
	int parent, depth; /* of the node that has it */
	bool is_property;
	const char *name;
	const void *value;
	int len;
};

/* List all names in the order of the tree, by one pass: each step of libfdt checks the
 * tree, which makes it expensive. The caller frees the list; NULL: no memory. */
static struct fdt_frag_name *fdt_frag_list_names(const struct fdt_frag *frag, size_t *n)
{
	/* A node has a name, and perhaps a property "name" that was added. */
	struct fdt_frag_name *list =
		calloc(frag->props + 2 * (size_t)frag->nodes, sizeof(*list));
	int path[DT_FRAG_DEPTH + 1], depth = 0, next = 0;
	uint32_t tag = FDT_NOP;

	*n = 0;
	while (list && tag != FDT_END) {
		int at = next;
		struct fdt_frag_name *name = &list[*n];

		tag = fdt_next_tag(frag->fdt, at, &next);
		if (tag == FDT_END_NODE)
			depth--;
		if ((tag == FDT_BEGIN_NODE && depth) || tag == FDT_PROP) {
			name->parent = path[depth - 1];
			name->depth = depth - 1;
			name->is_property = tag == FDT_PROP;
			++*n;
		}
		if (tag == FDT_PROP)
			name->value = fdt_getprop_by_offset(frag->fdt, at, &name->name,
							    &name->len);
		if (tag == FDT_BEGIN_NODE && depth)
			name->name = fdt_get_name(frag->fdt, at, NULL);
		if (tag == FDT_BEGIN_NODE)
			path[depth++] = at;
	}
	return list;
}

/* Sort by node, nodes first. */
static int fdt_frag_compare_names(const void *a, const void *b)
{
	const struct fdt_frag_name *x = a, *y = b;

	if (x->parent != y->parent)
		return x->parent - y->parent;
	if (x->is_property != y->is_property)
		return x->is_property - y->is_property;
	return strcmp(x->name, y->name);
}

/* Sort the list, and find two of one name. Return the reason, or NULL. */
static const char *fdt_frag_find_twins(struct fdt_frag_name *list, size_t n)
{
	qsort(list, n, sizeof(*list), fdt_frag_compare_names);
	for (size_t i = 1; i < n; i++)
		if (!fdt_frag_compare_names(&list[i - 1], &list[i]))
			return list[i].is_property ? "two properties of one name"
						   : "two nodes of one name";
	return NULL;
}

/* Read a property of one cell. Return false if it has another length. */
static bool fdt_frag_cell(const struct fdt_frag_name *property, uint32_t *cell)
{
	struct cursor c = cursor_of(property->value, (size_t)property->len);

	*cell = cursor_be32(&c);
	return !c.err && !cursor_left(&c);
}

/* Find the connector's own node. Return false if it is missing, or if a top node has
 * the index of another connector. A top node without index belongs to another one. */
static bool fdt_frag_find_own(struct fdt_frag *frag, const struct fdt_frag_name *list,
			      size_t n, uint32_t drc_index)
{
	uint32_t index;

	frag->own = -1;
	for (size_t i = 0; i < n; i++) {
		if (list[i].depth != 1 || !list[i].is_property ||
		    strcmp(list[i].name, "ibm,my-drc-index") != 0)
			continue;
		if (!fdt_frag_cell(&list[i], &index) || index != drc_index)
			return false;
		if (frag->own < 0 &&
		    !dt_name_is_controller(fdt_get_name(frag->fdt, list[i].parent, NULL)))
			frag->own = list[i].parent;
	}
	return frag->own >= 0;
}

/* Note what callers need to know about the nodes. */
static void fdt_frag_note(struct fdt_frag *frag, const struct fdt_frag_name *list,
			  size_t n)
{
	uint32_t cell;

	for (size_t i = 0; i < n; i++) {
		const struct fdt_frag_name *name = &list[i];

		if (name->parent != frag->own || !name->is_property ||
		    !fdt_frag_cell(name, &cell))
			continue;
		if (!strcmp(name->name, "class-code"))
			frag->class_code = cell;
		if (!strcmp(name->name, "ibm,multipath-partner-drc"))
			frag->partner = cell;
	}
}

int fdt_frag_check(struct fdt_frag *frag, uint32_t drc_index, const char **why)
{
	size_t n;
	struct fdt_frag_name *list = fdt_frag_list_names(frag, &n);

	if (!list)
		return -ENOMEM;
	*why = fdt_frag_find_twins(list, n);
	if (!*why && !fdt_frag_find_own(frag, list, n, drc_index))
		*why = "ibm,my-drc-index is not this connector's";
	if (!*why)
		fdt_frag_note(frag, list, n);
	free(list);
	return *why ? -EBADMSG : 0;
}

void fdt_walk_begin(struct fdt_walk *w, const void *fdt, int node)
{
	*w = (struct fdt_walk){ .fdt = fdt, .start = node, .next = node };
}

void fdt_walk_begin_all(struct fdt_walk *w, const void *fdt, int node)
{
	fdt_walk_begin(w, fdt, node);
	w->siblings = true;
}

/* Continue with the next top node after the end of one. Return false if it was the
 * last. */
static bool fdt_walk_sibling(struct fdt_walk *w, struct cc_item *item)
{
	int offset = w->next, behind;

	if (!w->siblings || fdt_next_tag(w->fdt, offset, &behind) != FDT_BEGIN_NODE)
		return false;
	w->next = behind;
	w->depth = 1;
	item->status = CC_SIBLING;
	item->name = fdt_get_name(w->fdt, offset, NULL);
	return true;
}

static void fdt_walk_again(struct fdt_walk *w)
{
	bool siblings = w->siblings;

	fdt_walk_begin(w, w->fdt, w->start);
	w->siblings = siblings;
}

static int fdt_walk_property(struct fdt_walk *w, int offset, struct cc_item *item)
{
	int len;

	item->status = CC_PROPERTY;
	item->value = fdt_getprop_by_offset(w->fdt, offset, &item->name, &len);
	item->len = (uint32_t)len;
	return item->value ? 0 : -EBADMSG;
}

int fdt_walk_next(struct fdt_walk *w, struct cc_item *item)
{
	*item = (struct cc_item){ .status = CC_COMPLETE };
	for (;;) {
		int offset = w->next;

		switch (fdt_next_tag(w->fdt, offset, &w->next)) {
		case FDT_BEGIN_NODE:
			w->depth++;
			item->status = CC_CHILD;
			item->name = fdt_get_name(w->fdt, offset, NULL);
			return item->name ? 0 : -EBADMSG;
		case FDT_PROP:
			return fdt_walk_property(w, offset, item);
		case FDT_END_NODE:
			if (--w->depth > 0)
				item->status = CC_PARENT;
			else if (!fdt_walk_sibling(w, item))
				fdt_walk_again(w);
			return 0;
		case FDT_NOP:
			continue;
		default:
			return -EBADMSG;
		}
	}
}
