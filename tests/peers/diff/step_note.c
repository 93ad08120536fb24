// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <err.h>
#include <string.h>

#include "tests/peers/diff/step.h"
#include "tests/peers/diff/text.h"
#include "wire/hcall.h"

enum {
	AT_RESULT = AT_HCALLS + 0x8000,
	AT_BLOCK = AT_HCALLS + 0x9000,
	NAME_MAX_LEN = 64,
	MANY = 400,
	CONFIGURE_CONNECTOR = 0x201e,
};

/* ---- All names of a node ---------------------------------------------------------- */

static json_object *of(struct machine *m, const char *service, json_object *args)
{
	json_object *step = json_object_new_object(), *reply;

	json_object_object_add(step, "service", json_object_new_string(service));
	json_object_object_add(step, "args", args);
	json_put_int(step, "nret", 1);
	reply = step_of(m, step);
	json_object_put(step);
	return reply;
}

static char *first_ret(json_object *reply)
{
	json_object *rets = json_object_object_get(reply, "rets");
	char *text = text_of("%s", rets ? json_object_get_string(json_at(rets, 0)) : "");

	json_object_put(reply);
	return text;
}

static json_object *list(const char *text, int64_t number)
{
	json_object *args = json_object_new_array();

	if (text)
		json_object_array_add(args, json_object_new_string(text));
	else
		json_object_array_add(args, json_object_new_int64(number));
	return args;
}

static json_object *nextprop_walk(struct machine *m, const char *path)
{
	json_object *names = json_object_new_array(), *args;
	char *node = first_ret(of(m, "finddevice", list(path, 0))), *more;
	uint32_t phandle = strtoul(node, NULL, 16);
	char name[NAME_MAX_LEN + 1] = "";
	int i;

	free(node);
	for (i = 0; i < MANY; i++) {
		args = list(NULL, phandle);
		json_object_array_add(args, json_object_new_string(name));
		json_object_array_add(args, json_object_new_int64(AT_RESULT));
		more = first_ret(of(m, "nextprop", args));
		if (strcmp(more, "1") != 0)
			break;
		free(more);
		machine_read(m, AT_RESULT, name, NAME_MAX_LEN);
		json_object_array_add(names, json_object_new_string(name));
	}
	json_object_array_add(names, json_object_new_string(more));
	free(more);
	return names;
}

/* ---- A property of a connector's configuration, by hypercalls
 * ------------------------ */

static int32_t configure(struct machine *m, uint32_t drc, uint8_t area[4096])
{
	uint32_t block[6] = { htobe32(CONFIGURE_CONNECTOR), htobe32(2), htobe32(1),
			      htobe32(AT_WORK_AREA) };
	uint64_t regs[HCALL_REGS_IN] = { KVMPPC_H_RTAS, AT_BLOCK };
	uint32_t head[2] = { htobe32(drc), 0 };

	machine_fill(m, AT_WORK_AREA, 64, MEMORY_FILL);
	machine_write(m, AT_WORK_AREA, head, sizeof(head));
	machine_write(m, AT_BLOCK, block, sizeof(block));
	if (!machine_hcall(m, regs, false))
		return -1;
	machine_read(m, AT_BLOCK, block, sizeof(block));
	machine_read(m, AT_WORK_AREA, area, 4096);
	return (int32_t)be32toh(block[5]);
}

static void find_property(struct machine *m, json_object *step, json_object *reply)
{
	const char *wanted = json_text(step, "property", "");
	uint32_t drc = json_hex(step, "drc", 0), words[5];
	size_t bytes = json_number(step, "bytes", 0);
	uint8_t area[4096 + 1] = { 0 };
	int32_t status = 1;
	int i;

	for (i = 0; i < MANY && status >= 1 && status <= 4; i++) {
		status = configure(m, drc, area);
		memcpy(words, area, sizeof(words));
		if (status != 3 || be32toh(words[2]) >= 4096 ||
		    be32toh(words[4]) + bytes > 4096 ||
		    strcmp((char *)area + be32toh(words[2]), wanted) != 0)
			continue;
		json_put_int(reply, "len", be32toh(words[3]));
		json_put_hex(reply, "value", area + be32toh(words[4]), bytes);
		return;
	}
}

json_object *step_note(struct machine *m, json_object *step)
{
	json_object *reply = json_object_new_object();
	const char *what = json_text(step, "do", "");

	if (strcmp(what, "nextprop-walk") == 0)
		json_object_object_add(reply, "value",
				       nextprop_walk(m, json_text(step, "node", "/")));
	else if (strcmp(what, "find-property") == 0)
		find_property(m, step, reply);
	else
		errx(1, "no such note: %s", json_line(step));
	return reply;
}

/* ---- Negotiation -------------------------------------------------------------------- */

/* PVR list (POWER9, end), then vectors 1 to 6 of Linux 6.1, with the bits that the
 * machine uses: ISA 3.0, dynamic memory (v2), affinity, hot-plug events, XIVE, radix. */
const char step_linux_vectors[] =
	"ffff0000004e000000000000ffffffff"
	"05"
	"0200ffc0"
	"23000000000000000000000000000000000000000000000000000000000000000000000000"
	"0100e0"
	"010001"
	"1900f00000a0050000000000000000000000000000008040400040"
	"02000002";

void step_linux_cas(struct machine *m)
{
	uint64_t regs[HCALL_REGS_IN] = { KVMPPC_H_CAS, AT_HCALLS, AT_HCALLS + 0x100000,
					 0x80000 };
	uint8_t vectors[128];
	size_t n = hex_bytes(step_linux_vectors, vectors, sizeof(vectors));

	json_object_put(machine_qmp(m, "cont", NULL));
	machine_write(m, AT_HCALLS, vectors, n);
	machine_hcall(m, regs, false);
	if (!m->dead && regs[0])
		errx(1, "%s: CAS: %lld", m->program, (long long)regs[0]);
	json_object_put(machine_qmp(m, "stop", NULL));
}
