// SPDX-License-Identifier: GPL-2.0-or-later
/* Blobs for /proc/device-tree-overlay: the builder's are accepted, wrong ones refused. */
#include <libfdt.h>

#include "tests/unit/fakes/test.h"
#include "wire/overlay.h"

static void begin(struct overlay_build *b)
{
	overlay_build_begin(b, "drc-40000010", OVERLAY_TRANSIENT, NULL);
	overlay_build_fragment(b, OVERLAY_ADD, "/pci@800000020000000", NULL, 0);
	overlay_build_node(b, "ethernet@2");
	overlay_build_property(b, "reg", "\0\0\x10", 4);
	overlay_build_property(b, "empty", NULL, 0);
	overlay_build_node(b, "mdio");
	overlay_build_node_end(b);
	overlay_build_node_end(b);
	overlay_build_fragment(b, OVERLAY_REMOVE_NODE, "/x", NULL, 0);
	overlay_build_fragment(b, OVERLAY_REMOVE_PROPERTIES, "/y", "a\0bc", 5);
	overlay_build_fragment(b, OVERLAY_MERGE, "/", NULL, 0);
	overlay_build_property(b, "big", "text", 5);
}

/* The handles of a blob without papr,format are renumbered. */
static void check_format_is_first(const struct overlay_build *b)
{
	const char *name;
	int len;
	const void *value = fdt_getprop_by_offset(
		b->fdt, fdt_first_property_offset(b->fdt, 0), &name, &len);

	assert_non_null(value);
	assert_string_equal(name, "papr,format");
	assert_int_equal(len, 4);
	assert_memory_equal(value, "\0\0\0\1", 4);
}

TEST(makes_and_understands)
{
	struct overlay_build b;
	struct overlay o;
	struct overlay_fragment f;
	size_t size;
	int at = 0;

	begin(&b);
	assert_int_equal(overlay_build_end(&b), 0);
	assert_int_equal(overlay_size(b.fdt, &size), 0);
	assert_int_equal(size, b.size);
	assert_int_equal(overlay_decode(&o, b.fdt, b.size), 0);
	check_format_is_first(&b);
	assert_string_equal(o.id, "drc-40000010");
	assert_null(o.revert);
	assert_int_equal(o.flags, OVERLAY_TRANSIENT);
	assert_int_equal(o.fragments, 4);

	assert_int_equal(overlay_next(&o, &at, &f), 1);
	assert_int_equal(f.op, OVERLAY_ADD);
	assert_string_equal(f.path, "/pci@800000020000000");
	assert_true(fdt_subnode_offset(o.fdt, f.content, "ethernet@2") > 0);
	assert_int_equal(overlay_next(&o, &at, &f), 1);
	assert_int_equal(f.op, OVERLAY_REMOVE_NODE);
	assert_int_equal(f.content, -1);
	assert_int_equal(overlay_next(&o, &at, &f), 1);
	assert_int_equal(f.op, OVERLAY_REMOVE_PROPERTIES);
	assert_int_equal(f.names_len, 5);
	assert_memory_equal(f.names, "a\0bc", 5);
	assert_int_equal(overlay_next(&o, &at, &f), 1);
	assert_int_equal(f.op, OVERLAY_MERGE);
	assert_string_equal(f.path, "/");
	assert_int_equal(overlay_next(&o, &at, &f), 0);
	overlay_build_free(&b);
}

TEST(commands)
{
	struct overlay_build b;
	struct overlay o;

	overlay_build_begin(&b, NULL, 0, "#7");
	assert_int_equal(overlay_build_end(&b), 0);
	assert_int_equal(overlay_decode(&o, b.fdt, b.size), 0);
	assert_string_equal(o.revert, "#7");
	assert_int_equal(o.fragments, 0);
	overlay_build_free(&b);

	overlay_build_begin(&b, NULL, 0, NULL); /* an empty blob */
	assert_int_equal(overlay_build_end(&b), 0);
	assert_int_equal(overlay_decode(&o, b.fdt, b.size), -EINVAL);
	overlay_build_free(&b);

	overlay_build_begin(&b, NULL, 0, "x"); /* both */
	overlay_build_fragment(&b, OVERLAY_REMOVE_NODE, "/x", NULL, 0);
	assert_int_equal(overlay_build_end(&b), 0);
	assert_int_equal(overlay_decode(&o, b.fdt, b.size), -EINVAL);
	overlay_build_free(&b);
}

/* A tree given as node paths and properties: "/a/b" or "/a/b:name=value". */
static int decode_text(const char *const *lines)
{
	static uint8_t blob[8192];
	struct overlay o;
	void *copy;
	int err;

	assert_int_equal(fdt_create_empty_tree(blob, sizeof(blob)), 0);
	for (; *lines; lines++) {
		char path[512], name[64], *slash, *colon, *value = NULL;
		int parent, node;
		size_t len = 0;

		snprintf(path, sizeof(path), "%s", *lines);
		colon = strchr(path, ':');
		if (colon) {
			*colon++ = '\0';
			value = strchr(colon, '=');
			*value++ = '\0';
			len = strlen(value) + 1;
		}
		slash = strrchr(path, '/');
		snprintf(name, sizeof(name), "%s", slash + 1);
		node = fdt_path_offset(blob, path);
		*slash = '\0';
		parent = fdt_path_offset(blob, *path ? path : "/");
		if (node < 0)
			node = fdt_add_subnode(blob, parent, name);
		assert_true(node >= 0);
		if (colon && *value == '#' && value[1]) /* a number */
			assert_int_equal(
				fdt_setprop_u32(blob, node, colon,
						(uint32_t)strtoul(value + 1, NULL, 10)),
				0);
		else if (colon)
			assert_int_equal(fdt_setprop(blob, node, colon, value, (int)len),
					 0);
	}
	assert_int_equal(fdt_pack(blob), 0);
	copy = exact_copy(blob, fdt_totalsize(blob));
	err = overlay_decode(&o, copy, fdt_totalsize(blob));
	free(copy);
	return err;
}

#define TREE(...) decode_text((const char *const[]){ __VA_ARGS__, NULL })
#define TARGET	  "/fragment:target-path=/"
#define CONTENT	  "/fragment/__overlay__"

TEST(errors)
{
	assert_int_equal(TREE(TARGET, CONTENT), 0);
	assert_int_equal(TREE("/x:target=#7", "/x/__overlay__"), 0);
	assert_int_equal(TREE(TARGET, CONTENT, "/:papr,format=#1"), 0);
	assert_int_equal(TREE(TARGET, CONTENT, "/:papr,format=#2"), -EOPNOTSUPP);
	assert_int_equal(TREE(TARGET, CONTENT, "/:papr,format=#0"), -EINVAL);
	assert_int_equal(TREE(TARGET, CONTENT, "/:papr,format=text"), -EINVAL);
	assert_int_equal(TREE(TARGET, CONTENT, "/:papr,flags=#3"), 0);
	assert_int_equal(TREE(TARGET, CONTENT, "/:papr,flags=#4"), -EOPNOTSUPP);
	assert_int_equal(TREE(TARGET, CONTENT, "/:papr,overlay-id=A.b_c:9-"), 0);
	assert_int_equal(TREE(TARGET, CONTENT, "/:papr,overlay-id="), -EINVAL);
	assert_int_equal(TREE(TARGET, CONTENT, "/:papr,overlay-id=a#"), -EINVAL);
	assert_int_equal(TREE(TARGET, CONTENT, "/:papr,overlay-id=a b"), -EINVAL);
	assert_int_equal(TREE(TARGET, CONTENT, "/other:x=y", "/other/more"), 0);
	assert_int_equal(TREE("/other:x=y", "/other/more"), -EINVAL);
	assert_int_equal(TREE(TARGET, CONTENT, "/__symbols__:a=/b", "/aliases"), 0);
	assert_int_equal(TREE(TARGET, CONTENT, "/__fixups__", "/__local_fixups__"), 0);
	assert_int_equal(TREE(TARGET, CONTENT, "/__fixups__:a=/b:c:0"), 0);
	assert_int_equal(
		TREE(TARGET, CONTENT, "/:papr,format=#1", "/__fixups__:a=/b:c:0"),
		-EOPNOTSUPP);
	assert_int_equal(TREE(TARGET, CONTENT, "/:papr,format=#1", "/__local_fixups__",
			      "/__local_fixups__/a"),
			 -EOPNOTSUPP);
}

TEST(fragments)
{
	assert_int_equal(TREE("/fragment", CONTENT), -EINVAL);
	assert_int_equal(TREE("/fragment:target-path=x", CONTENT), -EINVAL);
	assert_int_equal(TREE("/fragment:target=xy", CONTENT), -EINVAL);
	assert_int_equal(TREE(TARGET), -EINVAL);
	assert_int_equal(TREE(TARGET, CONTENT "@1"), -EINVAL); /* libfdt takes it */
	assert_int_equal(TREE(TARGET, CONTENT, CONTENT "@1"), -EINVAL);
	assert_int_equal(TREE(TARGET, CONTENT, CONTENT "/__overlay__@1"), 0);
	assert_int_equal(TREE(TARGET, CONTENT, CONTENT "x"), 0);
	assert_int_equal(TREE(TARGET, CONTENT, "/fragment:papr,op=frob"), -EOPNOTSUPP);
	assert_int_equal(TREE(TARGET, CONTENT, "/fragment:papr,op=update"), 0);
	assert_int_equal(TREE(TARGET, CONTENT, "/fragment:papr,op=remove-node"), -EINVAL);
	assert_int_equal(TREE(TARGET, "/fragment:papr,op=remove-node"), 0);
	assert_int_equal(TREE(TARGET, "/fragment:papr,op=remove-properties"), -EINVAL);
	assert_int_equal(TREE(TARGET, "/fragment:papr,op=remove-properties",
			      "/fragment:papr,properties="),
			 -EINVAL);
	assert_int_equal(TREE(TARGET, "/fragment:papr,op=remove-properties",
			      "/fragment:papr,properties=a"),
			 0);
}

TEST(limits)
{
	struct overlay_build b;
	struct overlay o;
	char name[16];
	unsigned int n, depth;

	for (n = OVERLAY_NODES_MAX; n <= OVERLAY_NODES_MAX + 1; n++) {
		overlay_build_begin(&b, NULL, 0, NULL);
		overlay_build_fragment(&b, OVERLAY_MERGE, "/", NULL, 0);
		for (unsigned int i = 0; i < n; i++) {
			snprintf(name, sizeof(name), "n%u", i);
			overlay_build_node(&b, name);
			overlay_build_node_end(&b);
		}
		assert_int_equal(overlay_build_end(&b), 0);
		assert_int_equal(overlay_decode(&o, b.fdt, b.size),
				 n > OVERLAY_NODES_MAX ? -E2BIG : 0);
		overlay_build_free(&b);
	}
	for (depth = OVERLAY_DEPTH_MAX; depth <= OVERLAY_DEPTH_MAX + 1; depth++) {
		overlay_build_begin(&b, NULL, 0, NULL);
		overlay_build_fragment(&b, OVERLAY_MERGE, "/", NULL, 0);
		for (n = 0; n < depth; n++)
			overlay_build_node(&b, "n");
		for (n = 0; n < depth; n++)
			overlay_build_node_end(&b);
		assert_int_equal(overlay_build_end(&b), 0);
		assert_int_equal(overlay_decode(&o, b.fdt, b.size),
				 depth > OVERLAY_DEPTH_MAX ? -E2BIG : 0);
		overlay_build_free(&b);
	}
	for (n = OVERLAY_FRAGMENTS_MAX; n <= OVERLAY_FRAGMENTS_MAX + 1; n++) {
		overlay_build_begin(&b, NULL, 0, NULL);
		for (unsigned int i = 0; i < n; i++)
			overlay_build_fragment(&b, OVERLAY_REMOVE_NODE, "/x", NULL, 0);
		assert_int_equal(overlay_build_end(&b), 0);
		assert_int_equal(overlay_decode(&o, b.fdt, b.size),
				 n > OVERLAY_FRAGMENTS_MAX ? -E2BIG : 0);
		overlay_build_free(&b);
	}
}

/* Also of nodes without a meaning. */
TEST(limit_of_all_nodes)
{
	static uint8_t fdt[65536];
	struct overlay o;
	char name[16];

	for (int n = OVERLAY_ALL_NODES_MAX - 2; n <= OVERLAY_ALL_NODES_MAX - 1; n++) {
		assert_int_equal(fdt_create(fdt, sizeof(fdt)), 0);
		assert_int_equal(fdt_finish_reservemap(fdt), 0);
		assert_int_equal(fdt_begin_node(fdt, ""), 0);
		assert_int_equal(fdt_property_string(fdt, "papr,revert", "x"), 0);
		assert_int_equal(fdt_begin_node(fdt, "__symbols__"), 0);
		for (int i = 0; i < n; i++) {
			snprintf(name, sizeof(name), "n%d", i);
			assert_int_equal(fdt_begin_node(fdt, name), 0);
			assert_int_equal(fdt_end_node(fdt), 0);
		}
		assert_int_equal(fdt_end_node(fdt), 0);
		assert_int_equal(fdt_end_node(fdt), 0);
		assert_int_equal(fdt_finish(fdt), 0);
		assert_int_equal(overlay_decode(&o, fdt, fdt_totalsize(fdt)),
				 n + 2 > OVERLAY_ALL_NODES_MAX ? -E2BIG : 0);
	}
}

/* The kernel reads the name of a new node as a string, and its handle as a cell. */
TEST(values_of_new_nodes)
{
	static const struct {
		const char *name, *value;
		size_t len;
		int err;
	} cases[] = {
		{ "name", "n", 2, 0 },
		{ "name", "n", 1, -EINVAL },
		{ "name", "", 0, -EINVAL },
		{ "name", "n\0n", 4, -EINVAL },
		{ "phandle", "abcd", 4, 0 },
		{ "phandle", "abc", 3, -EINVAL },
		{ "linux,phandle", "abcde", 5, -EINVAL },
		{ "ibm,phandle", "", 0, -EINVAL },
		{ "other", "", 0, 0 },
	};
	struct overlay_build b;
	struct overlay o;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		overlay_build_begin(&b, NULL, 0, NULL);
		overlay_build_fragment(&b, OVERLAY_MERGE, "/", NULL, 0);
		/* These are the target's own properties, and are ignored. */
		overlay_build_property(&b, cases[i].name, cases[i].value, cases[i].len);
		overlay_build_node(&b, "n");
		overlay_build_property(&b, cases[i].name, cases[i].value, cases[i].len);
		overlay_build_node_end(&b);
		assert_int_equal(overlay_build_end(&b), 0);
		assert_int_equal(overlay_decode(&o, b.fdt, b.size), cases[i].err);
		overlay_build_free(&b);
	}
}

TEST(sizes)
{
	static uint8_t value[OVERLAY_BYTES_MAX];
	struct overlay_build b;
	size_t size;

	assert_int_equal(overlay_size("\xd0\x0d\xfe\xed\0\0\0\x27", &size), -EINVAL);
	assert_int_equal(overlay_size("\xd0\x0d\xfe\xed\0\0\0\x28", &size), 0);
	assert_int_equal(overlay_size("\xd0\x0d\xfe\xed\x7f\0\0\0", &size), -EFBIG);
	assert_int_equal(overlay_size("add_node", &size), -EINVAL);

	overlay_build_begin(&b, NULL, 0, NULL);
	overlay_build_fragment(&b, OVERLAY_MERGE, "/", NULL, 0);
	overlay_build_property(&b, "p", value, sizeof(value));
	assert_int_equal(overlay_build_end(&b), -EFBIG);
	overlay_build_free(&b);
}

TEST(wrong_order)
{
	struct overlay_build b;

	overlay_build_begin(&b, NULL, 0, NULL);
	overlay_build_property(&b, "p", "", 1);
	assert_int_equal(overlay_build_end(&b), -EINVAL);
	overlay_build_free(&b);

	overlay_build_begin(&b, NULL, 0, NULL);
	overlay_build_fragment(&b, OVERLAY_MERGE, "/", NULL, 0);
	overlay_build_node(&b, "n");
	overlay_build_node_end(&b);
	overlay_build_property(&b, "p", "", 1);
	assert_int_equal(overlay_build_end(&b), -EINVAL);
	overlay_build_free(&b);
}

/* Two of one name, and a second root, which the builder does not make. */
TEST(trees_that_are_none)
{
	static const char *const twice[] = { "a", "a" };
	struct overlay_build b;
	struct overlay o;
	uint8_t fdt[512];

	overlay_build_begin(&b, NULL, 0, NULL);
	overlay_build_fragment(&b, OVERLAY_MERGE, "/", NULL, 0);
	for (int i = 0; i < 2; i++) {
		overlay_build_node(&b, twice[i]);
		overlay_build_node_end(&b);
	}
	assert_int_equal(overlay_build_end(&b), 0);
	assert_int_equal(overlay_decode(&o, b.fdt, b.size), -EINVAL);
	overlay_build_free(&b);

	assert_int_equal(fdt_create(fdt, sizeof(fdt)), 0);
	assert_int_equal(fdt_finish_reservemap(fdt), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fdt_begin_node(fdt, ""), 0);
		assert_int_equal(fdt_property_string(fdt, "papr,revert", "x"), 0);
		assert_int_equal(fdt_end_node(fdt), 0);
	}
	assert_int_equal(fdt_finish(fdt), 0);
	assert_int_equal(overlay_decode(&o, fdt, fdt_totalsize(fdt)), -EINVAL);
}

/* Every truncation, and every byte changed: refused or decoded, without a bad access. */
TEST(damaged)
{
	static const uint8_t marks[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	struct overlay_build b;
	struct overlay o;
	struct overlay_fragment f;

	begin(&b);
	assert_int_equal(overlay_build_end(&b), 0);
	for (size_t len = 0; len < b.size; len++) {
		void *copy = exact_copy(b.fdt, len);

		assert_int_equal(overlay_decode(&o, copy, len), -EINVAL);
		free(copy);
	}
	for (size_t i = 0; i < b.size * COUNT(marks); i++) {
		uint8_t *copy = exact_copy(b.fdt, b.size);
		int at = 0;

		copy[i / COUNT(marks)] = marks[i % COUNT(marks)];
		if (!overlay_decode(&o, copy, b.size))
			while (overlay_next(&o, &at, &f) == 1)
				assert_true(f.content < (int)b.size);
		free(copy);
	}
	overlay_build_free(&b);
}

/* With this length of a property, libfdt 1.6 finds the same property again and again. */
TEST(endless_property)
{
	const uint8_t length[] = { 0xff, 0xff, 0xff, 0xf4 };
	struct overlay_build b;
	struct overlay o;

	begin(&b);
	assert_int_equal(overlay_build_end(&b), 0);
	for (size_t at = 0; at + sizeof(length) <= b.size; at += sizeof(length)) {
		uint8_t *copy = exact_copy(b.fdt, b.size);

		memcpy(copy + at, length, sizeof(length));
		overlay_decode(&o, copy, b.size);
		free(copy);
	}
	overlay_build_free(&b);
}
