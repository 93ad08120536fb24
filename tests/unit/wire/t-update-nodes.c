// SPDX-License-Identifier: GPL-2.0-or-later
/* ibm,update-nodes: decoding and encoding. */
#include "tests/unit/fakes/hex.h"
#include "wire/update.h"

#define STATE "00000000 00000000 00000000 00000000"

enum { NODES = 4, UNKNOWN = 4 };

struct vector {
	const char *id, *digits;
	int end; /* after these, update_nodes_next() returns this */
	enum update_count count;
	uint32_t n;
	struct update_node nodes[NODES];
};

static const struct vector vectors[] = {
	{ "E31: no change", STATE "00000000" },
	{ "E32: delete two, update one",
	  STATE "01000002 00000011 00000012 02000001 00000020 00000000",
	  0,
	  UPDATE_COUNT_NONE,
	  3,
	  { { UPDATE_OP_DELETE, 0x11 },
	    { UPDATE_OP_DELETE, 0x12 },
	    { UPDATE_OP_CHANGE, 0x20 } } },
	{ "E33: an empty operator is skipped",
	  STATE "02000000 02000001 00000020 00000000",
	  0,
	  UPDATE_COUNT_NONE,
	  1,
	  { { UPDATE_OP_CHANGE, 0x20 } } },
	{ "E34: add, counted in words",
	  STATE "03000002 00000030 10000001 00000000",
	  0,
	  UPDATE_COUNT_WORDS,
	  1,
	  { { UPDATE_OP_ADD, 0x30, 0x10000001 } } },
	{ "E35: add, counted in pairs",
	  STATE "03000001 00000030 10000001 00000000",
	  0,
	  UPDATE_COUNT_PAIRS,
	  1,
	  { { UPDATE_OP_ADD, 0x30, 0x10000001 } } },
	{ "E36: more data: the call is continued with its 16 bytes",
	  "00000055 00000001 00000002 00000003 02000001 00000020 00000000",
	  0,
	  UPDATE_COUNT_NONE,
	  1,
	  { { UPDATE_OP_CHANGE, 0x20 } } },
	{ "E37, and on",
	  STATE "04000001 00000099 01000001 00000011 00000000",
	  0,
	  UPDATE_COUNT_NONE,
	  2,
	  { { UNKNOWN }, { UPDATE_OP_DELETE, 0x11 } } },
	{ "E37: an unknown operator is skipped",
	  STATE "04000001 00000099 00000000",
	  0,
	  UPDATE_COUNT_NONE,
	  1,
	  { { UNKNOWN } } },
	{ "E38: operands that do not fit are an error", STATE "020003ff 00000020",
	  -EBADMSG },
	{ "unknown, beyond the area", STATE "040003ff 00000020", -EBADMSG },
	{ "unknown, of nothing", STATE "ff000000 00000000" },
	{ "two pairs, as words",
	  STATE "03000004 00000030 10000001 00000030 10000002 00000000",
	  0,
	  UPDATE_COUNT_WORDS,
	  2,
	  { { UPDATE_OP_ADD, 0x30, 0x10000001 }, { UPDATE_OP_ADD, 0x30, 0x10000002 } } },
	{ "two pairs, as pairs",
	  STATE "03000002 3e000030 10000001 3e000030 10000002 00000000",
	  0,
	  UPDATE_COUNT_PAIRS,
	  2,
	  { { UPDATE_OP_ADD, 0x3e000030, 0x10000001 },
	    { UPDATE_OP_ADD, 0x3e000030, 0x10000002 } } },
	{ "words, then another operator",
	  STATE "03000002 00000030 10000001 03000002 00000030 10000002",
	  0,
	  UPDATE_COUNT_WORDS,
	  2,
	  { { UPDATE_OP_ADD, 0x30, 0x10000001 }, { UPDATE_OP_ADD, 0x30, 0x10000002 } } },
	{ "pairs, the second parent an operator that nobody knows",
	  STATE "03000002 3e000000 10000001 3e000000 10000002 00000000",
	  0,
	  UPDATE_COUNT_PAIRS,
	  2,
	  { { UPDATE_OP_ADD, 0x3e000000, 0x10000001 },
	    { UPDATE_OP_ADD, 0x3e000000, 0x10000002 } } },
	/* a phandle that would be an operator if there was space for its operands */
	{ "pairs, the second parent an operator too long",
	  STATE "03000002 00000030 10000001 02000004 10000002 00000000",
	  0,
	  UPDATE_COUNT_PAIRS,
	  2,
	  { { UPDATE_OP_ADD, 0x30, 0x10000001 },
	    { UPDATE_OP_ADD, 0x02000004, 0x10000002 } } },
	{ "odd, and cut", STATE "03000001 00000030", -EBADMSG },
	{ "even, and fits neither", STATE "03000002 00000030", -EBADMSG,
	  UPDATE_COUNT_PAIRS },
	{ "nothing behind the end", STATE "00000000 01000001 00000011" },
	{ "no end", STATE "01000001 00000011", 0, 0, 1, { { UPDATE_OP_DELETE, 0x11 } } },
	{ "state alone", STATE },
	{ "all there could be", STATE "01ffffff 00000011", -EBADMSG },
};

static void assert_node(const struct update_node *node, const struct update_node *want)
{
	assert_int_equal(node->op, want->op);
	assert_int_equal(node->phandle, want->phandle);
	assert_int_equal(node->drc_index, want->drc_index);
}

/* Behaviours: log-E31, log-E32, log-E33, log-E34, log-E35, log-E36, log-E37, log-E38 */
TEST(changes_are_read)
{
	for (size_t i = 0; i < COUNT(vectors); i++) {
		const struct vector *v = &vectors[i];
		_cleanup_hex_ struct hex hex = hex_of(v->digits);
		struct update_nodes_iter it;
		struct update_node node;

		print_message("# %s\n", v->id);
		assert_int_equal(update_nodes_begin(&it, hex.bytes, hex.len), 0);
		for (uint32_t n = 0; n < v->n; n++) {
			assert_int_equal(update_nodes_next(&it, &node), 1);
			assert_node(&node, &v->nodes[n]);
		}
		assert_int_equal(update_nodes_next(&it, &node), v->end);
		assert_int_equal(update_nodes_next(&it, &node), v->end);
		if (v->count)
			assert_int_equal(it.count, v->count);
	}
}

/* A truncated area ends early or is refused, without invented nodes. */
TEST(every_cut_ends)
{
	for (size_t i = 0; i < COUNT(vectors); i++) {
		const struct vector *v = &vectors[i];
		_cleanup_hex_ struct hex hex = hex_of(v->digits);

		for (size_t len = 0; len < hex.len; len++) {
			uint8_t *cut = exact_copy(hex.bytes, len);
			struct update_nodes_iter it;
			struct update_node node;
			int err = update_nodes_begin(&it, cut, len);
			uint32_t n = 0;

			if (len < UPDATE_STATE_BYTES || len % 4)
				assert_int_equal(err, -EBADMSG);
			else
				assert_int_equal(err, 0);
			while (!err && (err = update_nodes_next(&it, &node)) > 0) {
				n++;
				err = 0;
			}
			assert_true(n <= (len + 3) / 4);
			free(cut);
		}
	}
}

/* The operator of E38 in a whole area: its operands do not fit in 4096 - 20 bytes. 1019
 * would fit, but then there is no space for an end. */
TEST(a_full_area_ends)
{
	uint8_t area[UPDATE_AREA_BYTES] = { [16] = 2, [18] = 3, [19] = 0xff };
	struct update_nodes_iter it;
	struct update_node node;
	uint32_t n = 0;

	assert_int_equal(update_nodes_begin(&it, area, sizeof(area)), 0);
	assert_int_equal(update_nodes_next(&it, &node), -EBADMSG);
	area[19] = 0xfb;
	assert_int_equal(update_nodes_begin(&it, area, sizeof(area)), 0);
	while (update_nodes_next(&it, &node) > 0)
		n++;
	assert_int_equal(n, 1019);
	area[19] = 0xfc;
	assert_int_equal(update_nodes_begin(&it, area, sizeof(area)), 0);
	assert_int_equal(update_nodes_next(&it, &node), -EBADMSG);
}

static const struct update_node tree[] = {
	{ UPDATE_OP_DELETE, 0x11 },	     { UPDATE_OP_DELETE, 0x12 },
	{ UPDATE_OP_CHANGE, 0x20 },	     { UPDATE_OP_CHANGE, 0x21 },
	{ UPDATE_OP_CHANGE, 0x3e6471b8 },    { UPDATE_OP_ADD, 0x30, 0x10000001 },
	{ UPDATE_OP_ADD, 0x31, 0x10000002 },
};

/* Read all that a client learns. Return the number of calls. */
static unsigned int converse(const struct update_nodes_answer *answer)
{
	uint8_t area[UPDATE_AREA_BYTES];
	struct update_nodes_iter it;
	struct update_node node;
	unsigned int calls = 0;
	uint32_t n = 0;
	int status;

	update_nodes_start(area);
	do {
		status = update_nodes_answer(area, answer);
		assert_uint_in_range(status, UPDATE_DONE, UPDATE_MORE);
		calls++;
		assert_int_equal(update_nodes_begin(&it, area, sizeof(area)), 0);
		while (update_nodes_next(&it, &node) > 0) {
			assert_true(n < answer->n);
			assert_node(&node, &answer->nodes[n]);
			n++;
			if (node.op == UPDATE_OP_ADD)
				assert_int_equal(it.count, answer->count);
		}
	} while (status == UPDATE_MORE);
	assert_int_equal(n, answer->n);
	return calls;
}

TEST(answers_are_read_again)
{
	for (int count = UPDATE_COUNT_WORDS; count <= UPDATE_COUNT_PAIRS; count++) {
		struct update_nodes_answer answer = { .nodes = tree,
						      .n = COUNT(tree),
						      .count = (enum update_count)count,
						      .limit = UPDATE_AREA_BYTES };

		assert_int_equal(converse(&answer), 1);
		/* space for one addition, then more and more */
		for (answer.limit = 28; answer.limit < 100; answer.limit++)
			converse(&answer);
		answer.limit = 28;
		assert_int_equal(converse(&answer), 5);
		answer.n = 0;
		assert_int_equal(converse(&answer), 1);
	}
}

TEST(an_answer_is_firmwares)
{
	_cleanup_hex_ struct hex e32 = hex_of(vectors[1].digits),
				 e34 = hex_of(vectors[3].digits),
				 e35 = hex_of(vectors[4].digits);
	struct update_nodes_answer answer = { .nodes = tree, .n = 3, .limit = 4096 };
	const struct update_node add = { UPDATE_OP_ADD, 0x30, 0x10000001 };
	uint8_t area[UPDATE_AREA_BYTES];

	update_nodes_start(area);
	assert_int_equal(update_nodes_answer(area, &answer), UPDATE_DONE);
	assert_memory_equal(area, e32.bytes, e32.len);

	answer.nodes = &add;
	answer.n = 1;
	answer.count = UPDATE_COUNT_WORDS;
	assert_int_equal(update_nodes_answer(area, &answer), UPDATE_DONE);
	assert_memory_equal(area, e34.bytes, e34.len);
	answer.count = UPDATE_COUNT_PAIRS;
	assert_int_equal(update_nodes_answer(area, &answer), UPDATE_DONE);
	assert_memory_equal(area, e35.bytes, e35.len);
}

TEST(many_changes_fill_areas)
{
	enum { MANY = 3000 };
	struct update_node *many = calloc(MANY, sizeof(*many));
	struct update_nodes_answer answer = {
		.nodes = many, .n = MANY, .count = UPDATE_COUNT_WORDS, .limit = SIZE_MAX
	};

	for (uint32_t i = 0; i < MANY; i++)
		many[i] = (struct update_node){ UPDATE_OP_CHANGE, 0x1000 + i };
	/* 1019 an area: (4096 - 16) / 4, without the operator */
	assert_int_equal(converse(&answer), 3);
	/* each addition has an operator: 340 of 12 bytes */
	for (uint32_t i = 0; i < MANY; i++)
		many[i] =
			(struct update_node){ UPDATE_OP_ADD, 0x1000 + i, 0x10000000 + i };
	assert_int_equal(converse(&answer), 9);
	answer.count = UPDATE_COUNT_PAIRS;
	assert_int_equal(converse(&answer), 9);
	free(many);
}

/* The client controls the state. */
TEST(strange_states_are_refused)
{
	struct update_nodes_answer answer = { .nodes = tree,
					      .n = COUNT(tree),
					      .limit = UPDATE_AREA_BYTES };
	uint8_t area[UPDATE_AREA_BYTES];

	update_nodes_start(area);
	area[3] = COUNT(tree) + 1;
	assert_int_equal(update_nodes_answer(area, &answer), -EINVAL);
	area[0] = 0xff;
	assert_int_equal(update_nodes_answer(area, &answer), -EINVAL);
	update_nodes_start(area);
	for (answer.limit = 0; answer.limit < 24; answer.limit++)
		assert_int_equal(update_nodes_answer(area, &answer), -ENOSPC);
}
