// SPDX-License-Identifier: GPL-2.0
/*
 * Check that a blob is a sound tree. The kernel's own reader of flattened trees trusts
 * its input, and other code reads the live tree for years. So this file finds every error
 * in one walk that trusts nothing.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

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
#define DEPTH_MAX      (1 + DEPTH_OVERLAY + OVERLAY_DEPTH_MAX)
#define NAME_BYTES_MAX 255

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

/* A name of a property or child, and its node. */
struct entry {
	const char *name;
	u32 node; /* its number in the walk */
	u32 is_prop;
};

struct walk {
	struct reason *reason;
	const u8 *bytes; /* of the structure */
	u32 size, at;
	const char *strings;
	u32 strings_size;
	int depth;
	u32 node[DEPTH_MAX]; /* number of the open node, by depth */
	bool is_content;     /* below "__overlay__" */
	bool behind_child;   /* properties are no longer allowed */
	unsigned int all_nodes, nodes, props;
	struct entry *entries;
	size_t count, room;
};

/* Read a word. Words of a blob may be unaligned. */
static u32 blob_word_at(const void *bytes)
{
	__be32 word;

	memcpy(&word, bytes, sizeof(word));
	return be32_to_cpu(word);
}

int blob_size(const void *head, size_t max, size_t *size, struct reason *reason)
{
	u32 total = blob_word_at(head + TOTAL);

	if (blob_word_at(head) != MAGIC || total < HEADER_BYTES)
		return refuse(reason, -EINVAL, "blob: not a flattened device tree");
	if (total > max)
		return refuse(reason, -EFBIG, "blob: %u bytes, the limit is %zu", total,
			      max);
	*size = total;
	return 0;
}

/* A part of a blob with one purpose. */
struct block {
	u32 at, bytes;
};

static bool blob_has_block(const struct block *block, size_t len)
{
	return block->at <= len && block->bytes <= len - block->at;
}

static bool blob_blocks_overlap(const struct block *a, const struct block *b)
{
	return max(a->at, b->at) < min(a->at + a->bytes, b->at + b->bytes);
}

/* Return the bytes of the list of reserved memory, or 0 if it does not end within the
 * blob. */
static u32 blob_reserved_bytes(const u8 *blob, u32 begin, size_t len)
{
	u32 at = begin;

	for (; at <= len && len - at >= RESERVE_BYTES; at += RESERVE_BYTES)
		if (!blob_word_at(blob + at + 8) && !blob_word_at(blob + at + 12))
			return at + RESERVE_BYTES - begin;
	return 0;
}

/* Blocks that overlap could change names after they were checked: resolving a reference
 * writes to values. */
static bool blob_blocks_are_ok(const struct block block[], int n, size_t len)
{
	int i, j;

	for (i = 0; i < n; i++) {
		if (!blob_has_block(&block[i], len))
			return false;
		for (j = 0; j < i; j++)
			if (blob_blocks_overlap(&block[i], &block[j]))
				return false;
	}
	return true;
}

static int blob_check_header(struct walk *w, const u8 *blob, size_t len)
{
	struct block block[] = {
		{ 0, HEADER_BYTES },
		{ blob_word_at(blob + RESERVED) },
		{ blob_word_at(blob + STRUCTURE), blob_word_at(blob + STRUCTURE_BYTES) },
		{ blob_word_at(blob + STRINGS), blob_word_at(blob + STRINGS_BYTES) },
	};

	block[1].bytes = blob_reserved_bytes(blob, block[1].at, len);
	if (blob_word_at(blob + IS_VERSION) < VERSION ||
	    blob_word_at(blob + LAST_COMP) > VERSION || block[1].at % 8 ||
	    !block[1].bytes || block[2].at % 4 ||
	    !blob_blocks_are_ok(block, ARRAY_SIZE(block), len))
		return refuse(w->reason, -EINVAL, "blob: damaged header");
	w->bytes = blob + block[2].at;
	w->size = block[2].bytes;
	w->strings = (const char *)blob + block[3].at;
	w->strings_size = block[3].bytes;
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
	*word = blob_word_at(taken);
	return 0;
}

/* Return true if the name is valid in /proc/device-tree. */
static bool blob_name_is_ok(const char *name)
{
	size_t len = strlen(name), i;

	if (!len || len > NAME_BYTES_MAX || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	for (i = 0; i < len; i++)
		if ((u8)name[i] <= ' ' || (u8)name[i] > '~' || name[i] == '/')
			return false;
	return true;
}

static void blob_add_entry(struct walk *w, const char *name, u32 node, bool is_prop)
{
	w->entries[w->count++] = (struct entry){ name, node, is_prop };
}

static int blob_begin_node(struct walk *w)
{
	const char *name = (const char *)w->bytes + w->at;
	size_t left = w->size - w->at, len = strnlen(name, left);

	if (len == left)
		return -EINVAL;
	blob_read(w, len + 1);
	if (w->depth ? !blob_name_is_ok(name) : *name != '\0')
		return refuse(w->reason, -EINVAL, "blob: invalid name of a node");
	if (w->depth < DEPTH_OVERLAY)
		w->is_content =
			w->depth == DEPTH_OVERLAY - 1 && !strcmp(name, "__overlay__");
	if (w->all_nodes == OVERLAY_ALL_NODES_MAX ||
	    (w->is_content && w->depth >= DEPTH_OVERLAY &&
	     ++w->nodes > OVERLAY_NODES_MAX))
		return refuse(w->reason, -E2BIG, "blob: too many nodes");
	if (w->depth == DEPTH_MAX ||
	    (w->is_content && w->depth == DEPTH_OVERLAY + OVERLAY_DEPTH_MAX))
		return refuse(w->reason, -E2BIG, "blob: too many levels of nodes");
	if (w->depth)
		blob_add_entry(w, name, w->node[w->depth - 1], false);
	w->node[w->depth++] = w->all_nodes++;
	w->behind_child = false;
	return 0;
}

static int blob_end_node(struct walk *w)
{
	if (!w->depth)
		return -EINVAL;
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
	const char *name, *value;
	u32 len, at;

	if (w->behind_child)
		return refuse(w->reason, -EINVAL, "blob: a property after a child node");
	if (!w->depth || blob_read_word(w, &len) || blob_read_word(w, &at))
		return -EINVAL;
	value = blob_read(w, len);
	if (!value || at >= w->strings_size)
		return -EINVAL;
	name = w->strings + at;
	if (strnlen(name, w->strings_size - at) == w->strings_size - at ||
	    !blob_name_is_ok(name))
		return refuse(w->reason, -EINVAL, "blob: invalid name of a property");
	if (w->is_content && w->depth > DEPTH_OVERLAY &&
	    !blob_value_is_ok(name, value, len))
		return refuse(w->reason, -EINVAL, "blob: invalid value of %s", name);
	if (++w->props > OVERLAY_PROPS_MAX)
		return refuse(w->reason, -E2BIG, "blob: too many properties");
	blob_add_entry(w, name, w->node[w->depth - 1], true);
	return 0;
}

static int blob_read_tag(struct walk *w, u32 tag)
{
	switch (tag) {
	case TAG_BEGIN_NODE:
		/* Only one root is allowed. */
		return !w->depth && w->all_nodes ? -EINVAL : blob_begin_node(w);
	case TAG_END_NODE:
		return blob_end_node(w);
	case TAG_PROP:
		return blob_read_property(w);
	case TAG_NOP:
		return 0;
	default:
		return -EINVAL;
	}
}

static int blob_check_structure(struct walk *w)
{
	u32 tag;
	int err;

	for (err = blob_read_word(w, &tag); !err && tag != TAG_END;
	     err = blob_read_word(w, &tag)) {
		err = blob_read_tag(w, tag);
		if (err)
			return err;
		cond_resched();
	}
	return err || w->depth || !w->all_nodes ? -EINVAL : 0;
}

static int blob_compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	if (x->is_prop != y->is_prop)
		return x->is_prop < y->is_prop ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Check that no node has two properties, or two children, of the same name. */
static int blob_check_twins(struct walk *w)
{
	size_t i;

	sort(w->entries, w->count, sizeof(*w->entries), blob_compare_entries, NULL);
	for (i = 1; i < w->count; i++)
		if (!blob_compare_entries(&w->entries[i - 1], &w->entries[i]))
			return refuse(w->reason, -EINVAL, "blob: two %s of one name",
				      w->entries[i].is_prop ? "properties" : "nodes");
	return 0;
}

int blob_check(const void *blob, size_t len, struct reason *reason)
{
	struct walk w = { .reason = reason };
	int err = blob_check_header(&w, blob, len);

	if (err)
		return err;
	/* A node needs at least two words, a property three. */
	w.room = min_t(size_t, w.size / 8 + 1, OVERLAY_ALL_NODES_MAX + OVERLAY_PROPS_MAX);
	w.entries = kvcalloc(w.room, sizeof(*w.entries), GFP_KERNEL);
	if (!w.entries)
		return -ENOMEM;
	err = blob_check_structure(&w);
	if (!err)
		err = blob_check_twins(&w);
	kvfree(w.entries);
	return err ? refuse(reason, err, "blob: damaged structure") : 0;
}
