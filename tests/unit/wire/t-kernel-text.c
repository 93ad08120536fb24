// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands of /proc/ppc64/ofdt and /sys/kernel/dlpar, and names that they may contain. */
#include "tests/unit/fakes/test.h"
#include "wire/dlpar_cmd.h"
#include "wire/dt_name.h"
#include "wire/ofdt_cmd.h"

TEST(add_node_is_byte_for_byte)
{
	static const char want[] =
		"add_node /pci@1/ethernet@1 reg 3 \0 x name 9 ethernet\0 empty 0 ";
	uint8_t bytes[128];
	struct builder b = builder_of(bytes, sizeof(bytes));

	ofdt_encode_add_node(&b, "/pci@1/ethernet@1");
	ofdt_encode_property(&b, "reg", "\0 x", 3);
	ofdt_encode_property(&b, "name", "ethernet", 9);
	ofdt_encode_property(&b, "empty", "", 0);
	ofdt_encode_end(&b);
	/* the NUL of want is the one that ends the command: an empty last value is
	 * refused without it */
	assert_int_equal(b.len, sizeof(want));
	assert_memory_equal(bytes, want, sizeof(want));
}

TEST(other_commands)
{
	uint8_t bytes[128];
	struct builder b = builder_of(bytes, sizeof(bytes));

	ofdt_encode_remove_node(&b, "/a/b@1");
	assert_int_equal(b.len, 18);
	assert_memory_equal(bytes, "remove_node /a/b@1", 18);
	b = builder_of(bytes, sizeof(bytes));
	ofdt_encode_update_property(&b, 43981, "newp", "wxyz", 4);
	assert_memory_equal(bytes, "update_property 43981 newp 4 wxyz\0", b.len);
	b = builder_of(bytes, sizeof(bytes));
	ofdt_encode_remove_property(&b, 43981, "newp");
	assert_memory_equal(bytes, "remove_property 43981 newp", b.len);
}

/* Linux 6.1's answers in a guest, command by command. */
TEST(parser_agrees_with_the_kernel)
{
#define T(text, err)                        \
	{                                   \
		text, sizeof(text) - 1, err \
	}
	static const struct {
		const char *text;
		size_t len;
		int err;
	} rows[] = {
		T("", -EINVAL),
		T("add_node", -EINVAL),
		T("foo bar", -EINVAL),
		T("add_node /kt1", -EINVAL),
		T("add_node /kt1 ", 0),
		T("add_node /kt1 name 4 kt1\0", 0),
		T("add_node /kt1 bin 5 \x00\x01\x20\x0a\xff ibm,phandle 4 \x00\x00\xab\xcd ",
		  0),
		T("add_node /kt3 name x kt3\0", -EINVAL),
		T("add_node /kt3 name 9", -EINVAL),
		T("add_node /kt3 name 2 kt3X", -EINVAL),
		T("add_node /kt3 name -1 x", -EINVAL),
		T("add_node /kt3 name 4294967295 x", -EINVAL),
		T("add_node /kt3 name 0 ", -EINVAL),
		T("add_node /kt3 name 0 \0", 0),
		T("add_node /kt4 name 0  e 0  f 1 x", 0),
		T("add_node /kt5 name 3 kt5 name 3 kt5", 0),
		T("add_node /kt3 name 4 kt3\0\0\0", -EINVAL),
		T("remove_node /kt1", 0),
		T("add_property 0xabcd newq", -EINVAL),
		T("add_property 0xabcd newp 3 abc", 0),
		T("update_property 43981 newp 4 wxyz", 0),
		T("remove_property 0xabcd newp", 0),
		T("remove_property newp", -EINVAL),
	};
#undef T

	for (size_t i = 0; i < COUNT(rows); i++) {
		void *bytes = exact_copy(rows[i].text, rows[i].len);
		struct ofdt_prop prop;
		struct ofdt_cmd cmd;
		int err = ofdt_cmd_parse(&cmd, bytes, rows[i].len);

		if (!err && cmd.verb != OFDT_REMOVE_NODE &&
		    cmd.verb != OFDT_REMOVE_PROPERTY) {
			int n = 0;

			while ((err = ofdt_cmd_next_property(&cmd, &prop)) == 1)
				n++;
			if (!err && !n && cmd.verb != OFDT_ADD_NODE)
				err = -EINVAL;
		}
		if (err != rows[i].err)
			fail_msg("row %zu (%s): %d", i, rows[i].text, err);
		free(bytes);
	}
}

TEST(parsed_parts)
{
	static const char text[] = "add_node /a/b x 3 \0 y z 0 ";
	struct ofdt_prop prop;
	struct ofdt_cmd cmd;

	assert_int_equal(ofdt_cmd_parse(&cmd, text, sizeof(text)), 0);
	assert_int_equal(cmd.verb, OFDT_ADD_NODE);
	assert_int_equal(cmd.path.len, 4);
	assert_memory_equal(cmd.path.s, "/a/b", 4);
	assert_int_equal(ofdt_cmd_next_property(&cmd, &prop), 1);
	assert_int_equal(prop.len, 3);
	assert_memory_equal(prop.value, "\0 y", 3);
	assert_int_equal(ofdt_cmd_next_property(&cmd, &prop), 1);
	assert_memory_equal(prop.name.s, "z", 1);
	assert_int_equal(prop.len, 0);
	assert_int_equal(ofdt_cmd_next_property(&cmd, &prop), 0);
}

TEST(requests_of_dlpar)
{
	char cmd[DLPAR_CMD_MAX];

	assert_int_equal(dlpar_cmd_by_index(cmd, "dt", true, 0x40000008), 23);
	assert_string_equal(cmd, "dt add index 0x40000008");
	assert_int_equal(dlpar_cmd_by_index(cmd, "dt", false, 8), 26);
	assert_string_equal(cmd, "dt remove index 0x00000008");
	assert_true(dlpar_list_has("memory,cpu,dt\n", "dt"));
	assert_true(dlpar_list_has("dt", "dt"));
	assert_false(dlpar_list_has("memory,cpu\n", "dt"));
	assert_false(dlpar_list_has("memory,dtx,xdt\n", "dt"));
	assert_false(dlpar_list_has("", "dt"));
}

TEST(names)
{
	static const char *const good[] = {
		"a", "#address-cells", "ibm,my-drc-index", "pci@1,f", "..a", "kt6@", ".a"
	};
	static const char *const bad[] = { "",	  ".",	  "..",	      "a/b", "a b",
					   "a\n", "\x7f", "\xc3\xa4", "a\tb" };
	char longest[DT_NAME_MAX + 2];

	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(dt_name_is_ok(good[i]));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(dt_name_is_ok(bad[i]));
	memset(longest, 'x', sizeof(longest));
	longest[DT_NAME_MAX] = '\0';
	assert_true(dt_name_is_ok(longest));
	longest[DT_NAME_MAX] = 'x';
	longest[DT_NAME_MAX + 1] = '\0';
	assert_false(dt_name_is_ok(longest));
	assert_true(dt_path_is_ok("/"));
	assert_true(dt_path_is_ok("/pci@800000020000000/ethernet@1"));
	assert_false(dt_path_is_ok(""));
	assert_false(dt_path_is_ok("a"));
	assert_false(dt_path_is_ok("/a//b"));
	assert_false(dt_path_is_ok("/a/"));
	assert_false(dt_path_is_ok("/a/../b"));
	assert_int_equal(dt_base_name_len("ethernet@1,2"), 8);
	assert_int_equal(dt_base_name_len("cpus"), 4);
}
