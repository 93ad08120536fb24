// SPDX-License-Identifier: GPL-2.0
/*
 * Check that a blob is a sound tree, and make nodes of it. The kernel's own reader of
 * flattened trees trusts its input, and other code reads the live tree for years. So this
 * file finds every error in one walk that trusts nothing.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/stringhash.h>

#include "overlay.h"

#define MAGIC	      0xd00dfeedU
#define VERSION	      17
#define HEADER_BYTES  40
#define RESERVE_BYTES 16

#define TAG_BEGIN_NODE 1
#define TAG_END_NODE   2
#define TAG_PROP       3
#define TAG_NOP	       4
#define TAG_END	       9

#define DEPTH_OVERLAY 3 /* root, fragment, "__overlay__" */
/* "__local_fixups__" repeats the whole tree one level lower. */
#define DEPTH_MAX    (1 + DEPTH_OVERLAY + OVERLAY_DEPTH_MAX)
#define NAME_OF_NODE 0x8000U

/* Offsets of words in the header. */
enum {
	TOTAL = 4,
	STRUCTURE = 8,
	STRINGS = 12,
	RESERVED = 16,
	IS_VERSION = 20,
	LAST_COMP = 24,
	STRINGS_BYTES = 32,
	STRUCTURE_BYTES = 36
};

struct walk {
	struct reason *reason;
	const u8 *bytes; /* of the structure */
	u32 size, at;
	const char *strings;
	u32 strings_size;
	struct device_node *nodes, *np; /* np: the open node; NULL: outside the root */
	struct property *props;
	unsigned int all_nodes, content_nodes, all_props;
	int depth;
	bool is_content;   /* below "__overlay__" */
	bool behind_child; /* properties are no longer allowed */
	/* A hash table of the names: numbers of properties from 1, and of nodes */
	u16 *names;
	u32 mask;
	unsigned long seed;
};

int blob_size(const void *head, size_t max, size_t *size, struct reason *reason)
{
	u32 total = be32_to_cpup(head + TOTAL);

	if (be32_to_cpup(head) != MAGIC || total < HEADER_BYTES)
		return refuse(reason, -EINVAL, "blob: not a flattened device tree");
	if (total > max)
		return refuse(reason, -EFBIG, "blob: %u bytes, the limit is %zu", total,
			      max);
	*size = total;
	return 0;
}

/* Return the bytes of the list of reserved memory, or 0 if it does not end within the
 * blob. */
static u32 blob_reserved_bytes(const void *blob, u32 begin, size_t len)
{
	u32 at = begin;

	for (; at <= len && len - at >= RESERVE_BYTES; at += RESERVE_BYTES)
		if (!memchr_inv(blob + at + 8, 0, 8))
			return at + RESERVE_BYTES - begin;
	return 0;
}

/* Return true if each block is within the blob, and no two overlap. */
static bool blob_blocks_are_ok(const u32 at[], const u32 bytes[], int n, size_t len)
{
	int i, j;

	for (i = 0; i < n; i++) {
		if (at[i] > len || bytes[i] > len - at[i])
			return false;
		for (j = 0; j < i; j++)
			if (max(at[i], at[j]) < min(at[i] + bytes[i], at[j] + bytes[j]))
				return false;
	}
	return true;
}

static int blob_check_header(struct walk *w, const void *blob, size_t len)
{
	u32 reserved = be32_to_cpup(blob + RESERVED);
	u32 at[] = { 0, reserved, be32_to_cpup(blob + STRUCTURE),
		     be32_to_cpup(blob + STRINGS) };
	u32 bytes[] = { HEADER_BYTES, blob_reserved_bytes(blob, reserved, len),
			be32_to_cpup(blob + STRUCTURE_BYTES),
			be32_to_cpup(blob + STRINGS_BYTES) };

	if (be32_to_cpup(blob + IS_VERSION) < VERSION ||
	    be32_to_cpup(blob + LAST_COMP) > VERSION || reserved % 8 || !bytes[1] ||
	    at[2] % 4 || !blob_blocks_are_ok(at, bytes, ARRAY_SIZE(at), len))
		return refuse(w->reason, -EINVAL, "blob: damaged header");
	w->bytes = blob + at[2];
	w->size = bytes[2];
	w->strings = blob + at[3];
	w->strings_size = bytes[3];
	return 0;
}

/* Take bytes and their padding to a full word. Return NULL if fewer bytes remain. */
static const void *blob_read(struct walk *w, u32 bytes)
{
	const void *taken = w->bytes + w->at;

	if (bytes > w->size - w->at)
		return NULL;
	/* w->size is at most OVERLAY_BYTES_MAX: nothing wraps. */
	w->at = min_t(u32, w->at + ALIGN(bytes, 4), w->size);
	return taken;
}

static int blob_read_word(struct walk *w, u32 *word)
{
	const void *taken = blob_read(w, 4);

	if (!taken)
		return -EINVAL;
	*word = be32_to_cpup(taken);
	return 0;
}

/* Return the length of a name that is valid in /proc/device-tree, or 0. */
static size_t blob_name_len(const char *name, size_t room)
{
	const char *c = name, *end = name + min_t(size_t, room, NAME_MAX + 1);

	while (c < end && (u8)(*c - '!') <= '~' - '!' && *c != '/')
		c++;
	if (c == end || *c || !strcmp(name, ".") || !strcmp(name, ".."))
		return 0;
	return c - name;
}

/* Return true if this number, of a property or child of the open node, has the name. Its
 * properties are the last ones. */
static bool blob_is_name(const struct walk *w, u16 number, const char *name)
{
	const struct device_node *np = &w->nodes[number & ~NAME_OF_NODE];
	const struct property *own = w->np->properties;

	if (number & NAME_OF_NODE)
		return np->parent == w->np && !strcmp(np->full_name, name);
	return own && number > own - w->props && !strcmp(w->props[number - 1].name, name);
}

/* Note a name of a property or child of the open node. Return false if it has another of
 * this name. */
static bool blob_note_name(struct walk *w, u16 number, const char *name, size_t len)
{
	u32 i = full_name_hash((void *)(w->seed + (w->np - w->nodes)), name, len);
	u16 *slot;

	for (slot = &w->names[i & w->mask]; *slot; slot = &w->names[++i & w->mask])
		if (!((*slot ^ number) & NAME_OF_NODE) && blob_is_name(w, *slot, name))
			return false;
	*slot = number;
	return true;
}

static int blob_begin_node(struct walk *w)
{
	struct device_node *np = &w->nodes[w->all_nodes];
	const char *name = (const char *)w->bytes + w->at;
	size_t len = blob_name_len(name, w->size - w->at);

	if (!blob_read(w, len + 1))
		return -EINVAL;
	if (w->depth ? !len : *name != '\0')
		return refuse(w->reason, -EINVAL, "blob: invalid name of a node");
	if (w->depth < DEPTH_OVERLAY)
		w->is_content =
			w->depth == DEPTH_OVERLAY - 1 && !strcmp(name, "__overlay__");
	if (w->all_nodes == OVERLAY_ALL_NODES_MAX ||
	    (w->is_content && w->depth >= DEPTH_OVERLAY &&
	     ++w->content_nodes > OVERLAY_NODES_MAX))
		return refuse(w->reason, -E2BIG, "blob: too many nodes");
	if (w->depth == DEPTH_MAX ||
	    (w->is_content && w->depth == DEPTH_OVERLAY + OVERLAY_DEPTH_MAX))
		return refuse(w->reason, -E2BIG, "blob: too many levels of nodes");
	if (w->np && !blob_note_name(w, NAME_OF_NODE | w->all_nodes, name, len))
		return refuse(w->reason, -EINVAL, "blob: two nodes of one name");
	np->full_name = name;
	np->parent = w->np;
	w->np = np;
	w->all_nodes++;
	w->depth++;
	w->behind_child = false;
	return 0;
}

static int blob_end_node(struct walk *w)
{
	if (!w->depth)
		return -EINVAL;
	w->np = w->np->parent;
	w->depth--;
	w->behind_child = true;
	return 0;
}

/* Check the values of new nodes that the kernel reads without checking their length. */
static bool blob_value_is_ok(const char *name, const char *value, u32 len)
{
	if (!strcmp(name, "name"))
		return len && strnlen(value, len) == len - 1;
	return !property_is_handle(name) || len == 4;
}

static int blob_read_property(struct walk *w)
{
	struct property *prop = &w->props[w->all_props];
	const char *name, *value;
	u32 len, at;
	size_t name_len;

	if (w->behind_child)
		return refuse(w->reason, -EINVAL, "blob: a property after a child node");
	if (!w->depth || blob_read_word(w, &len) || blob_read_word(w, &at))
		return -EINVAL;
	value = blob_read(w, len);
	if (!value || at >= w->strings_size)
		return -EINVAL;
	name = w->strings + at;
	name_len = blob_name_len(name, w->strings_size - at);
	if (!name_len)
		return refuse(w->reason, -EINVAL, "blob: invalid name of a property");
	if (w->is_content && w->depth > DEPTH_OVERLAY &&
	    !blob_value_is_ok(name, value, len))
		return refuse(w->reason, -EINVAL, "blob: invalid value of %s", name);
	if (w->all_props == OVERLAY_PROPS_MAX)
		return refuse(w->reason, -E2BIG, "blob: too many properties");
	if (!blob_note_name(w, ++w->all_props, name, name_len))
		return refuse(w->reason, -EINVAL, "blob: two properties of one name");
	prop->name = (char *)name;
	prop->value = (void *)value;
	prop->length = len;
	if (w->np->properties)
		prop[-1].next = prop;
	else
		w->np->properties = prop;
	if (property_is_handle(name))
		w->np->phandle = node_handle(w->np);
	return 0;
}

static int blob_check_structure(struct walk *w)
{
	u32 tag;
	int err;

	do {
		if (blob_read_word(w, &tag))
			return -EINVAL;
		switch (tag) {
		case TAG_BEGIN_NODE:
			/* Only one root is allowed. */
			err = !w->depth && w->all_nodes ? -EINVAL : blob_begin_node(w);
			cond_resched();
			break;
		case TAG_END_NODE:
			err = blob_end_node(w);
			break;
		case TAG_PROP:
			err = blob_read_property(w);
			break;
		case TAG_NOP:
			err = 0;
			break;
		case TAG_END:
			return w->depth || !w->all_nodes ? -EINVAL : 0;
		default:
			return -EINVAL;
		}
	} while (!err);
	return err;
}

/* Link each node to its siblings, in the order of the blob. */
static void blob_link_nodes(struct walk *w)
{
	struct device_node *np;

	for (np = &w->nodes[w->all_nodes - 1]; np != w->nodes; np--) {
		np->sibling = np->parent->child;
		np->parent->child = np;
	}
}

/* Count the words that can begin a node or a property. */
static void blob_count(const struct walk *w, u32 *nodes, u32 *props)
{
	const __be32 *word = (const __be32 *)w->bytes, *end = word + w->size / 4;

	for (; word < end; word++)
		if (*word == cpu_to_be32(TAG_BEGIN_NODE))
			++*nodes;
		else if (*word == cpu_to_be32(TAG_PROP))
			++*props;
	*nodes = min(*nodes, OVERLAY_ALL_NODES_MAX + 1U);
	*props = min(*props, OVERLAY_PROPS_MAX + 1U);
}

int blob_unflatten(struct overlay *o, size_t len)
{
	struct walk w = { .reason = o->reason, .seed = get_random_long() };
	int err = blob_check_header(&w, o->blob, len);
	u32 nodes = 0, props = 0;

	if (err)
		return err;
	blob_count(&w, &nodes, &props);
	o->size = nodes + props;
	w.mask = roundup_pow_of_two(2 * o->size + 1) - 1;
	o->root = kvzalloc(nodes * sizeof(*w.nodes) + props * sizeof(*w.props) +
				   (w.mask + 1) * sizeof(*w.names),
			   GFP_KERNEL);
	if (!o->root)
		return -ENOMEM;
	w.nodes = o->root;
	w.props = (struct property *)(w.nodes + nodes);
	w.names = (u16 *)(w.props + props);
	err = blob_check_structure(&w);
	if (!err)
		blob_link_nodes(&w);
	return err ? refuse(o->reason, err, "blob: damaged structure") : 0;
}
