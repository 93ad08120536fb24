// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libwire.la */
/* The work areas of ibm,update-nodes and ibm,update-properties: a be16 limit of answers,
 * then an area. It is decoded as either, encoded again by firmware's half, and used as a
 * client's area. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "wire/update.h"

enum { NODES = 1024, PROPS = 256 };

static uint8_t area[UPDATE_AREA_BYTES];

static void say_nodes(const struct update_nodes_answer *answer)
{
	struct update_nodes_iter it;
	struct update_node node;
	uint32_t n = 0;
	int status;

	update_nodes_start(area);
	do {
		status = update_nodes_answer(area, answer);
		MUST(status >= 0);
		MUST(!update_nodes_begin(&it, area, sizeof(area)));
		while (update_nodes_next(&it, &node) > 0) {
			MUST(n < answer->n && node.op == answer->nodes[n].op);
			MUST(node.phandle == answer->nodes[n].phandle);
			MUST(node.drc_index == answer->nodes[n].drc_index);
			n++;
		}
	} while (status == UPDATE_MORE);
	MUST(n == answer->n);
}

static void nodes(const uint8_t *data, size_t size, size_t limit)
{
	static struct update_node known[NODES];
	struct update_nodes_answer answer = { .nodes = known,
					      .count = UPDATE_COUNT_PAIRS,
					      .limit = limit < 28 ? 28 : limit };
	struct update_nodes_iter it;
	struct update_node node;

	if (update_nodes_begin(&it, data, size))
		return;
	while (update_nodes_next(&it, &node) > 0) {
		bool is_known = node.op >= UPDATE_OP_DELETE && node.op <= UPDATE_OP_ADD;

		MUST(is_known || (!node.phandle && !node.drc_index));
		if (is_known && answer.n < NODES)
			known[answer.n++] = node;
	}
	say_nodes(&answer);
	answer.count = UPDATE_COUNT_WORDS;
	say_nodes(&answer);
	answer.limit = limit;
	memcpy(area, data, size < sizeof(area) ? size : sizeof(area));
	update_nodes_answer(area, &answer);
}

static void check_prop(const struct update_prop *prop, const struct update_value *v)
{
	MUST(v->value.len == prop->len);
	MUST(!prop->len || !memcmp(v->value.buf, prop->value, prop->len));
}

static void say_props(const struct update_props_answer *answer)
{
	static uint8_t value[UPDATE_AREA_BYTES];
	struct update_value v = { .value = builder_of(value, sizeof(value)) };
	struct update_props_iter it;
	struct update_prop prop;
	uint32_t n = 0;
	int status;

	update_props_start(area, answer->phandle);
	do {
		status = update_props_answer(area, answer);
		if (status < 0)
			return; /* a name beyond the limit */
		MUST(!update_props_begin(&it, area, sizeof(area)));
		while (update_props_next(&it, &prop) > 0) {
			MUST(n < answer->n);
			MUST(!strcmp(prop.name, answer->props[n].name));
			if (update_value_add(&v, &prop))
				check_prop(&answer->props[n++], &v);
		}
	} while (status == UPDATE_MORE);
	MUST(n == answer->n && update_value_is_whole(&v));
}

static void props(const uint8_t *data, size_t size, size_t limit)
{
	static struct update_prop known[PROPS];
	struct update_props_answer answer = { .path = "/a",
					      .props = known,
					      .limit = limit };
	struct update_props_iter it;
	struct update_prop prop;

	if (update_props_begin(&it, data, size))
		return;
	answer.phandle = it.phandle;
	if (it.path)
		MUST(it.path_len <= size);
	while (update_props_next(&it, &prop) > 0) {
		if (prop.kind != UPDATE_PROP_PARTIAL && answer.n < PROPS)
			known[answer.n++] = prop;
	}
	say_props(&answer);
	memcpy(area, data, size < sizeof(area) ? size : sizeof(area));
	answer.phandle = update_props_phandle(area);
	update_props_answer(area, &answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(data, size);
	size_t limit = cursor_be16(&c);

	if (c.err)
		return 0;
	nodes(c.p, cursor_left(&c), limit);
	props(c.p, cursor_left(&c), limit);
	return 0;
}
