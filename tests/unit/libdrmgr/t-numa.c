// SPDX-License-Identifier: GPL-2.0-or-later
/* The order in which memory is removed. */
#include "libdrmgr/numa/numa.h"
#include "tests/unit/fakes/test.h"

enum { LMBS = 64, NONE = -1 };

/* A machine, and the removed LMBs for a count: LMBs as letters, 'a' the first one. Those
 * in "stuck" cannot be removed. */
struct row {
	const char *name;
	int cpus[4];	   /* of the nodes 0..3; NONE: the node does not exist */
	const char *nodes; /* of each LMB; '-': none */
	size_t count;
	const char *stuck, *expect;
};

static const struct row rows[] = {
	/* C15 and the next rows: three nodes of four, the last one without processors */
	{ "cpu-less first", { 1, 1, 0, NONE }, "000011112222", 6, "", "lkjihd" },
	{ "then alike", { 1, 1, 0, NONE }, "000111", 2, "", "fc" },
	{ "the higher node first", { 1, 1, 0, NONE }, "0011", 4, "", "dcba" },
	/* C16 */
	{ "one is stuck", { 1, 1, 0, NONE }, "000011112222", 6, "l", "lkjihgd" },
	{ "all of a node are",
	  { 1, 1, 0, NONE },
	  "000011112222",
	  5,
	  "lkji",
	  "lkjihgfdc" },
	{ "few processors give most", { 7, 1, NONE, NONE }, "00001111", 4, "", "hgfd" },
	{ "none asked for", { 1, NONE, NONE, NONE }, "0000", 0, "", "" },
	{ "more than there are", { 1, NONE, NONE, NONE }, "000", 9, "", "cba" },
	{ "those of no node last", { 1, 0, NONE, NONE }, "0-1-", 3, "", "cad" },
	{ "of a node Linux has not", { 1, NONE, NONE, NONE }, "30", 2, "", "ba" },
	{ "two cpu-less, by size", { 1, 0, 0, NONE }, "0111111222", 3, "", "jgf" },
	{ "no nodes at all", { NONE, NONE, NONE, NONE }, "00", 1, "", "b" },
};

static void build(const struct row *row, struct numa *numa, struct numa_node *nodes,
		  struct numa_lmb *lmbs)
{
	*numa = (struct numa){ .nodes = nodes };
	for (uint32_t i = 0; i < 4; i++)
		if (row->cpus[i] != NONE)
			nodes[numa->n_nodes++] =
				(struct numa_node){ i, (uint64_t)row->cpus[i] };
	for (size_t i = 0; row->nodes[i]; i++)
		lmbs[i].node = row->nodes[i] == '-' ? AFFINITY_NO_NODE
						    : (uint32_t)(row->nodes[i] - '0');
}

/* Like an operation: one by one, until there are enough or all were tried. */
static void order(const struct row *row, char *got)
{
	struct numa_lmb lmbs[LMBS] = { 0 };
	size_t places[LMBS], n, done = 0;
	struct numa_node nodes[4];
	struct numa numa;

	build(row, &numa, nodes, lmbs);
	for (;;) {
		assert_int_equal(numa_next(&numa, lmbs, strlen(row->nodes),
					   row->count - done, places, &n),
				 0);
		assert_true(n <= row->count - done);
		if (!n)
			break;
		for (size_t i = 0; i < n; i++) {
			assert_false(lmbs[places[i]].is_tried);
			lmbs[places[i]].is_tried = true;
			*got++ = (char)('a' + places[i]);
			done += !strchr(row->stuck, 'a' + (int)places[i]);
		}
	}
	*got = '\0';
}

/* Behaviours: log-6.3-order */
TEST(order_of_removal)
{
	char got[LMBS + 1];

	for (size_t i = 0; i < COUNT(rows); i++) {
		order(&rows[i], got);
		if (strcmp(got, rows[i].expect) != 0)
			fail_msg("%s: %s, expected %s", rows[i].name, got,
				 rows[i].expect);
	}
}

/* The sum of the shares is the requested number.
 * Behaviours: log-6.3-sum */
TEST(shares_add_up)
{
	struct row row = { "", { 3, 0, 5, 1 }, NULL, 0, "", NULL };
	char nodes[LMBS + 1] = { 0 }, got[LMBS + 1];

	row.nodes = nodes;
	for (unsigned int seed = 0; seed < 200; seed++) {
		size_t n = 1 + seed % (LMBS - 4);

		memset(nodes, 0, sizeof(nodes));
		for (size_t i = 0; i < n; i++)
			nodes[i] = (char)('0' + (i * i + seed * 7 + i / 3) % 4);
		row.count = 1 + seed * 13 % n;
		order(&row, got);
		assert_int_equal(strlen(got), row.count);
	}
}
