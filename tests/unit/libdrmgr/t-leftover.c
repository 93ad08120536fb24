// SPDX-License-Identifier: GPL-2.0-or-later
/* Which connectors and requests a leftover blocks. */
#include <libfdt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "libdrmgr/core/journal.h"
#include "libdrmgr/core/leftover.h"
#include "libdrmgr/core/recovery.h"
#include "tests/unit/fakes/fake_platform.h"

#define HEADER "drmgr-journal 1 this-boot 7 drmgr -c pci\n"
#define PHB    "/pci@800000020000000"

static void put(struct fake *f, const char *file, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), JOURNAL_DIR "/%s", file);
	fake_text(f, path, text);
	assert_int_equal(fchmodat(f->root.fd, JOURNAL_DIR, 0700, 0), 0);
}

/* Return true if a leftover with this text blocks the slot. */
static bool blocks(struct fake *f, const char *text, const char *name)
{
	struct connectors cs = { 0 };
	struct leftovers ls = { 0 };
	bool found = false;

	put(f, "left-1", text);
	assert_int_equal(leftovers_read(&ls, &f->root), 0);
	assert_int_equal(ls.n, 1);
	assert_int_equal(connectors_read_pci(&cs, f->mem, &f->dr, connector_is_pci_slot),
			 0);
	for (size_t i = 0; i < cs.n; i++)
		if (!strcmp(cs.list[i].drc.name, name))
			found |= leftovers_find(&ls, &cs, &cs.list[i]) == &ls.list[0];
	mem_end(&ls.mem);
	return found;
}

/* Its own connector, those above it and those below it. */
TEST(connectors_are_blocked)
{
	static const struct {
		const char *text, *name;
		bool blocks;
	} rows[] = {
		{ HEADER "begin 1 rest 0x40000008 C8 28 0x1 " PHB "\n", "C8", true },
		{ HEADER "begin 1 rest 0x40000008 C8 28 0x1 " PHB "\n", "C9", false },
		/* the bridge in C48, from below and from above */
		{ HEADER "begin 1 rest 0x40000110 C272 28 0x1 " PHB "/pci@6\n", "C48",
		  true },
		{ HEADER "begin 1 rest 0x40000110 C272 28 0x1 " PHB "/pci@6\n", "C8",
		  false },
		{ HEADER "begin 1 rest 0x40000030 C48 28 0x1 " PHB "\n", "C272", true },
		/* steps that are undone or permanent block nothing */
		{ HEADER "begin 1 rest 0x40000008 C8 28 0x1 " PHB "\nundone 1\n", "C8",
		  false },
		{ HEADER "begin 1 rest 0x40000008 C8 28 0x1 " PHB "\ncommit 1\n", "C8",
		  false },
		/* memory in a range, and words that are no connector */
		{ HEADER "begin 1 memory-add 0x3 0x40000007\n", "C8", true },
		{ HEADER "begin 1 memory-add 0x1 0x40000007\n", "C8", false },
		{ HEADER "begin 1 entitlement 0x40000008 0x1\n", "C8", false },
		{ HEADER "begin 1 rest\nbegin 2 rest 0x C8\n", "C8", false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = fake_new();

		fake_plug_bridge(f);
		fake_configure(f, "C48");
		assert_int_equal(blocks(f, rows[i].text, rows[i].name), rows[i].blocks);
		fake_free(f);
	}
}

TEST(kinds_and_names)
{
	struct fake *f = fake_new();
	struct leftovers ls = { 0 };
	char *names;

	put(f, "left-2", HEADER "kind cpu%20ent_capacity\nbegin 1 entitlement x 0x1\n");
	put(f, "left-10", HEADER "kind pci\nbegin 1 rest 0x40000008 C8 28 0x1 " PHB "\n");
	put(f, "left-3", "drmgr-journal 1 other-boot 7 drmgr\nbegin 1 rest\n");
	assert_int_equal(leftovers_read(&ls, &f->root), 0);
	assert_int_equal(ls.n, 2);
	assert_string_equal(ls.list[0].file, "left-2");
	assert_string_equal(ls.list[1].file, "left-10");
	assert_ptr_equal(leftovers_find_request(&ls, NULL, "cpu ent_capacity"),
			 &ls.list[0]);
	assert_null(leftovers_find_request(&ls, NULL, "cpu"));
	assert_null(leftovers_find_request(&ls, NULL, "pci")); /* it has a connector */
	assert_ptr_equal(leftovers_find_request(&ls, "C8", "pci"), &ls.list[1]);
	assert_ptr_equal(leftovers_find_request(&ls, "0x40000008", "pci"), &ls.list[1]);
	assert_null(leftovers_find_request(&ls, "", "pci"));
	assert_null(leftovers_find_request(&ls, "C9", "pci"));
	names = leftover_names(&ls.list[1]);
	assert_string_equal(names, "C8 (0x40000008)");
	free(names);
	mem_end(&ls.mem);

	/* One that cannot be read blocks every kind. */
	put(f, "left-4", "no journal\n");
	assert_int_equal(leftovers_read(&ls, &f->root), 0);
	assert_non_null(leftovers_find_request(&ls, NULL, "mem"));
	mem_end(&ls.mem);
	fake_free(f);
}

/* Return true if a leftover of C48 with these saved nodes has the location code. */
static bool has_code(struct fake *f, const unsigned char *saved, size_t len,
		     const char *code)
{
	struct leftovers ls = { 0 };
	size_t size;
	char *text;
	FILE *to = open_memstream(&text, &size);
	bool found;

	assert_non_null(to);
	fputs(HEADER "begin 1 rest 0x40000030 C48 28 0x1 " PHB "\n"
		     "begin 2 detach 0x40000030 C48 28 0x1 " PHB " " PHB " ",
	      to);
	for (size_t i = 0; i < len; i++)
		fprintf(to, "%02x", saved[i]);
	fputc('\n', to);
	assert_int_equal(fclose(to), 0);
	put(f, "left-1", text);
	free(text);
	assert_int_equal(leftovers_read(&ls, &f->root), 0);
	found = leftovers_find_request(&ls, code, "pci");
	mem_end(&ls.mem);
	return found;
}

/* Of the connector's node, or if it is detached, of the saved nodes. */
TEST(location_codes)
{
	struct fake *f = fake_new();
	unsigned char *saved;
	size_t len;
	char *at;

	fake_plug_bridge(f);
	len = fdt_totalsize(fake_drc(f, "C48")->frag.fdt);
	saved = memcpy(malloc(len), fake_drc(f, "C48")->frag.fdt, len);
	at = memmem(saved, len, "loc", sizeof("loc"));
	assert_non_null(at);
	memcpy(at, "old", sizeof("old"));
	assert_true(has_code(f, saved, len, "old"));
	assert_false(has_code(f, saved, len, "loc"));
	assert_false(has_code(f, saved, len, ""));
	at[3] = 'x'; /* a text without its end */
	assert_false(has_code(f, saved, len, "oldx"));
	at[3] = '\0';
	for (size_t i = 0; i < len; i++) {
		assert_false(has_code(f, saved, i, "old"));
		saved[i] ^= 0xffU;
		has_code(f, saved, len, "old");
		saved[i] ^= 0xffU;
	}
	fake_configure(f, "C48");
	assert_true(has_code(f, saved, len, "loc"));
	assert_false(has_code(f, saved, len, "old"));
	free(saved);
	fake_free(f);
}

/* As many as an all-or-nothing request can leave: each is found without reading the list. */
TEST(many_connectors)
{
	enum { LMBS = 1 << 16 };
	struct fake *f = fake_new();
	struct leftovers ls = { 0 };
	size_t size;
	char *text;
	FILE *to = open_memstream(&text, &size);

	assert_non_null(to);
	fputs(HEADER, to);
	for (unsigned int i = 0; i < LMBS; i++)
		fprintf(to, "begin %u lmb-acquire 0x%08x LMB%u MEM 0x0 /\n", i + 1,
			0x80000000 + i, i);
	assert_int_equal(fclose(to), 0);
	put(f, "left-1", text);
	free(text);
	assert_int_equal(leftovers_read(&ls, &f->root), 0);
	assert_int_equal(ls.list[0].n, LMBS);
	for (unsigned int i = 0; i < LMBS; i++)
		assert_ptr_equal(leftovers_find_index(&ls, 0x80000000 + i), &ls.list[0]);
	assert_null(leftovers_find_index(&ls, 0x80000000 + LMBS));
	mem_end(&ls.mem);
	fake_free(f);
}

/* A step that this version does not have: the recovery keeps it. */
TEST(a_step_of_another_version)
{
	struct fake *f = fake_new();
	struct leftovers ls = { 0 };
	struct dr_interrupted found;
	char *text;

	put(f, "journal", HEADER "begin 1 lmb-flags 0x80000005 LMB5 MEM 0x0 / 5 6 0 0\n");
	assert_int_equal(recovery_run(&f->dr, JOURNAL_FILE, &found, &text), -EUCLEAN);
	assert_string_equal(found.step, "lmb-flags");
	assert_non_null(strstr(text, "by another version of papr-toolkit"));
	free(text);
	assert_int_equal(leftovers_read(&ls, &f->root), 0);
	assert_non_null(leftovers_find_index(&ls, 0x80000005));
	text = leftover_text(&ls.list[0]);
	assert_non_null(strstr(text, "step lmb-flags of PID 7"));
	assert_non_null(strstr(text, "--discard left-1"));
	free(text);
	mem_end(&ls.mem);
	fake_free(f);
}
