// SPDX-License-Identifier: GPL-2.0-or-later
/* Overlays of compilers: the numbers are libfdt's, and a refusal has a reason. */
#include <libfdt.h>

#include "tests/unit/fakes/test.h"
#include "wire/fdt_index.h"
#include "wire/overlay.h"
#include "wire/overlay_resolve.h"

enum { ROOM = 16384, ROUNDS = 4000, LABELS = 6, LOCALS = 5, VALUE = 24 };

static uint32_t seed;

static uint32_t below(uint32_t n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 8) % n;
}

/* ---- Generated trees --------------------------------------------------------------- */

static void cell(void *fdt, const char *name, uint32_t value)
{
	assert_int_equal(fdt_property_u32(fdt, name, value), 0);
}

static void begin_tree(void *fdt)
{
	assert_int_equal(fdt_create(fdt, ROOM), 0);
	assert_int_equal(fdt_finish_reservemap(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, ""), 0);
}

static void end_tree(void *fdt)
{
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_finish(fdt), 0);
}

/* Nodes /n0, /n1..., each with a label l0, l1..., and handles up to about max. */
static void make_base(void *fdt, uint32_t max)
{
	char name[16], path[16];

	begin_tree(fdt);
	for (uint32_t i = 0; i < LABELS; i++) {
		snprintf(name, sizeof(name), "n%u@%u", i, i);
		assert_int_equal(fdt_begin_node(fdt, name), 0);
		cell(fdt, below(4) ? "phandle" : "linux,phandle", 1 + i + below(max));
		assert_int_equal(fdt_end_node(fdt), 0);
	}
	assert_int_equal(fdt_begin_node(fdt, "__symbols__"), 0);
	for (uint32_t i = 0; i < LABELS; i++) {
		snprintf(name, sizeof(name), "l%u", i);
		snprintf(path, sizeof(path), "/n%u@%u", i, i);
		if (below(2))
			*strchr(path, '@') = '\0';
		assert_int_equal(fdt_property_string(fdt, name, path), 0);
	}
	assert_int_equal(fdt_end_node(fdt), 0);
	end_tree(fdt);
}

static uint32_t some_offset(bool damage)
{
	return damage && !below(30) ? VALUE - 3 + below(8) : below(VALUE - 3);
}

/* One fragment with nodes m0, m1..., and references at any offset of "refs". */
static void make_nodes(void *fdt)
{
	uint8_t value[VALUE];
	char name[16];

	assert_int_equal(fdt_begin_node(fdt, "fragment@0"), 0);
	assert_int_equal(fdt_property_string(fdt, "target-path", "/"), 0);
	assert_int_equal(fdt_begin_node(fdt, "__overlay__"), 0);
	for (uint32_t i = 0; i < LOCALS; i++) {
		snprintf(name, sizeof(name), "m%u@%u", i, i);
		assert_int_equal(fdt_begin_node(fdt, name), 0);
		if (below(3))
			cell(fdt, "phandle", i + 1);
		if (!below(3))
			cell(fdt, "linux,phandle", i + 1);
		for (int j = 0; j < VALUE; j++)
			value[j] = below(3) ? 0 : (uint8_t)below(30);
		assert_int_equal(fdt_property(fdt, "refs", value, VALUE), 0);
		assert_int_equal(fdt_end_node(fdt), 0);
	}
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
}

static void make_local_fixups(void *fdt, bool damage)
{
	char name[16];

	assert_int_equal(fdt_begin_node(fdt, "__local_fixups__"), 0);
	assert_int_equal(fdt_begin_node(fdt, "fragment@0"), 0);
	assert_int_equal(fdt_begin_node(fdt, "__overlay__"), 0);
	for (uint32_t i = 0; i < LOCALS; i++) {
		uint32_t offsets[3], n = below(4);

		snprintf(name, sizeof(name), "m%u@%u", i, i);
		if (below(2)) /* libfdt accepts both */
			name[2] = '\0';
		if (damage && !below(40))
			name[0] = 'x';
		for (uint32_t j = 0; j < n; j++)
			offsets[j] = cpu_to_fdt32(some_offset(damage));
		assert_int_equal(fdt_begin_node(fdt, name), 0);
		if (n)
			assert_int_equal(
				fdt_property(fdt, damage && !below(40) ? "none" : "refs",
					     offsets,
					     (int)(n * 4 - (damage && !below(40)))),
				0);
		assert_int_equal(fdt_end_node(fdt), 0);
	}
	for (int i = 0; i < 3; i++)
		assert_int_equal(fdt_end_node(fdt), 0);
}

static void make_fixups(void *fdt, bool damage)
{
	char label[16], text[256];

	assert_int_equal(fdt_begin_node(fdt, "__fixups__"), 0);
	for (uint32_t i = 0; i < LABELS + (uint32_t)(damage && !below(20)); i++) {
		int len = 0;

		if (!below(3))
			continue;
		for (uint32_t j = 0; j < 1 + below(3); j++) {
			uint32_t node = below(LOCALS + (uint32_t)(damage && !below(40)));

			len += snprintf(text + len, sizeof(text) - (size_t)len,
					"/fragment@0/__overlay__/m%u@%u:refs:%u", node,
					node, some_offset(damage)) +
			       1;
		}
		if (damage && !below(20))
			text[below((uint32_t)len)] = "\0:/x"[below(4)];
		snprintf(label, sizeof(label), "l%u", i);
		assert_int_equal(fdt_property(fdt, label, text, len), 0);
	}
	assert_int_equal(fdt_end_node(fdt), 0);
}

static void make_overlay(void *fdt, bool damage)
{
	begin_tree(fdt);
	make_nodes(fdt);
	if (below(5))
		make_local_fixups(fdt, damage);
	if (below(5))
		make_fixups(fdt, damage);
	end_tree(fdt);
}

/* ---- Against libfdt ------------------------------------------------------------------- */

static void erase(void *fdt, const char *name)
{
	int node = fdt_subnode_offset(fdt, 0, name);

	if (node >= 0)
		fdt_nop_node(fdt, node);
}

/* libfdt's result for a blob. It changes its own copy of it, and clears the magic. */
static int resolve_by_libfdt(const void *base, const void *blob, uint8_t *out)
{
	static uint8_t live[2 * ROOM] __attribute__((aligned(8)));
	int err;

	assert_int_equal(fdt_open_into(base, live, sizeof(live)), 0);
	memcpy(out, blob, fdt_totalsize(blob));
	err = fdt_overlay_apply(live, out);
	fdt_set_magic(out, FDT_MAGIC);
	erase(out, "__fixups__");
	erase(out, "__local_fixups__");
	return err;
}

/* Return true if both resolved it, to the same bytes. */
static bool compare(const void *base_fdt, const void *blob)
{
	static uint8_t want[ROOM] __attribute__((aligned(8)));
	char reason[OVERLAY_REASON_BYTES];
	size_t size = fdt_totalsize(blob);
	void *copy = exact_copy(blob, size);
	int err, want_err = resolve_by_libfdt(base_fdt, blob, want);

	assert_int_equal(overlay_decode(&(struct overlay){ 0 }, copy, size), 0);
	err = overlay_resolve(copy, base_fdt, reason, sizeof(reason));
	if (err == -ENOSPC && strstr(reason, "exceeds 32 bits"))
		want_err = err; /* libfdt wraps around */
	if (err == -EINVAL && strstr(reason, "an offset outside the property"))
		want_err = err; /* libfdt 1.7 does not check this */
	if (!err != !want_err)
		print_error("ours %d (%s), libfdt %d\n", err, reason, want_err);
	assert_int_equal(!err, !want_err);
	assert_int_equal(!err, !*reason);
	if (!err)
		assert_memory_equal(copy, want, size);
	free(copy);
	return !err;
}

static unsigned int compare_many(bool damage, uint32_t max)
{
	static uint8_t base[ROOM] __attribute__((aligned(8)));
	static uint8_t blob[ROOM] __attribute__((aligned(8)));
	unsigned int resolved = 0;

	for (uint32_t i = 0; i < ROUNDS; i++) {
		seed = i + 1;
		make_base(base, max);
		make_overlay(blob, damage);
		resolved += compare(base, blob);
	}
	return resolved;
}

TEST(as_libfdt)
{
	assert_int_equal(compare_many(false, 0x100), ROUNDS);
	assert_uint_in_range(compare_many(false, 0x20000000), ROUNDS / 2, ROUNDS);
}

TEST(refuses_what_libfdt_refuses)
{
	unsigned int resolved = compare_many(true, 0x100);

	assert_uint_in_range(resolved, ROUNDS / 10, ROUNDS * 9 / 10);
}

/* ---- Reasons ---------------------------------------------------------------------------- */

struct blob {
	uint8_t fdt[2048] __attribute__((aligned(8)));
};

static void blob_begin(struct blob *b)
{
	int node;

	assert_int_equal(fdt_create_empty_tree(b->fdt, sizeof(b->fdt)), 0);
	node = fdt_add_subnode(b->fdt, 0, "fragment@0");
	node = fdt_add_subnode(b->fdt, node, "__overlay__");
	node = fdt_add_subnode(b->fdt, node, "uart@0");
	assert_int_equal(fdt_setprop(b->fdt, node, "clocks", "\0\0\0\1\0\0\0", 7), 0);
}

static void blob_set(struct blob *b, const char *parent, const char *child,
		     const char *name, const void *value, size_t len)
{
	int node = fdt_path_offset(b->fdt, parent);

	if (child && fdt_subnode_offset(b->fdt, node, child) < 0)
		node = fdt_add_subnode(b->fdt, node, child);
	else if (child)
		node = fdt_subnode_offset(b->fdt, node, child);
	assert_true(node >= 0);
	assert_int_equal(fdt_setprop(b->fdt, node, name, value, (int)len), 0);
}

#define UART "/fragment@0/__overlay__/uart@0"

/* A base with a node /clk of this handle, and /fragment@0/__overlay__/uart@0. */
static void base_with(struct blob *base, uint32_t max)
{
	const uint32_t handle = cpu_to_fdt32(max);

	blob_begin(base);
	blob_set(base, "/", "clk", "phandle", &handle, sizeof(handle));
	blob_set(base, "/", "__symbols__", "clk", "/clk", sizeof("/clk"));
	blob_set(base, "/", "__symbols__", "gone", "/gone", sizeof("/gone"));
}

static void refused(struct blob *b, uint32_t max, int err, const char *why)
{
	char reason[OVERLAY_REASON_BYTES];
	struct blob base;

	base_with(&base, max);
	assert_int_equal(overlay_resolve(b->fdt, base.fdt, reason, sizeof(reason)), err);
	assert_string_equal(reason, why);
}

static uint32_t largest(const void *fdt)
{
	struct fdt_index index;
	uint32_t found;

	assert_int_equal(fdt_index_make(&index, fdt), 0);
	found = index.largest;
	fdt_index_free(&index);
	return found;
}

static void handle(const char *name, uint32_t value, uint32_t max, int err,
		   const char *why)
{
	struct blob b;
	int node;

	blob_begin(&b);
	node = fdt_path_offset(b.fdt, UART);
	assert_int_equal(fdt_setprop_u32(b.fdt, node, name, value), 0);
	refused(&b, max, err, why);
	if (!err) {
		node = fdt_path_offset(b.fdt, UART);
		assert_int_equal(fdt32_to_cpu(*(const fdt32_t *)fdt_getprop(b.fdt, node,
									    name, NULL)),
				 value + max);
		assert_int_equal(largest(b.fdt), value + max);
	}
}

TEST(handles)
{
	struct blob b;

	handle("phandle", 1, 0x100, 0, "");
	handle("ibm,phandle", 1, 0x100, 0, "");
	handle("linux,phandle", 0xfe, 0xffffff00, 0, "");
	handle("phandle", 0xff, 0xffffff00, -ENOSPC,
	       UART ": phandle: no handle is free above the base's largest");
	handle("ibm,phandle", 0x100, 0xffffff00, -ENOSPC,
	       UART ": ibm,phandle: no handle is free above the base's largest");
	blob_begin(&b);
	blob_set(&b, UART, NULL, "linux,phandle", "abc", 3);
	refused(&b, 1, -EINVAL, UART ": linux,phandle: the handle is not one cell");
}

static void fixup(const char *name, const char *entries, size_t len, int err,
		  const char *why)
{
	struct blob b;
	int node;

	blob_begin(&b);
	blob_set(&b, "/", "__fixups__", name, entries, len);
	refused(&b, 0x77, err, why);
	node = fdt_path_offset(b.fdt, UART);
	if (!err)
		assert_memory_equal(fdt_getprop(b.fdt, node, "clocks", NULL),
				    "\0\0\0\0\0\0\x77", 7);
}

#define FIXUP(label, entries, err, why) fixup(label, entries, sizeof(entries), err, why)
#define BAD(entries, shown, why) \
	FIXUP("clk", entries, -EINVAL, "label clk: \"" shown "\" in __fixups__: " why)

TEST(labels)
{
	FIXUP("clk", UART ":clocks:3", 0, "");
	FIXUP("none", UART ":clocks:3", -ENOENT,
	      "label none: the base tree has no such label");
	FIXUP("gone", UART ":clocks:3", -ENODEV,
	      "label gone: its node is missing in the base tree, or has no handle");
	BAD(UART ":clocks:4", UART ":clocks:4", "the offset is outside the property");
	BAD(UART ":clocks:4294967294", UART ":clocks:4294967294",
	    "the offset is outside the property");
	BAD(UART ":clocks:99999999999999999999", UART ":clocks:99999999999999999999",
	    "not PATH:PROPERTY:OFFSET");
	BAD(UART ":clock:0", UART ":clock:0", "no such property");
	BAD("/fragment@1:clocks:0", "/fragment@1:clocks:0", "no such node");
	BAD("alias:clocks:0", "alias:clocks:0", "not PATH:PROPERTY:OFFSET");
	BAD(UART ":clocks:-1", UART ":clocks:-1", "not PATH:PROPERTY:OFFSET");
	BAD(UART ":clocks:", UART ":clocks:", "not PATH:PROPERTY:OFFSET");
	BAD(UART ":clocks", UART ":clocks", "not PATH:PROPERTY:OFFSET");
	BAD(UART "::0", UART "::0", "not PATH:PROPERTY:OFFSET");
	BAD(UART, UART, "not PATH:PROPERTY:OFFSET");
	BAD("/\x1b[2J\xff", "/?[2J?", "not PATH:PROPERTY:OFFSET");
	BAD(UART ":clocks:3\0", "", "not PATH:PROPERTY:OFFSET");
	fixup("clk", UART ":clocks:3", sizeof(UART ":clocks:3") - 1, -EINVAL,
	      "label clk: \"" UART ":clocks:3\" in __fixups__: it does not end with NUL");
	fixup("clk", "", 0, -EINVAL,
	      "label clk: \"\" in __fixups__: it does not end with NUL");
}

static void local_list(struct blob *b, const char *name, const void *offsets, size_t len)
{
	static const char *const path[] = { "fragment@0", "__overlay__", "uart@0" };
	int node = fdt_add_subnode(b->fdt, 0, "__local_fixups__");

	for (size_t i = 0; i < COUNT(path); i++)
		node = fdt_add_subnode(b->fdt, node, path[i]);
	assert_int_equal(fdt_setprop(b->fdt, node, name, offsets, (int)len), 0);
}

static void local(const char *name, const void *offsets, size_t len, uint32_t max,
		  int err, const char *why)
{
	struct blob b;

	blob_begin(&b);
	local_list(&b, name, offsets, len);
	refused(&b, max, err, why);
}

TEST(local_references)
{
	local("clocks", "\0\0\0\0\0\0\0\3", 8, 1, 0, "");
	local("clocks", "\0\0\0\4", 4, 1, -EINVAL,
	      UART ": clocks: __local_fixups__ has an offset outside the property");
	local("clocks", "\xff\xff\xff\xff", 4, 1, -EINVAL,
	      UART ": clocks: __local_fixups__ has an offset outside the property");
	local("clocks", "\0\0\0\0\0", 5, 1, -EINVAL,
	      UART ": clocks: __local_fixups__ has a partial cell");
	local("reg", "\0\0\0\0", 4, 1, -EINVAL,
	      UART ": reg: __local_fixups__ names a missing property");
	local("clocks", "\0\0\0\3", 4, 0xfffffffe, -ENOSPC,
	      UART ": clocks: a reference exceeds 32 bits");
}

static int change_list(const char *list, int offset, char reason[OVERLAY_REASON_BYTES])
{
	struct blob b, base;
	char text[128];

	base_with(&base, 0x41414141);
	blob_begin(&b);
	blob_set(&b, "/fragment@0", NULL, "target-path", "/fragment@0/__overlay__", 24);
	blob_set(&b, UART, NULL, "phandle", "\0\0\0\1", 4);
	local_list(&b, "clocks", "\0\0\0", 4);
	snprintf(text, sizeof(text), "%s:%d", list, offset);
	blob_set(&b, "/", "__fixups__", "clk", text, strlen(text) + 1);
	return overlay_resolve(b.fdt, base.fdt, reason, OVERLAY_REASON_BYTES);
}

/* An entry can refer to the lists of references. Local ones have been read by then. */
TEST(changes_its_own_list)
{
	char reason[OVERLAY_REASON_BYTES];

	for (int i = 0; i <= 9; i++)
		change_list("/__fixups__:clk", i, reason);
	assert_int_equal(change_list("/__local_fixups__" UART ":clocks", 0, reason), 0);
}

TEST(limits)
{
	enum { BYTES = (OVERLAY_REFERENCES_MAX + 1) * 4 };
	static uint8_t fdt[BYTES + 4096] __attribute__((aligned(8)));
	static const uint8_t zeros[BYTES];
	char reason[OVERLAY_REASON_BYTES], small[8];
	int node;

	for (int n = OVERLAY_REFERENCES_MAX; n <= OVERLAY_REFERENCES_MAX + 1; n++) {
		assert_int_equal(fdt_create_empty_tree(fdt, sizeof(fdt)), 0);
		assert_int_equal(fdt_setprop_u32(fdt, 0, "p", 0), 0);
		node = fdt_add_subnode(fdt, 0, "__local_fixups__");
		assert_int_equal(fdt_setprop(fdt, node, "p", zeros, n * 4), 0);
		assert_int_equal(overlay_resolve(fdt, NULL, reason, sizeof(reason)),
				 n > OVERLAY_REFERENCES_MAX ? -E2BIG : 0);
	}
	assert_string_equal(reason, "more than 16384 references");
	assert_int_equal(fdt_setprop(fdt, 0, "phandle", "abc", 3), 0);
	assert_int_equal(overlay_resolve(fdt, NULL, small, sizeof(small)), -EINVAL);
	assert_string_equal(small, "/: phan");
	assert_int_equal(overlay_resolve(fdt, NULL, NULL, 0), -EINVAL);
}

static void labelled(const void *base, const char *label, int err)
{
	char reason[OVERLAY_REASON_BYTES];
	struct blob b;
	int node;

	blob_begin(&b);
	blob_set(&b, "/", "__fixups__", label, UART ":clocks:3",
		 sizeof(UART ":clocks:3"));
	assert_int_equal(overlay_resolve(b.fdt, base, reason, sizeof(reason)), err);
	node = fdt_path_offset(b.fdt, UART);
	if (!err)
		assert_memory_equal(fdt_getprop(b.fdt, node, "clocks", NULL),
				    "\0\0\0\0\0\0\2", 7);
}

TEST(base_as_kernel)
{
	struct blob b;

	blob_begin(&b);
	blob_set(&b, UART, NULL, "phandle", "\0\0\1\1", 4);
	blob_set(&b, UART, NULL, "ibm,phandle", "\0\0\0\2", 4);
	blob_set(&b, "/fragment@0", NULL, "phandle", "\xff\xff\xff\xff", 4);
	blob_set(&b, "/", "__symbols__", "a", UART, sizeof(UART));
	blob_set(&b, "/", "__symbols__", "b", UART, sizeof(UART) - 1);
	blob_set(&b, "/", "__symbols__", "c", "/none", 6);
	blob_set(&b, "/", "__symbols__", "d", "", 0);
	blob_set(&b, "/", "__symbols__", "e", "/fragment@0", 12);
	assert_int_equal(largest(b.fdt), 2);
	labelled(b.fdt, "a", 0);
	labelled(b.fdt, "b", -ENODEV);
	labelled(b.fdt, "c", -ENODEV);
	labelled(b.fdt, "d", -ENODEV);
	labelled(b.fdt, "e", -ENODEV);
	labelled(b.fdt, "f", -ENOENT);
}

/* Nodes of the base keep their handles, in any order: /b and /a have some, /c none. The blob's
 * are 1 to 4; its values are references to each. */
TEST(nodes_of_the_base)
{
	static const char *const names[] = { "a", "b", "c", "d" };
	static const uint8_t refs[16] = { [3] = 1, [7] = 2, [11] = 3, [15] = 4 };
	static const uint8_t want[16] = { [3] = 3, [7] = 2, [11] = 6, [15] = 7 };
	static const uint8_t offsets[16] = { [7] = 4, [11] = 8, [15] = 12 };
	char reason[OVERLAY_REASON_BYTES];
	struct blob b, base;
	int node;

	blob_begin(&base);
	blob_set(&base, "/", "a", "phandle", "\0\0\0\3", 4);
	blob_set(&base, "/", "b", "phandle", "\0\0\0\2", 4);
	blob_set(&base, "/", "c", "x", "", 0);
	blob_begin(&b);
	blob_set(&b, "/fragment@0", NULL, "target-path", "/", 2);
	for (int i = 0; i < 4; i++)
		blob_set(&b, "/fragment@0/__overlay__", names[i], "phandle", refs + i * 4,
			 4);
	blob_set(&b, UART, NULL, "clocks", refs, sizeof(refs));
	local_list(&b, "clocks", offsets, sizeof(offsets));
	assert_int_equal(overlay_resolve(b.fdt, base.fdt, reason, sizeof(reason)), 0);
	node = fdt_path_offset(b.fdt, UART);
	assert_memory_equal(fdt_getprop(b.fdt, node, "clocks", NULL), want, sizeof(want));
	for (int i = 0; i < 4; i++) {
		node = fdt_path_offset(b.fdt, "/fragment@0/__overlay__");
		node = fdt_subnode_offset(b.fdt, node, names[i]);
		assert_memory_equal(fdt_getprop(b.fdt, node, "phandle", NULL),
				    want + i * 4, 4);
	}
}
