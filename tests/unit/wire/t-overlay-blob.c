// SPDX-License-Identifier: GPL-2.0-or-later
/* A connector's addition or removal as a blob: libfdt reads the intended contents, and
 * its own overlay code makes the same tree. */
#include <libfdt.h>

#include "tests/unit/fakes/test.h"
#include "wire/overlay_blob.h"

#define PHB "/pci@800000020000000"

/* Words as in t-fdt-frag.c. */
static struct fdt_frag frag_of(const char *const *words)
{
	struct fdt_frag frag;

	assert_int_equal(fdt_frag_init(&frag), 0);
	for (; *words; words++) {
		const char *w = *words, *colon = strchr(w, ':');
		char name[300] = "";
		struct cc_item item = { .name = name };

		if (colon) {
			memcpy(name, w, (size_t)(colon - w));
			item.status = CC_PROPERTY;
			item.value = (const uint8_t *)colon + 1;
			item.len = (uint32_t)strlen(colon + 1);
		} else {
			item.status = *w == '>'	  ? CC_CHILD
				      : *w == '=' ? CC_SIBLING
						  : CC_PARENT;
			snprintf(name, sizeof(name), "%s", w + 1);
		}
		assert_int_equal(fdt_frag_add(&frag, &item), 0);
	}
	assert_int_equal(fdt_frag_finish(&frag), 0);
	return frag;
}

#define FRAG(...) frag_of((const char *const[]){ __VA_ARGS__, NULL })

static struct fdt_frag a_card(void)
{
	return FRAG(">ethernet@1", "reg:1234", ">port@0", "b:22", "empty:", "=port@1",
		    "<", "=interrupt-controller@2", "c:3");
}

/* Below the host bridge, all top nodes. Return their number. */
static size_t tops_of(const struct fdt_frag *frag, struct overlay_node *nodes,
		      char (*paths)[64])
{
	size_t n = 0;

	for (int top = fdt_frag_top(frag); top >= 0; top = fdt_frag_next_top(frag, top)) {
		snprintf(paths[n], sizeof(paths[n]), PHB "/%s",
			 fdt_get_name(frag->fdt, top, NULL));
		nodes[n] = (struct overlay_node){ .path = paths[n], .offset = top };
		n++;
	}
	return n;
}

static int blob_of(struct overlay_build *b, const struct fdt_frag *frag)
{
	struct overlay_node nodes[DT_FRAG_TOPS];
	char paths[DT_FRAG_TOPS][64];
	size_t n = tops_of(frag, nodes, paths);

	return overlay_blob_add(b, frag, nodes, n);
}

static const char *string_in(const void *fdt, const char *path, const char *name)
{
	int node = fdt_path_offset(fdt, path);

	assert_true(node >= 0);
	return fdt_getprop(fdt, node, name, NULL);
}

/* The nodes, with all below them, are the same, in the same order. */
static void assert_same_nodes(const void *a, int node_a, const void *b, int node_b)
{
	int pa, pb, ca, cb;

	assert_string_equal(fdt_get_name(a, node_a, NULL), fdt_get_name(b, node_b, NULL));
	for (pa = fdt_first_property_offset(a, node_a),
	    pb = fdt_first_property_offset(b, node_b);
	     pa >= 0 && pb >= 0;
	     pa = fdt_next_property_offset(a, pa), pb = fdt_next_property_offset(b, pb)) {
		const char *name_a, *name_b;
		int len_a, len_b;
		const void *va = fdt_getprop_by_offset(a, pa, &name_a, &len_a);
		const void *vb = fdt_getprop_by_offset(b, pb, &name_b, &len_b);

		assert_string_equal(name_a, name_b);
		assert_int_equal(len_a, len_b);
		assert_memory_equal(va, vb, (size_t)len_a);
	}
	assert_true(pa < 0 && pb < 0);
	for (ca = fdt_first_subnode(a, node_a), cb = fdt_first_subnode(b, node_b);
	     ca >= 0 && cb >= 0;
	     ca = fdt_next_subnode(a, ca), cb = fdt_next_subnode(b, cb))
		assert_same_nodes(a, ca, b, cb);
	assert_true(ca < 0 && cb < 0);
}

/* Behaviours: ov-blob */
TEST(all_of_a_fragment_is_one_change)
{
	struct fdt_frag frag = a_card();
	struct overlay_build b;
	struct overlay o;
	struct overlay_fragment f;
	int at = 0, top, node;

	assert_int_equal(blob_of(&b, &frag), 0);
	assert_int_equal(fdt_check_full(b.fdt, b.size), 0);
	assert_int_equal(fdt_totalsize(b.fdt), b.size);
	assert_string_equal(string_in(b.fdt, "/fragment@0", "target-path"), PHB);
	assert_string_equal(string_in(b.fdt, "/fragment@0", "papr,op"), "add");
	assert_memory_equal(string_in(b.fdt, "/", "papr,flags"), "\0\0\0\2", 4);
	assert_null(string_in(b.fdt, "/", "papr,overlay-id"));

	assert_int_equal(overlay_decode(&o, b.fdt, b.size), 0);
	assert_int_equal(o.flags, OVERLAY_TRANSIENT);
	assert_null(o.id);
	assert_int_equal(overlay_next(&o, &at, &f), 1);
	assert_int_equal(f.op, OVERLAY_ADD);
	node = fdt_first_subnode(o.fdt, f.content);
	for (top = fdt_frag_top(&frag); top >= 0; top = fdt_frag_next_top(&frag, top)) {
		assert_true(node >= 0);
		assert_same_nodes(o.fdt, node, frag.fdt, top);
		node = fdt_next_subnode(o.fdt, node);
	}
	assert_true(node < 0);
	assert_int_equal(overlay_next(&o, &at, &f), 0);
	overlay_build_free(&b);
	fdt_frag_free(&frag);
}

/* libfdt puts the last node first.
 * Behaviours: ov-blob-libfdt */
TEST(libfdt_makes_the_same_tree_of_it)
{
	static uint8_t tree[16384];
	struct fdt_frag frag = a_card();
	struct overlay_build b;
	int phb, top, n = 0;

	assert_int_equal(fdt_create_empty_tree(tree, sizeof(tree)), 0);
	phb = fdt_add_subnode(tree, 0, &PHB[1]);
	assert_true(phb >= 0);
	assert_int_equal(blob_of(&b, &frag), 0);
	assert_int_equal(fdt_overlay_apply(tree, b.fdt), 0);
	phb = fdt_path_offset(tree, PHB);
	for (top = fdt_frag_top(&frag); top >= 0; top = fdt_frag_next_top(&frag, top)) {
		int node =
			fdt_subnode_offset(tree, phb, fdt_get_name(frag.fdt, top, NULL));

		assert_true(node >= 0);
		assert_non_null(fdt_getprop(tree, node, "name", NULL));
		n++;
	}
	assert_int_equal(n, 2);
	assert_memory_equal(string_in(tree, PHB "/ethernet@1/port@0", "b"), "22", 2);
	assert_true(fdt_path_offset(tree, PHB "/ethernet@1/port@1") >= 0);
	overlay_build_free(&b);
	fdt_frag_free(&frag);
}

/* Parts of it exist already. */
TEST(parts_of_it_for_each_parent)
{
	struct fdt_frag frag = a_card();
	char port0[] = PHB "/ethernet@1/port@0", port1[] = PHB "/ethernet@1/port@1",
	     controller[] = PHB "/interrupt-controller@2";
	struct overlay_node nodes[] = {
		{ port0, fdt_path_offset(frag.fdt, "/ethernet@1/port@0") },
		{ port1, fdt_path_offset(frag.fdt, "/ethernet@1/port@1") },
		{ controller, fdt_path_offset(frag.fdt, "/interrupt-controller@2") },
	};
	struct overlay_build b;
	struct overlay o;
	struct overlay_fragment f;
	int at = 0;

	assert_int_equal(overlay_blob_add(&b, &frag, nodes, COUNT(nodes)), 0);
	assert_int_equal(overlay_decode(&o, b.fdt, b.size), 0);
	assert_int_equal(o.fragments, 2);
	assert_int_equal(overlay_next(&o, &at, &f), 1);
	assert_string_equal(f.path, PHB "/ethernet@1");
	assert_true(fdt_subnode_offset(o.fdt, f.content, "port@1") > 0);
	assert_int_equal(overlay_next(&o, &at, &f), 1);
	assert_string_equal(f.path, PHB);
	assert_true(fdt_subnode_offset(o.fdt, f.content, "interrupt-controller@2") > 0);
	overlay_build_free(&b);
	fdt_frag_free(&frag);
}

TEST(host_bridge_is_below_the_root)
{
	struct fdt_frag frag = FRAG(">pci@1", "reg:1");
	char path[] = "/pci@1";
	struct overlay_node node = { path, fdt_frag_top(&frag) };
	struct overlay_build b;

	assert_int_equal(overlay_blob_add(&b, &frag, &node, 1), 0);
	assert_string_equal(string_in(b.fdt, "/fragment@0", "target-path"), "/");
	overlay_build_free(&b);
	fdt_frag_free(&frag);
}

TEST(nodes_that_go)
{
	static const char *const nodes[] = { PHB, "/interrupt-controller@1" };
	struct overlay_build b;
	struct overlay o;
	struct overlay_fragment f;
	int at = 0;

	assert_int_equal(overlay_blob_remove(&b, nodes, COUNT(nodes)), 0);
	assert_int_equal(fdt_check_full(b.fdt, b.size), 0);
	assert_string_equal(string_in(b.fdt, "/fragment@1", "papr,op"), "remove-node");
	assert_int_equal(overlay_decode(&o, b.fdt, b.size), 0);
	assert_int_equal(o.flags, OVERLAY_TRANSIENT);
	for (size_t i = 0; i < COUNT(nodes); i++) {
		assert_int_equal(overlay_next(&o, &at, &f), 1);
		assert_int_equal(f.op, OVERLAY_REMOVE_NODE);
		assert_string_equal(f.path, nodes[i]);
		assert_int_equal(f.content, -1);
	}
	assert_int_equal(overlay_next(&o, &at, &f), 0);
	overlay_build_free(&b);
}

static int removal_of(const char *path, size_t n)
{
	const char *nodes[OVERLAY_FRAGMENTS_MAX + 1];
	struct overlay_build b;
	int err;

	for (size_t i = 0; i < n; i++)
		nodes[i] = path;
	err = overlay_blob_remove(&b, nodes, n);
	overlay_build_free(&b);
	return err;
}

static int addition_at(char *path, size_t n)
{
	struct fdt_frag frag = FRAG(">a", "b:1");
	struct overlay_node nodes[2] = { { path, fdt_frag_top(&frag) },
					 { path, fdt_frag_top(&frag) } };
	struct overlay_build b;
	int err = overlay_blob_add(&b, &frag, nodes, n);

	overlay_build_free(&b);
	fdt_frag_free(&frag);
	return err;
}

/* A property of so many bytes. */
static int addition_of(size_t bytes)
{
	struct fdt_frag frag;
	char path[] = "/a";
	struct overlay_node node = { path, 0 };
	struct cc_item child = { .status = CC_CHILD, .name = "a" };
	struct cc_item prop = { .status = CC_PROPERTY, .name = "p" };
	struct overlay_build b;
	uint8_t *value = calloc(1, bytes);
	int err;

	assert_non_null(value);
	prop.value = value;
	prop.len = (uint32_t)bytes;
	assert_int_equal(fdt_frag_init(&frag), 0);
	assert_int_equal(fdt_frag_add(&frag, &child), 0);
	assert_int_equal(fdt_frag_add(&frag, &prop), 0);
	assert_int_equal(fdt_frag_finish(&frag), 0);
	node.offset = fdt_frag_top(&frag);
	err = overlay_blob_add(&b, &frag, &node, 1);
	overlay_build_free(&b);
	fdt_frag_free(&frag);
	free(value);
	return err;
}

/* Behaviours: ov-blob-limits */
TEST(limits)
{
	char good[] = "/a", nested[] = "/x/a", none[] = "", relative[] = "a",
	     blank[] = "/x y/a", up[] = "/../a";

	assert_int_equal(removal_of("/a", 1), 0);
	assert_int_equal(removal_of("/a", 0), -EINVAL);
	assert_int_equal(removal_of("/", 1), -EINVAL);
	assert_int_equal(removal_of("", 1), -EINVAL);
	assert_int_equal(removal_of("a", 1), -EINVAL);
	assert_int_equal(removal_of("/a/", 1), -EINVAL);
	assert_int_equal(removal_of("/a", OVERLAY_FRAGMENTS_MAX), 0);
	assert_int_equal(removal_of("/a", OVERLAY_FRAGMENTS_MAX + 1), -E2BIG);

	assert_int_equal(addition_at(good, 1), 0);
	assert_int_equal(addition_at(good, 0), -EINVAL);
	assert_int_equal(addition_at(nested, 1), 0);
	assert_int_equal(addition_at(none, 1), -EINVAL);
	assert_int_equal(addition_at(relative, 1), -EINVAL);
	assert_int_equal(addition_at(blank, 1), -EINVAL);
	assert_int_equal(addition_at(up, 1), -EINVAL);

	assert_int_equal(addition_of(1000000), 0);
	assert_int_equal(addition_of(DT_FRAG_BYTES - 200), -EFBIG);
}
