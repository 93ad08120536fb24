// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configurations as fragments: every order that firmware may choose, and invalid trees.
 */
#include <libfdt.h>

#include "tests/unit/fakes/test.h"
#include "wire/fdt_check.h"
#include "wire/fdt_frag.h"

/* A configuration as a list of words: ">name" child, "=name" sibling, "<" parent,
 * "name:value" a property with its value as text, "." complete. */
static int build(struct fdt_frag *frag, const char *const *words)
{
	int err = fdt_frag_init(frag);

	for (; !err && *words; words++) {
		const char *w = *words, *colon = strchr(w, ':');
		char name[300] = "";
		struct cc_item item = { .name = name };

		if (*w == '.')
			return fdt_frag_finish(frag);
		if (colon) {
			memcpy(name, w, (size_t)(colon - w));
			name[colon - w] = '\0';
			item.status = CC_PROPERTY;
			item.value = (const uint8_t *)colon + 1;
			item.len = (uint32_t)strlen(colon + 1);
		} else {
			item.status = *w == '>'	  ? CC_CHILD
				      : *w == '=' ? CC_SIBLING
						  : CC_PARENT;
			snprintf(name, sizeof(name), "%s", w + 1);
		}
		err = fdt_frag_add(frag, &item);
	}
	return err;
}

#define WALK(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void assert_value(const struct fdt_frag *frag, const char *path, const char *name,
			 const char *value)
{
	int len, node = fdt_path_offset(frag->fdt, path);
	const char *got;

	assert_true(node >= 0);
	got = fdt_getprop(frag->fdt, node, name, &len);
	assert_non_null(got);
	assert_int_equal(len, strlen(value));
	assert_memory_equal(got, value, (size_t)len);
}

/* Names of the child nodes in order, each followed by a blank. */
static void assert_children(const struct fdt_frag *frag, const char *path,
			    const char *names)
{
	int child, node = fdt_path_offset(frag->fdt, path);
	char got[256] = "";

	assert_true(node >= 0);
	fdt_for_each_subnode(child, frag->fdt, node) {
		strncat(got, fdt_get_name(frag->fdt, child, NULL),
			sizeof(got) - strlen(got) - 1);
		strncat(got, " ", sizeof(got) - strlen(got) - 1);
	}
	assert_string_equal(got, names);
}

TEST(one_node)
{
	struct fdt_frag frag;

	assert_int_equal(build(&frag, WALK(">ethernet@1", "reg:abcd", "empty:", ".")), 0);
	assert_int_equal(fdt_check_full(frag.fdt, fdt_totalsize(frag.fdt)), 0);
	assert_children(&frag, "/", "ethernet@1 ");
	assert_value(&frag, "/ethernet@1", "reg", "abcd");
	assert_value(&frag, "/ethernet@1", "empty", "");
	fdt_frag_free(&frag);
}

TEST(siblings_arrive_either_way)
{
	static const char *const as_children[] = { ">pci@6", "a:1", ">n@2", "b:2", "<",
						   ">n@3",   "c:3", "<",    ".",   NULL };
	static const char *const as_siblings[] = { ">pci@6", "a:1", ">n@2", "b:2", "=n@3",
						   "c:3",    "<",   ".",    NULL };
	const char *const *const walks[] = { as_children, as_siblings };

	for (size_t i = 0; i < COUNT(walks); i++) {
		struct fdt_frag frag;

		assert_int_equal(build(&frag, walks[i]), 0);
		assert_children(&frag, "/pci@6", "n@2 n@3 ");
		assert_value(&frag, "/pci@6", "a", "1");
		assert_value(&frag, "/pci@6/n@2", "b", "2");
		assert_value(&frag, "/pci@6/n@3", "c", "3");
		fdt_frag_free(&frag);
	}
}

TEST(properties_behind_a_child_are_kept)
{
	struct fdt_frag frag;

	assert_int_equal(
		build(&frag, WALK(">top", "a:1", ">x", "b:2", ">deep", "<", "late2:L",
				  "<", "late:M", ">y", "c:3", "<", "later:N", ".")),
		0);
	assert_int_equal(fdt_check_full(frag.fdt, fdt_totalsize(frag.fdt)), 0);
	assert_children(&frag, "/top", "x y ");
	assert_value(&frag, "/top", "late", "M");
	assert_value(&frag, "/top", "later", "N");
	assert_value(&frag, "/top/x", "late2", "L");
	assert_value(&frag, "/top/y", "c", "3");
	fdt_frag_free(&frag);
}

TEST(a_name_is_made_up_where_there_is_none)
{
	struct fdt_frag frag;

	assert_int_equal(build(&frag, WALK(">ethernet@1,2", "reg:x", ">phy", "name:PHY",
					   "<", ".")),
			 0);
	int node = fdt_path_offset(frag.fdt, "/ethernet@1,2");
	int len;
	const char *name = fdt_getprop(frag.fdt, node, "name", &len);

	assert_int_equal(len, sizeof("ethernet"));
	assert_string_equal(name, "ethernet");
	assert_value(&frag, "/ethernet@1,2/phy", "name", "PHY");
	fdt_frag_free(&frag);
}

/* Behaviours: io-walk-order */
TEST(what_makes_no_tree)
{
	const char *const *const walks[] = {
		WALK("reg:x"),		  /* property before a node */
		WALK("=first"),		  /* sibling without a node */
		WALK("<"),		  /* parent without a node */
		WALK(">a", "<", "<"),	  /* above the top */
		WALK(">a", "<", ">b"),	  /* child above the top */
		WALK(">a", "<", "reg:x"), /* property above the top */
		WALK("."),		  /* no node */
		WALK(">"),
		WALK(">.."),
		WALK(">a/b"),
		WALK(">a b"),
		WALK(">a\x01"),
		WALK(">a\xff"),
		WALK(">a", "x/y:1"),
		WALK(">a", "x y:1"),
		WALK(">a", ":1"),
	};

	for (size_t i = 0; i < COUNT(walks); i++) {
		struct fdt_frag frag;

		assert_int_equal(build(&frag, walks[i]), -EBADMSG);
		fdt_frag_free(&frag);
	}
}

/* Behaviours: io-walk-limits */
TEST(limits_hold)
{
	const struct cc_item child = { .status = CC_CHILD, .name = "n" };
	const struct cc_item sibling = { .status = CC_SIBLING, .name = "s" };
	const struct cc_item parent = { .status = CC_PARENT };
	uint8_t *big = calloc(1, DT_FRAG_BYTES);
	const struct cc_item huge = { CC_PROPERTY, "big", big, DT_FRAG_BYTES };
	struct fdt_frag frag;
	int err = 0, n;

	fdt_frag_init(&frag);
	for (n = 0; !err; n++)
		err = fdt_frag_add(&frag, &child);
	assert_int_equal(err, -E2BIG);
	assert_int_equal(n - 1, DT_FRAG_DEPTH);
	fdt_frag_free(&frag);

	fdt_frag_init(&frag);
	assert_int_equal(fdt_frag_add(&frag, &child), 0);
	for (n = 1, err = 0; !err; n++) {
		char name[16];
		struct cc_item item = { .status = CC_CHILD, .name = name };

		snprintf(name, sizeof(name), "n@%d", n);
		err = fdt_frag_add(&frag, &item);
		if (!err)
			err = fdt_frag_add(&frag, &parent);
	}
	assert_int_equal(err, -E2BIG);
	assert_int_equal(n - 1, DT_FRAG_NODES);
	fdt_frag_free(&frag);

	fdt_frag_init(&frag);
	fdt_frag_add(&frag, &child);
	for (n = 1, err = 0; !err; n++)
		err = fdt_frag_add(&frag, &sibling);
	assert_int_equal(err, -E2BIG);
	assert_int_equal(n - 1, DT_FRAG_TOPS);
	fdt_frag_free(&frag);

	fdt_frag_init(&frag);
	fdt_frag_add(&frag, &child);
	assert_int_equal(fdt_frag_add(&frag, &huge), -E2BIG);
	fdt_frag_free(&frag);
	free(big);
}

TEST(any_length_grows_the_tree)
{
	uint8_t *value = malloc(300000);
	struct cc_item item = { .status = CC_CHILD, .name = "top@0" };
	struct fdt_frag frag;
	int len;

	memset(value, 0x5a, 300000);
	fdt_frag_init(&frag);
	assert_int_equal(fdt_frag_add(&frag, &item), 0);
	for (uint32_t i = 0; i < 300000; i += 99991) {
		char name[16];

		snprintf(name, sizeof(name), "p%u", i);
		item = (struct cc_item){ CC_PROPERTY, name, value, i };
		assert_int_equal(fdt_frag_add(&frag, &item), 0);
	}
	assert_int_equal(fdt_frag_finish(&frag), 0);
	assert_memory_equal(fdt_getprop(frag.fdt, fdt_frag_top(&frag), "p299973", &len),
			    value, 299973);
	assert_int_equal(len, 299973);
	fdt_frag_free(&frag);
	free(value);
}

TEST(check_refuses)
{
	const struct {
		const char *const *walk;
		const char *why;
	} rows[] = {
		{ WALK(">a", "ibm,my-drc-index:\x40\x01\x02\x03", "."), NULL },
		{ WALK(">a", "ibm,my-drc-index:\x40\x01\x02\x04", "."),
		  "ibm,my-drc-index is not this connector's" },
		{ WALK(">a", "ibm,my-drc-index:\x40\x01\x02", "."),
		  "ibm,my-drc-index is not this connector's" },
		{ WALK(">a", "x:1", "."), "ibm,my-drc-index is not this connector's" },
		/* a core and its caches; a controller first, and its host bridge */
		{ WALK(">a", "ibm,my-drc-index:\x40\x01\x02\x03", ">x", "<", "=b", "=c",
		       "."),
		  NULL },
		{ WALK(">interrupt-controller@1", "ibm,my-drc-index:\x40\x01\x02\x03",
		       "=a", "ibm,my-drc-index:\x40\x01\x02\x03", "."),
		  NULL },
		{ WALK(">interrupt-controller@1", "ibm,my-drc-index:\x40\x01\x02\x03",
		       "."),
		  "ibm,my-drc-index is not this connector's" },
		{ WALK(">a", "ibm,my-drc-index:\x40\x01\x02\x03", "=b",
		       "ibm,my-drc-index:\x40\x01\x02\x04", "."),
		  "ibm,my-drc-index is not this connector's" },
		{ WALK(">a", "ibm,my-drc-index:\x40\x01\x02\x03", "=b",
		       "ibm,my-drc-index:\x40", "."),
		  "ibm,my-drc-index is not this connector's" },
		{ WALK(">a", "ibm,my-drc-index:\x40\x01\x02\x03", "=a", "."),
		  "two nodes of one name" },
		{ WALK(">a", "ibm,my-drc-index:\x40\x01\x02\x03", ">n", "<", ">n", "."),
		  "two nodes of one name" },
		{ WALK(">a", "ibm,my-drc-index:\x40\x01\x02\x03", "x:1", "x:1", "."),
		  "two properties of one name" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fdt_frag frag;
		const char *why;

		assert_int_equal(build(&frag, rows[i].walk), 0);
		assert_int_equal(fdt_frag_check(&frag, 0x40010203, &why),
				 rows[i].why ? -EBADMSG : 0);
		if (rows[i].why)
			assert_string_equal(why, rows[i].why);
		fdt_frag_free(&frag);
	}
}

/* The nodes in their order, and the connector's node. */
TEST(top_nodes)
{
	static const char *const names[] = { "interrupt-controller@1", "pci@1", "x" };
	struct fdt_frag frag;
	const char *why;
	size_t n = 0;
	int top;

	assert_int_equal(build(&frag, WALK(">interrupt-controller@1",
					   "ibm,my-drc-index:\x40\x01\x02\x03", "=pci@1",
					   "ibm,my-drc-index:\x40\x01\x02\x03", ">n@2",
					   "<", "=x", ".")),
			 0);
	for (top = fdt_frag_top(&frag); top >= 0; top = fdt_frag_next_top(&frag, top))
		assert_string_equal(fdt_get_name(frag.fdt, top, NULL), names[n++]);
	assert_int_equal(n, COUNT(names));
	assert_int_equal(fdt_frag_check(&frag, 0x40010203, &why), 0);
	assert_string_equal(fdt_get_name(frag.fdt, frag.own, NULL), "pci@1");
	assert_int_equal(fdt_frag_check(&frag, 0x40010204, &why), -EBADMSG);
	fdt_frag_free(&frag);
}

/* A fragment that firmware's half sends and the client's half builds is the same. */
static void assert_walk(const struct fdt_frag *frag, struct fdt_walk *w)
{
	struct fdt_frag again;
	struct cc_item item;
	uint8_t area[CC_PAGE_BYTES];

	/* a complete walk is followed by a new one */
	for (int round = 0; round < 2; round++) {
		fdt_frag_init(&again);
		for (;;) {
			assert_int_equal(fdt_walk_next(w, &item), 0);
			workarea_start(area, 1);
			assert_int_equal(workarea_encode(area, sizeof(area), &item), 0);
			assert_int_equal(
				workarea_decode(&item, item.status, area, sizeof(area)),
				0);
			if (item.status == CC_COMPLETE)
				break;
			assert_int_equal(fdt_frag_add(&again, &item), 0);
		}
		assert_int_equal(fdt_frag_finish(&again), 0);
		assert_int_equal(fdt_totalsize(again.fdt), fdt_totalsize(frag->fdt));
		assert_memory_equal(again.fdt, frag->fdt, fdt_totalsize(frag->fdt));
		fdt_frag_free(&again);
	}
}

TEST(walk_of_a_fragment_builds_it_again)
{
	struct fdt_frag frag;
	struct fdt_walk w;

	assert_int_equal(build(&frag, WALK(">pci@6", "a:1", "empty:", ">n@2", "b:2", ">x",
					   "<", "<", ">n@3", "c:3", "<", ".")),
			 0);
	fdt_walk_begin(&w, frag.fdt, fdt_frag_top(&frag));
	assert_walk(&frag, &w);
	fdt_walk_begin_all(&w, frag.fdt, fdt_frag_top(&frag));
	assert_walk(&frag, &w);
	fdt_frag_free(&frag);
}

/* A core and its caches: all of them, or the first alone. */
TEST(walk_goes_on_with_siblings)
{
	struct fdt_frag frag;
	struct fdt_walk w;
	struct cc_item item;
	int nodes = 0;

	assert_int_equal(build(&frag, WALK(">cpu@0", "a:1", ">x", "<", "=l2@2", "b:2",
					   "=l3@3", ".")),
			 0);
	fdt_walk_begin_all(&w, frag.fdt, fdt_frag_top(&frag));
	assert_walk(&frag, &w);
	fdt_walk_begin(&w, frag.fdt, fdt_frag_top(&frag));
	do {
		assert_int_equal(fdt_walk_next(&w, &item), 0);
		nodes += item.status == CC_CHILD;
		assert_int_not_equal(item.status, CC_SIBLING);
	} while (item.status != CC_COMPLETE);
	assert_int_equal(nodes, 2);
	fdt_frag_free(&frag);
}

/* Put FDT_NOP into the structure of an empty tree, and check it. */
static int check_with_nop(int at)
{
	uint8_t tree[256] __attribute__((aligned(8))), *structure;
	int size;

	assert_int_equal(fdt_create_empty_tree(tree, sizeof(tree)), 0);
	structure = tree + fdt_off_dt_struct(tree);
	size = (int)fdt_size_dt_struct(tree);
	memmove(structure + at + 4, structure + at, (size_t)(size - at));
	memcpy(structure + at, "\0\0\0\4", 4);
	fdt_set_size_dt_struct(tree, (uint32_t)size + 4);
	fdt_set_off_dt_strings(tree, fdt_off_dt_strings(tree) + 4);
	return fdt_check(tree, sizeof(tree));
}

TEST(no_operation)
{
	assert_int_equal(check_with_nop(0), 0);
	assert_int_equal(check_with_nop(8), 0);
	assert_int_equal(check_with_nop(12), -FDT_ERR_BADSTRUCTURE); /* after the root */
}
