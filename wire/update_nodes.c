// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "wire/update.h"

enum { COUNT_MAX = 0xffffff }; /* 24 bits */

void update_nodes_start(void *area)
{
	memset(area, 0, UPDATE_AREA_BYTES);
}

int update_nodes_begin(struct update_nodes_iter *it, const void *area, size_t len)
{
	*it = (struct update_nodes_iter){ .c = cursor_of(area, len) };
	return cursor_bytes(&it->c, UPDATE_STATE_BYTES) && len % 4 == 0 ? 0 : -EBADMSG;
}

static bool update_nodes_operator_is_known(uint32_t op)
{
	return op >= UPDATE_OP_DELETE && op <= UPDATE_OP_ADD;
}

/* Return true if after this many words the list ends, or a known operator follows whose
 * operands fit. */
static bool update_nodes_operator_follows(struct cursor c, uint32_t words)
{
	uint32_t word;

	if (!cursor_bytes(&c, (size_t)words * 4))
		return false;
	if (!cursor_left(&c))
		return true;
	word = cursor_be32(&c);
	return !word || (update_nodes_operator_is_known(word >> 24) &&
			 (word & COUNT_MAX) <= cursor_left(&c) / 4);
}

/* Return how many nodes an addition with this count adds. */
static uint32_t update_nodes_additions(struct update_nodes_iter *it, uint32_t count)
{
	bool words = count % 2 == 0 && update_nodes_operator_follows(it->c, count);

	it->count = words ? UPDATE_COUNT_WORDS : UPDATE_COUNT_PAIRS;
	return words ? count / 2 : count;
}

/* Read operators up to one with items. Return 1, 0 at the end, 2 if the operator is
 * unknown, or -EBADMSG. */
static int update_nodes_next_operator(struct update_nodes_iter *it)
{
	uint32_t word, count;

	do {
		if (!cursor_left(&it->c))
			return it->c.err ? -EBADMSG : 0;
		word = cursor_be32(&it->c);
		count = word & COUNT_MAX;
		if (!word) {
			it->c.p = it->c.end;
			return 0;
		}
	} while (!count);

	it->op = (uint8_t)(word >> 24);
	if (!update_nodes_operator_is_known(it->op))
		return cursor_bytes(&it->c, (size_t)count * 4) ? 2 : -EBADMSG;
	it->left = it->op == UPDATE_OP_ADD ? update_nodes_additions(it, count) : count;
	return 1;
}

int update_nodes_next(struct update_nodes_iter *it, struct update_node *out)
{
	int found = it->left ? 1 : update_nodes_next_operator(it);

	*out = (struct update_node){ .op = it->op };
	if (found != 1)
		return found == 2 ? 1 : found;

	/* Check the whole operator before any item of it is used. */
	if (it->left > cursor_left(&it->c) / (it->op == UPDATE_OP_ADD ? 8 : 4))
		return -EBADMSG;
	out->phandle = cursor_be32(&it->c);
	if (it->op == UPDATE_OP_ADD)
		out->drc_index = cursor_be32(&it->c);
	it->left--;
	return 1;
}

/* ---- Firmware side ---- */

/* Return how many nodes from here fit under one operator in this many words. Each
 * addition gets its own operator: then the encoding differs only in the count, however
 * additions are counted. */
static uint32_t update_nodes_run_length(const struct update_nodes_answer *answer,
					uint32_t from, size_t words)
{
	const struct update_node *first = &answer->nodes[from];
	uint32_t n = 1;

	if (words < (first->op == UPDATE_OP_ADD ? 3 : 2))
		return 0;
	if (first->op == UPDATE_OP_ADD)
		return 1;
	while (from + n < answer->n && answer->nodes[from + n].op == first->op &&
	       1 + n < words)
		n++;
	return n;
}

static void update_nodes_encode_run(struct builder *b,
				    const struct update_nodes_answer *answer,
				    uint32_t from, uint32_t n)
{
	const struct update_node *node = &answer->nodes[from];
	uint32_t count = n;

	if (node->op == UPDATE_OP_ADD && answer->count != UPDATE_COUNT_PAIRS)
		count *= 2;
	builder_be32(b, (uint32_t)node->op << 24 | count);
	for (; n; n--, node++) {
		builder_be32(b, node->phandle);
		if (node->op == UPDATE_OP_ADD)
			builder_be32(b, node->drc_index);
	}
}

/* Answer a call. Only the first word of the state is read and written; the client must
 * return the others unchanged. */
int update_nodes_answer(void *area, const struct update_nodes_answer *answer)
{
	struct cursor c = cursor_of(area, UPDATE_STATE_BYTES);
	size_t limit =
		answer->limit < UPDATE_AREA_BYTES ? answer->limit : UPDATE_AREA_BYTES;
	uint32_t at = cursor_be32(&c), n;
	struct builder b = builder_of(area, UPDATE_AREA_BYTES);
	uint8_t *bytes = area;

	if (at > answer->n)
		return -EINVAL;
	if (limit < UPDATE_STATE_BYTES + 4)
		return -ENOSPC;
	memset(bytes + UPDATE_STATE_BYTES, 0, UPDATE_AREA_BYTES - UPDATE_STATE_BYTES);
	b.len = UPDATE_STATE_BYTES;
	for (; at < answer->n; at += n) {
		n = update_nodes_run_length(answer, at, (limit - b.len) / 4);
		if (!n)
			break;
		update_nodes_encode_run(&b, answer, at, n);
	}
	if (b.len == UPDATE_STATE_BYTES && at < answer->n)
		return -ENOSPC;
	b.len = 0;
	builder_be32(&b, at < answer->n ? at : 0);
	return at < answer->n ? UPDATE_MORE : UPDATE_DONE;
}
