// SPDX-License-Identifier: GPL-2.0-or-later
/* A block device that is reached over a network, and a file system with a cache on another
 * device: impact.patch adds a row for each. */
#include "libdrmgr/impact/impact.h"
#include "tests/unit/fakes/impact_root.h"

TEST(rows_are_enough)
{
	const char *node = impact_root_node('A');
	_cleanup_mem_ struct mem mem = { 0 };
	struct impacts found = { .mem = &mem };
	struct impact_root b;

	impact_root_begin(&b,
			  "net A eth0\n addr eth0 192.0.2.5/24\n route 192.0.2.9 eth0\n"
			  "virtual toy0 240:0\n"
			  "file sys/class/block/toy0/server 192.0.2.9\n"
			  "mount 240:0 / ext4 /dev/toy0\n"
			  "mount 0:50 /data toyfs server rw,cache=/dev/toy0");
	assert_int_equal(impact_find(&b.f->dr, &node, 1, &found), 0);
	assert_int_equal(found.n, 3);
	assert_string_equal(found.list[0].what, "/");
	assert_string_equal(found.list[0].through, "eth0 > toy0");
	assert_true(found.list[0].is_fatal);
	assert_string_equal(found.list[1].what, "/data");
	assert_int_equal(found.list[2].kind, IMPACT_ADDRESS);
	impact_root_end(&b);
}
