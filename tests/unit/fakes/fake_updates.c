// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include "tests/unit/fakes/fake_updates.h"
#include "tests/unit/fakes/hex.h"
#include "wire/ofdt_cmd.h"
#include "wire/update.h"

#define DT "proc/device-tree"

enum { TOKEN_ACTIVATE = 5, TOKEN_NODES, TOKEN_PROPS };

static const struct {
	const char *path;
	uint32_t phandle;
} nodes[] = {
	{ "", 0x7 },
	{ "/cpus", 0x30 },
	{ "/vdevice", 0x20 },
	{ "/vdevice/old@1", 0x11 },
	{ "/vdevice/old@2", 0x12 },
	{ "/vdevice/old@1/part", 0x13 },
};

/* One at a time, because the calls of a test come from one thread. */
static struct {
	const struct fake_updates *told;
	unsigned int nodes, props;
	uint8_t last[UPDATE_AREA_BYTES];
} now;

static int32_t give(struct fake *f, const struct fake_answer *answer, uint8_t *area)
{
	_cleanup_hex_ struct hex hex = hex_of(answer->area ? answer->area : "");

	(void)f;
	if (!answer->area) /* no changes to report */
		memset(area + UPDATE_STATE_BYTES, 0, 4);
	assert_true(hex.len <= UPDATE_AREA_BYTES);
	if (hex.len) {
		memset(area, 0, UPDATE_AREA_BYTES);
		memcpy(area, hex.bytes, hex.len);
	}
	memcpy(now.last, area, sizeof(now.last));
	return answer->status;
}

static int32_t update_nodes(struct fake *f, uint8_t *area)
{
	static const uint8_t zero[UPDATE_STATE_BYTES];
	bool is_next = now.nodes && now.told->nodes[now.nodes - 1].status == UPDATE_MORE;
	const void *wanted = is_next ? now.last : zero;
	bool is_right = !memcmp(area, wanted, UPDATE_STATE_BYTES);

	if (fake_note(f, 0, is_right ? "UN" : "UN!"))
		return f->fail_with;
	assert_true(now.nodes < FAKE_ANSWERS);
	return give(f, &now.told->nodes[now.nodes++], area);
}

static int32_t update_props(struct fake *f, uint8_t *area)
{
	bool is_next = now.props && now.told->props[now.props - 1].status == UPDATE_MORE;
	bool is_right = !is_next || !memcmp(area, now.last, UPDATE_STATE_BYTES);

	if (fake_note(f, 0, is_right ? "UP=%x" : "UP!%x", update_props_phandle(area)))
		return f->fail_with;
	assert_true(now.props < FAKE_ANSWERS);
	return give(f, &now.told->props[now.props++], area);
}

static int answer(struct fake *f, struct rtas_args *args)
{
	switch (args->token) {
	case TOKEN_ACTIVATE:
		args->out[0] = fake_note(f, 0, "AF") ? (uint32_t)f->fail_with : 0;
		return 0;
	case TOKEN_NODES:
	case TOKEN_PROPS:
		assert_int_equal(args->in[1], UPDATE_SCOPE_MIGRATION);
		args->out[0] =
			(uint32_t)(args->token == TOKEN_NODES ? update_nodes(f, f->area)
							      : update_props(f, f->area));
		return 0;
	}
	return -EINVAL;
}

static const char *path_of(uint32_t phandle)
{
	for (size_t i = 0; i < COUNT(nodes); i++)
		if (nodes[i].phandle == phandle)
			return nodes[i].path;
	return NULL;
}

static ssize_t write_property(struct fake *f, struct ofdt_cmd *cmd)
{
	const char *node = path_of(cmd->phandle);
	struct ofdt_prop prop = { .name = cmd->property };
	bool set = cmd->verb == OFDT_UPDATE_PROPERTY;
	char file[512];

	if (!node)
		return -ENODEV;
	if (set)
		assert_int_equal(ofdt_cmd_next_property(cmd, &prop), 1);
	if (fake_note(f, 0, "%s:%.*s", set ? "set" : "unset", (int)prop.name.len,
		      prop.name.s))
		return f->fail_with;
	snprintf(file, sizeof(file), DT "%s/%.*s", node, (int)prop.name.len, prop.name.s);
	if (set)
		fake_file(f, file, prop.value, prop.len);
	else
		fake_remove(f, file);
	return 0;
}

static void put_u32(const struct fake *f, const char *path, uint32_t v)
{
	const uint8_t bytes[] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
				  (uint8_t)(v >> 8), (uint8_t)v };

	fake_file(f, path, bytes, sizeof(bytes));
}

void fake_updates_tell(const struct fake_updates *told)
{
	now.told = told;
	now.nodes = now.props = 0;
}

struct fake *fake_updates_new(const struct fake_updates *told)
{
	struct fake *f = fake_new();
	char path[128];

	fake_updates_tell(told);
	put_u32(f, DT "/rtas/ibm,activate-firmware", TOKEN_ACTIVATE);
	put_u32(f, DT "/rtas/ibm,update-nodes", TOKEN_NODES);
	put_u32(f, DT "/rtas/ibm,update-properties", TOKEN_PROPS);
	for (size_t i = 0; i < COUNT(nodes); i++) {
		snprintf(path, sizeof(path), DT "%s/ibm,phandle", nodes[i].path);
		put_u32(f, path, nodes[i].phandle);
	}
	f->firmware = answer;
	f->property = write_property;
	return f;
}

char *fake_property(const struct fake *f, const char *path)
{
	char file[256], *bytes, *text;
	size_t len;

	snprintf(file, sizeof(file), DT "%s", path);
	if (kern_read(&f->root, file, &bytes, &len))
		return strdup("none");
	text = calloc(1, 2 * len + 1);
	for (size_t i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", (uint8_t)bytes[i]);
	free(bytes);
	return text;
}
