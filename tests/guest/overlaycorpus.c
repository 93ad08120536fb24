// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: libwirefdt.la libwire.la */
/*
 * overlaycorpus - overlays of other projects: compare /proc/device-tree-overlay with
 * libfdt
 *
 *   overlaycorpus LIST
 *
 * Each line of LIST is "NAME BASE OVERLAY...": a case, a flattened tree, and overlays for
 * it as a compiler made them, applied in this order. Paths are relative to LIST.
 *
 * The nodes of BASE are added to the live tree, then papr-overlay applies each overlay.
 * libfdt applies the same overlay to a copy of the earlier live tree. Both trees must be
 * equal. Then the overlays are reverted in the opposite order, and the tree must be as
 * before; at the end of a base, as before the base. Cases with the same base follow each
 * other in LIST.
 *
 * Prints a line for each refusal, the differences, and the numbers. If only the file
 * refuses, this must follow from a rule of papr-dt-overlay(4), which this program
 * searches in the trees. libfdt accepts a name without an address for a node that has
 * one: if the results differ, libfdt applies the overlay again with whole names.
 *
 * Exit status: 0, 1 a difference or a refusal without such a rule, 2 an error.
 */
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libfdt.h>

#include "tests/guest/corpus.h"
#include "tests/guest/live_tree.h"
#include "wire/overlay.h"

#define TREE "/proc/device-tree"

enum {
	OVERLAYS_MAX = 64,    /* of a case */
	ROOM_BYTES = 2 << 20, /* for libfdt, in the tree */
	DIFFERENCES_MAX = 20, /* printed */
};

struct numbers {
	unsigned int cases, bases, written, applied, whole, handles, uncompared, both,
		alone, different;
};

static struct numbers numbers;

static void must(int fdt_err, const char *what)
{
	if (fdt_err < 0)
		errx(2, "%s: %s", what, fdt_strerror(fdt_err));
}

static void *load(const char *path, size_t *size)
{
	FILE *in = fopen(path, "re");
	void *fdt = malloc(OVERLAY_BYTES_MAX * 2);

	if (!in || !fdt)
		err(2, "%s", path);
	*size = fread(fdt, 1, OVERLAY_BYTES_MAX * 2, in);
	fclose(in);
	must(fdt_check_full(fdt, *size), path);
	return fdt;
}

/* Return true if the trees are equal; print what differs. */
static bool check(const char *what, const void *expected, const void *is)
{
	unsigned int n = live_tree_compare(expected, is, stdout, DIFFERENCES_MAX);

	if (!n)
		return true;
	printf("%s: %u differences, as above\n", what, n);
	numbers.different++;
	return false;
}

/* ---- libfdt's result ----------------------------------------------------------------- */

static void *copy_of(const void *fdt, size_t room)
{
	size_t size = fdt_totalsize(fdt) + room;
	void *copy = malloc(size);

	if (!copy)
		err(2, "memory");
	must(fdt_open_into(fdt, copy, (int)size), "a copy");
	return copy;
}

/* Replace a byte in each path of a value: "/PATH", or "/PATH:PROPERTY:OFFSET". */
static void replace_in_paths(char *value, int len, char from, char to)
{
	bool is_path = true;

	for (char *c = value; c < value + len; c++) {
		is_path = !*c || (is_path && *c != ':');
		if (is_path && *c == from)
			*c = to;
	}
}

/* Replace a byte in the names of all nodes, and in the paths that name them. */
static void replace_in_tree(void *fdt, char from, char to)
{
	const char *name, *prop;
	int node, at, len;
	bool has_paths;
	char *value;

	for (node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
		name = fdt_get_name(fdt, node, &len);
		has_paths = !strcmp(name, "__symbols__") || !strcmp(name, "__fixups__");
		replace_in_paths((char *)(uintptr_t)name, len, from, to);
		fdt_for_each_property_offset(at, fdt, node) {
			value = (char *)(uintptr_t)fdt_getprop_by_offset(fdt, at, &prop,
									 &len);
			if (value && (has_paths || !strcmp(prop, "target-path")))
				replace_in_paths(value, len, from, to);
		}
	}
}

/* Apply an overlay with libfdt. For a label of "__overlay__" itself, libfdt writes a path
 * that ends with a slash; remove it. */
static int apply(void *tree, void *overlay)
{
	int fdt_err = fdt_overlay_apply(tree, overlay), symbols, at, len;
	const char *name, *path;
	char whole[CORPUS_PATH_BYTES];

	if (fdt_err)
		return fdt_err;
	symbols = fdt_path_offset(tree, "/__symbols__");
	for (at = fdt_first_property_offset(tree, symbols); at >= 0;
	     at = fdt_next_property_offset(tree, at)) {
		path = fdt_getprop_by_offset(tree, at, &name, &len);
		if (!path || len < 3 || len > CORPUS_PATH_BYTES || path[len - 2] != '/')
			continue;
		snprintf(whole, sizeof(whole), "%.*s", len - 2, path);
		must(fdt_setprop(tree, symbols, name, whole, len - 1), name);
	}
	return 0;
}

/* Apply the overlay with libfdt, with whole names. libfdt takes "spi" for "spi@fe610000"
 * if this is the first such node; it compares whole names if they have another byte for
 * '@'. */
static int apply_whole(const struct corpus_trial *t, void **expected)
{
	void *overlay = copy_of(t->overlay, 0);
	int fdt_err;

	*expected = copy_of(t->before, ROOM_BYTES);
	replace_in_tree(*expected, '@', '\1');
	replace_in_tree(overlay, '@', '\1');
	fdt_err = apply(*expected, overlay);
	if (!fdt_err)
		replace_in_tree(*expected, '\1', '@');
	free(overlay);
	return fdt_err;
}

/* ---- One overlay --------------------------------------------------------------------- */

/* Report a refusal by the file alone, which needs a rule. */
static void refused_alone(const char *what, const char *words,
			  const struct corpus_trial *t, int error)
{
	struct corpus_rule rule;

	numbers.alone++;
	if (corpus_find_rule(t, error, words, &rule)) {
		printf("%s: refused by the file: %s [rule: %s]\n", what, words,
		       rule.text);
		return;
	}
	printf("%s: refused by the file, and no rule says so: %s\n", what, words);
	numbers.different++;
}

/* Nodes of the tree get no handle to which nothing refers: remove those from a copy of
 * libfdt's tree. Print the first node whose handle libfdt before 1.7.1 has changed. Return
 * whether there is one. */
static bool changes_a_handle(const char *what, const struct corpus_trial *t, void *copy)
{
	char path[CORPUS_PATH_BYTES];

	for (int node = 0; node >= 0; node = fdt_next_node(t->before, node, NULL)) {
		uint32_t was = fdt_get_phandle(t->before, node);
		int there;

		must(fdt_get_path(t->before, node, path, sizeof(path)), "a path");
		there = fdt_path_offset(copy, path);
		if (there < 0 || fdt_get_phandle(copy, there) == was)
			continue;
		if (!was) {
			fdt_delprop(copy, there, "phandle");
			continue;
		}
		printf("%s: not compared, this libfdt changes the handle of %s\n", what,
		       path);
		return true;
	}
	return false;
}

/* Compare the trees of an overlay that both applied. */
static void applied_by_both(const char *what, const struct corpus_trial *t,
			    const void *is)
{
	void *whole;

	if (!live_tree_compare(t->after, is, stdout, 0)) {
		numbers.applied++;
		return;
	}
	whole = copy_of(t->after, 0);
	if (changes_a_handle(what, t, whole)) {
		numbers.uncompared++;
		free(whole);
		return;
	}
	if (!live_tree_compare(whole, is, stdout, 0)) {
		numbers.applied++;
		numbers.handles++;
		free(whole);
		return;
	}
	free(whole);
	if (!apply_whole(t, &whole) && !live_tree_compare(whole, is, stdout, 0)) {
		numbers.applied++;
		numbers.whole++;
		printf("%s: equal if libfdt compares whole names\n", what);
	} else {
		check(what, t->after, is);
	}
	free(whole);
}

/* Compare both results for an overlay. fdt_err: libfdt's, error: the file's. */
static void judge(const char *what, const struct corpus_trial *t, const void *is,
		  int fdt_err, int error, const char *reason)
{
	char words[CORPUS_REASON_BYTES * 2];
	int whole_err = fdt_err;
	void *whole;

	snprintf(words, sizeof(words), "%s: %s", error ? strerrorname_np(error) : "0",
		 reason);
	if (error && !fdt_err) {
		whole_err = apply_whole(t, &whole);
		free(whole);
	}
	if (error && !check(what, t->before, is)) {
		printf("%s: refused, and the tree has changed: %s\n", what, words);
	} else if (whole_err && error) {
		numbers.both++;
		printf("%s: refused by both%s: %s; %s\n", what,
		       fdt_err ? "" : ", if libfdt compares whole names",
		       fdt_strerror(whole_err), words);
	} else if (fdt_err) {
		numbers.different++;
		printf("%s: refused by libfdt alone: %s\n", what, fdt_strerror(fdt_err));
	} else if (error) {
		refused_alone(what, words, t, error);
	} else {
		applied_by_both(what, t, is);
	}
}

/* Apply one overlay. Return the live tree after it, and free the one before. *applied
 * grows by the number of records to revert. */
static void *one(const char *name, const char *path, void *before, unsigned int *applied)
{
	const char *file = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	void *expected = copy_of(before, ROOM_BYTES), *overlay, *resolved, *is;
	struct corpus_trial t = { .before = before, .after = expected };
	int fdt_err, error;
	char what[256], reason[CORPUS_REASON_BYTES];
	size_t size;

	snprintf(what, sizeof(what), "%s: %s", name, file);
	t.overlay = overlay = load(path, &size);
	t.resolved = resolved = copy_of(overlay, 0);
	fdt_err = apply(expected, resolved);
	fdt_set_magic(resolved, FDT_MAGIC); /* libfdt clears it */

	error = corpus_apply(path, reason);
	is = live_tree_read(TREE, 0);
	numbers.written++;
	*applied += !error;
	judge(what, &t, is, fdt_err, error, reason);
	free(expected);
	free(resolved);
	free(overlay);
	free(before);
	return is;
}

static void one_case(const char *name, char *overlays[], unsigned int n)
{
	void *before = live_tree_read(TREE, 0), *tree = copy_of(before, 0);
	unsigned int applied = 0;

	numbers.cases++;
	for (unsigned int i = 0; i < n; i++)
		tree = one(name, overlays[i], tree, &applied);
	while (applied--)
		corpus_revert_newest();
	free(tree);
	tree = live_tree_read(TREE, 0);
	check(name, before, tree);
	free(tree);
	free(before);
}

/* ---- The list ------------------------------------------------------------------------ */

/* Return the number of words of a line; the line is cut up. */
static unsigned int split(char *line, char *words[], unsigned int max)
{
	unsigned int n = 0;
	char *save, *word = strtok_r(line, " \n", &save);

	for (; word && n < max; word = strtok_r(NULL, " \n", &save))
		words[n++] = word;
	if (word)
		errx(2, "too many words: %s", word);
	return n;
}

/* Open the list, and work in its folder. */
static FILE *open_list(char *path)
{
	FILE *list = fopen(path, "re");
	char *slash = strrchr(path, '/');

	if (slash)
		*slash = '\0';
	if (!list || (slash && chdir(path)))
		err(2, "%s", path);
	return list;
}

static void base_begin(struct corpus_base *base, const char *path, const void *guest)
{
	size_t size;

	corpus_base_add(base, load(path, &size), guest);
	numbers.bases++;
}

/* The guest must be as before the base. */
static void base_end(struct corpus_base *base, const char *path, const void *guest)
{
	void *tree;

	corpus_base_remove(base);
	tree = live_tree_read(TREE, 0);
	check(path, guest, tree);
	free(tree);
	free((void *)(uintptr_t)base->fdt);
}

static void print_numbers(const struct numbers *n)
{
	printf("%u cases, %u bases, %u overlays written: "
	       "%u applied and equal (%u by whole names, %u but for handles), "
	       "%u applied and not compared, %u refused by both, "
	       "%u refused by the file alone, %u different\n",
	       n->cases, n->bases, n->written, n->applied, n->whole, n->handles,
	       n->uncompared, n->both, n->alone, n->different);
}

int main(int argc, char **argv)
{
	char line[8192], *words[OVERLAYS_MAX], path[CORPUS_PATH_BYTES] = "";
	struct corpus_base base = { 0 };
	unsigned int n;
	void *guest;
	FILE *list;

	if (argc != 2)
		errx(2, "usage: overlaycorpus LIST");
	list = open_list(argv[1]);
	setlinebuf(stdout);
	guest = live_tree_read(TREE, 0);
	while (fgets(line, sizeof(line), list)) {
		n = split(line, words, OVERLAYS_MAX);
		if (n < 3)
			errx(2, "a line of fewer than three words");
		if (strcmp(words[1], path) != 0) {
			if (*path)
				base_end(&base, path, guest);
			snprintf(path, sizeof(path), "%s", words[1]);
			base_begin(&base, path, guest);
		}
		one_case(words[0], &words[2], n - 2);
	}
	if (*path)
		base_end(&base, path, guest);
	fclose(list);
	free(guest);
	print_numbers(&numbers);
	return numbers.different || !numbers.applied;
}
