// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <err.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "tests/peers/diff/step.h"
#include "tests/peers/diff/text.h"
#include "wire/hcall.h"

enum { MEM_MAX = 1 << 16, FDT_MAX = 2 << 20, OF_TEXTS = 0x1000, OF_BLOCK = 52 };

static void write_ranges(struct machine *m, json_object *ranges)
{
	size_t i, n = ranges ? json_object_array_length(ranges) : 0, len;
	uint8_t *data = malloc(MEM_MAX);

	for (i = 0; data && i < n; i++) {
		json_object *range = json_at(ranges, i);

		len = hex_bytes(json_object_get_string(json_at(range, 1)), data, MEM_MAX);
		machine_write(
			m, strtoull(json_object_get_string(json_at(range, 0)), NULL, 16),
			data, len);
	}
	free(data);
}

/* Read each with the recorded length, or with the script's. */
static void read_ranges(struct machine *m, json_object *step, json_object *reply)
{
	json_object *ranges = NULL, *out = json_object_new_array();
	uint8_t *data = malloc(MEM_MAX);
	size_t i, len;

	json_object_object_get_ex(step, "mem_out", &ranges);
	for (i = 0; data && ranges && i < json_object_array_length(ranges); i++) {
		json_object *range = json_at(ranges, i), *to = json_object_new_array();
		const char *addr = json_object_get_string(json_at(range, 0));
		json_object *what = json_at(range, 1);

		len = json_object_is_type(what, json_type_int)
			      ? (size_t)json_object_get_int(what)
			      : strlen(json_object_get_string(what)) / 2;
		if (len > MEM_MAX)
			errx(1, "too much memory: %s", json_line(step));
		machine_read(m, strtoull(addr, NULL, 16), data, len);
		json_object_array_add(to, json_object_new_string(addr));
		char *hex = hex_of(data, len);
		json_object_array_add(to, json_object_new_string(hex));
		free(hex);
		json_object_array_add(out, to);
	}
	free(data);
	if (ranges)
		json_object_object_add(reply, "mem_out", out);
	else
		json_object_put(out);
}

/* ---- The tree that CAS wrote ------------------------------------------------------ */

static void put_node(json_object *nodes, json_object *tree, const void *fdt, int node)
{
	json_object *props = json_object_new_object();
	const char *name;
	char path[512];
	int prop, len;

	if (fdt_get_path(fdt, node, path, sizeof(path)) < 0)
		return;
	fdt_for_each_property_offset(prop, fdt, node) {
		const void *value = fdt_getprop_by_offset(fdt, prop, &name, &len);

		json_put_hex(props, name, value, len);
	}
	json_object_array_add(nodes, json_object_new_string(path));
	json_object_object_add(tree, path, props);
}

static void put_tree(json_object *reply, const void *fdt, size_t size)
{
	json_object *nodes = json_object_new_array(), *tree = json_object_new_object();
	int node = -1;

	if (fdt_check_full(fdt, size) == 0) {
		while ((node = fdt_next_node(fdt, node, NULL)) >= 0)
			put_node(nodes, tree, fdt, node);
	}
	json_put_int(reply, "fdt_size", size);
	json_object_object_add(reply, "fdt_nodes", nodes);
	json_object_object_add(reply, "fdt", tree);
}

static void read_tree(struct machine *m, uint64_t addr, json_object *reply)
{
	uint8_t head[8], *fdt;
	size_t size;

	machine_read(m, addr, head, sizeof(head));
	size = (size_t)head[4] << 24 | head[5] << 16 | head[6] << 8 | head[7];
	fdt = calloc(1, FDT_MAX);
	if (!fdt || size > FDT_MAX)
		size = 0;
	machine_read(m, addr, fdt, size);
	put_tree(reply, fdt, size);
	free(fdt);
}

/* ---- Hypercalls ------------------------------------------------------------------- */

/* Run a stopped machine for the call. */
static bool hcall_running(struct machine *m, json_object *step,
			  uint64_t regs[HCALL_REGS_IN], bool stops)
{
	bool stopped = json_number(step, "stopped", 0), ok;

	if (stopped)
		json_object_put(machine_qmp(m, "cont", NULL));
	ok = machine_hcall(m, regs, stops);
	if (stopped)
		json_object_put(machine_qmp(m, "stop", NULL));
	return ok;
}

/* "regs": report so many registers from r4 on. */
static void put_registers(json_object *step, const uint64_t regs[HCALL_REGS_IN],
			  json_object *reply)
{
	json_object *rets = json_object_new_array();
	int i, n = json_number(step, "regs", 0);

	for (i = 1; i <= n && i < HCALL_REGS_OUT; i++)
		json_object_array_add(rets, json_new_u64(regs[i]));
	if (n)
		json_object_object_add(reply, "rets", rets);
	else
		json_object_put(rets);
}

json_object *step_hcall(struct machine *m, json_object *step)
{
	json_object *reply = json_object_new_object();
	json_object *in = json_object_object_get(step, "in");
	uint64_t regs[HCALL_REGS_IN] = { 0 }, before;
	size_t i, n = json_count(step, "in");
	bool stops = json_number(step, "stops", 0);

	for (i = 0; i < n && i < HCALL_REGS_IN; i++)
		regs[i] = strtoull(json_object_get_string(json_at(in, i)), NULL, 16);
	before = regs[1];

	write_ranges(m, json_object_object_get(step, "mem_in"));
	if (!hcall_running(m, step, regs, stops) || stops)
		return reply;

	json_put_int(reply, "r3", (int64_t)regs[0]);
	if (regs[1] != before)
		json_put_u64(reply, "r4", regs[1]);
	put_registers(step, regs, reply);
	read_ranges(m, step, reply);
	if (json_object_object_get_ex(step, "fdt", NULL) && regs[0] == 0)
		read_tree(m,
			  strtoull(json_object_get_string(json_at(in, 2)), NULL, 16) + 4,
			  reply);
	return reply;
}

/* ---- The client interface --------------------------------------------------------- */

static uint32_t put_text(struct machine *m, uint32_t *at, const char *text, size_t len,
			 uint32_t room)
{
	uint32_t here = *at;

	machine_write(m, here, text, len);
	machine_write(m, here + len, "", 1);
	*at += room;
	return here;
}

static uint32_t of_argument(struct machine *m, uint32_t *at, json_object *arg)
{
	if (!json_object_is_type(arg, json_type_string))
		return (uint32_t)json_object_get_int64(arg);
	return put_text(m, at, json_object_get_string(arg),
			json_object_get_string_len(arg), 0x200);
}

static void put_of_rets(struct machine *m, json_object *reply, uint64_t at, size_t n,
			bool any)
{
	json_object *rets = json_object_new_array();
	uint32_t words[16];
	size_t i;

	machine_read(m, at, words, n * sizeof(*words));
	for (i = 0; i < n; i++)
		json_object_array_add(rets, any ? json_object_new_string("*")
						: json_new_u64(be32toh(words[i])));
	json_object_object_add(reply, "rets", rets);
}

/* Return true if the result is the time, which may differ. */
static bool any_result(json_object *step)
{
	return strcmp(json_text(step, "service", ""), "milliseconds") == 0;
}

json_object *step_of(struct machine *m, json_object *step)
{
	const char *service = json_text(step, "service", "");
	uint32_t at = AT_HCALLS + OF_TEXTS, block[16];
	json_object *reply = json_object_new_object();
	json_object *args = json_object_object_get(step, "args");
	size_t i, n = json_count(step, "args"), nret = json_number(step, "nret", 0);
	uint64_t regs[HCALL_REGS_IN] = { KVMPPC_H_OF_CLIENT, AT_HCALLS };

	if (n > 13 || nret > 16)
		errx(1, "too many cells: %s", json_line(step));
	memset(block, MEMORY_FILL, sizeof(block));
	block[0] = htobe32(put_text(m, &at, service, strlen(service), 0x100));
	block[1] = htobe32(n);
	block[2] = htobe32(nret);
	for (i = 0; i < n; i++)
		block[3 + i] = htobe32(of_argument(m, &at, json_at(args, i)));
	machine_write(m, AT_HCALLS, block, n > 10 ? 12 + 4 * n : OF_BLOCK);

	if (!machine_hcall(m, regs, false))
		return reply;
	json_put_int(reply, "r3", (int64_t)regs[0]);
	put_of_rets(m, reply, AT_HCALLS + 12 + 4 * n, nret, any_result(step));
	read_ranges(m, step, reply);
	return reply;
}
