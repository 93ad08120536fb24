// SPDX-License-Identifier: GPL-2.0-or-later
/* The status of /proc/device-tree-overlay, in this version's format, in others, and
 * invalid. */
#include "kern/overlay.h"
#include "tests/unit/fakes/fake_platform.h"

#define FILE_NAME "proc/device-tree-overlay"

static int status_of(const char *text, struct overlay_status *status)
{
	struct fake *f = fake_new();
	int err;

	fake_text(f, FILE_NAME, text);
	err = overlay_status_read(&f->root, status);
	fake_free(f);
	return err;
}

TEST(reads_all)
{
	struct overlay_status s;

	assert_int_equal(
		status_of("papr-dt-overlay 1 backend=changeset max=1048576 seq=12 "
			  "last=-16\n"
			  "reason: fragment@0, /soc: the node is in use\n"
			  "3 drc-40000010 nodes=+4/-0 props=1\n"
			  "7 #7 nodes=+0/-2 props=0\n",
			  &s),
		0);
	assert_int_equal(s.max, 1048576);
	assert_int_equal(s.seq, 12);
	assert_int_equal(s.last, -16);
	assert_string_equal(s.reason, "fragment@0, /soc: the node is in use");
	assert_int_equal(s.n, 2);
	assert_int_equal(s.records[0].number, 3);
	assert_string_equal(s.records[0].id, "drc-40000010");
	assert_int_equal(s.records[0].added, 4);
	assert_int_equal(s.records[0].props, 1);
	assert_string_equal(s.records[1].id, "#7");
	assert_int_equal(s.records[1].removed, 2);
	overlay_status_free(&s);
}

/* Later versions may print more, in another order; older ones less. */
TEST(ignores_what_is_unknown)
{
	struct overlay_status s;

	assert_int_equal(
		status_of("papr-dt-overlay 2 new=1 last=-22 max=99999999999 seq=x "
			  "last\n"
			  "note: something\n"
			  "1 a props=2 more=3 nodes=+1/-5\n"
			  "2 b nodes=+1 props=-1\n"
			  "3\n"
			  "x y nodes=+1/-1\n"
			  "reason: too late\n"
			  "4 \033b\n"
			  "\n"
			  "5 c",
			  &s),
		0);
	assert_int_equal(s.max, 99999999999);
	assert_int_equal(s.seq, 0);
	assert_int_equal(s.last, -22);
	assert_string_equal(s.reason, "");
	assert_int_equal(s.n, 3);
	assert_int_equal(s.records[0].added, 1);
	assert_int_equal(s.records[0].removed, 5);
	assert_int_equal(s.records[0].props, 2);
	assert_int_equal(s.records[1].added, 0);
	assert_int_equal(s.records[1].props, 0);
	assert_string_equal(s.records[2].id, "c");
	overlay_status_free(&s);
	assert_int_equal(status_of("papr-dt-overlay 1", &s), 0);
	assert_int_equal(s.max, 0);
	assert_int_equal(
		status_of("papr-dt-overlay 1 last=-99999 seq=99999999999999999999999",
			  &s),
		0);
	assert_int_equal(s.last, 0);
}

TEST(refuses_other_files)
{
	struct overlay_status s;
	struct kern_root root;
	struct fake *f = fake_new();

	assert_int_equal(status_of("", &s), -EOPNOTSUPP);
	assert_int_equal(status_of("papr-dt-overlay x\n", &s), -EOPNOTSUPP);
	assert_int_equal(status_of("another 1\n1 a nodes=+1/-0\n", &s), -EOPNOTSUPP);
	assert_int_equal(s.n, 0);
	assert_int_equal(kern_root_open(&root, f->dir), 0);
	assert_int_equal(overlay_status_read(&root, &s), -ENOENT);
	kern_root_close(&root);
	fake_free(f);
}

TEST(bounds_a_reason)
{
	char text[2048] = "papr-dt-overlay 1 last=-1\nreason: a\tb\x7f";
	struct overlay_status s;

	memset(text + strlen(text), 'x', 1500);
	assert_int_equal(status_of(text, &s), 0);
	assert_int_equal(strlen(s.reason), OVERLAY_TEXT_BYTES - 1);
	assert_memory_equal(s.reason, "a?b?xx", 6);
	memset(text, '1', sizeof(text) - 1);
	memcpy(text, "papr-dt-overlay 1\n1 ", 20); /* a name that is too long */
	assert_int_equal(status_of(text, &s), 0);
	assert_int_equal(s.n, 0);
}

TEST(writes)
{
	struct fake *f = fake_new();
	struct kern_root root;
	char reason[OVERLAY_TEXT_BYTES] = "old";

	assert_int_equal(kern_root_open(&root, f->dir), 0);
	assert_int_equal(overlay_write_alone(&root, "blob", 4, reason), -ENOENT);
	assert_string_equal(reason, "");
	fake_text(f, FILE_NAME, "");
	assert_int_equal(overlay_write_alone(&root, "blob", 4, reason), 0);
	assert_int_equal(overlay_write(&root, "blob", 4, NULL), 0);
	kern_root_close(&root);
	fake_free(f);
}
