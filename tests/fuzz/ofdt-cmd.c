// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libwire.la */
/* One write to /proc/ppc64/ofdt, decoded by the kernel's half. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "wire/ofdt_cmd.h"

static void inside(const uint8_t *data, size_t size, const void *part, size_t len)
{
	const uint8_t *p = part;

	MUST(p >= data && len <= size && p <= data + (size - len));
}

/* The encoder makes the same command from the decoded one. */
static void check_add_node(const struct ofdt_cmd *cmd)
{
	static uint8_t bytes[1 << 17];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct ofdt_cmd read = *cmd, again;
	struct ofdt_prop prop, copy;
	char name[512];
	int more, n = 0;

	if (cmd->path.len >= sizeof(name))
		return;
	snprintf(name, sizeof(name), "%.*s", (int)cmd->path.len, cmd->path.s);
	ofdt_encode_add_node(&b, name);
	while ((more = ofdt_cmd_next_property(&read, &prop)) > 0) {
		if (prop.name.len >= sizeof(name))
			return;
		snprintf(name, sizeof(name), "%.*s", (int)prop.name.len, prop.name.s);
		ofdt_encode_property(&b, name, prop.value, prop.len);
		n++;
	}
	ofdt_encode_end(&b);
	if (more || !n || !builder_fits(&b)) /* every node has at least its name */
		return;

	MUST(!ofdt_cmd_parse(&again, bytes, b.len));
	read = *cmd;
	while (ofdt_cmd_next_property(&read, &prop) > 0) {
		MUST(ofdt_cmd_next_property(&again, &copy) == 1);
		MUST(copy.len == prop.len && !memcmp(copy.value, prop.value, prop.len));
		MUST(copy.name.len == prop.name.len &&
		     !memcmp(copy.name.s, prop.name.s, prop.name.len));
	}
	MUST(ofdt_cmd_next_property(&again, &copy) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ofdt_prop prop;
	struct ofdt_cmd cmd;

	if (ofdt_cmd_parse(&cmd, data, size))
		return 0;
	if (cmd.verb == OFDT_ADD_NODE)
		check_add_node(&cmd);
	if (cmd.path.s)
		inside(data, size, cmd.path.s, cmd.path.len);
	if (cmd.property.s)
		inside(data, size, cmd.property.s, cmd.property.len);
	while (ofdt_cmd_next_property(&cmd, &prop) > 0) {
		inside(data, size, prop.name.s, prop.name.len);
		inside(data, size, prop.value, prop.len);
	}
	return 0;
}
