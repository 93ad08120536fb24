// SPDX-License-Identifier: GPL-2.0-or-later
/* The device tree is updated from firmware: each answer of the specification, complete or
 * broken, and a failure and a kill at each call and write. */
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/tree/tree_update.h"
#include "tests/unit/fakes/fake_updates.h"
#include "wire/update.h"

#define STATE "00000000 00000000 00000000 00000000 "

/* An adapter that the connector V1 of /vdevice can get. */
static void plug(struct fake *f)
{
	struct dr_error error;

	fake_plug_virtual(f);
	fake_drc(f, "V1")->is_allocated = true;
	fake_drc(f, "V1")->state = FAKE_UNISOLATE;
	fdt_walk_begin(&fake_drc(f, "V1")->walk, fake_drc(f, "V1")->frag.fdt,
		       fdt_frag_top(&fake_drc(f, "V1")->frag));
	assert_int_equal(apply_choose(&f->dr, "ofdt", false, &error), 0);
}

static int update(struct fake *f, struct tree_update *told)
{
	struct xact x;
	int err;

	f->trace[0] = '\0';
	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(tree_update_push(&x, UPDATE_SCOPE_MIGRATION), 0);
	err = tree_update_run(&x, UPDATE_SCOPE_MIGRATION, told);
	assert_int_equal(xact_end(&x, 0), 0);
	assert_int_equal(f->areas, 0);
	return err;
}

/* ---- Each answer ---- */

static const struct row {
	const char *id;
	struct fake_updates told;
	const char *trace;
	unsigned int done, skipped, failed;
	const char *path, *value; /* a property afterwards */
} rows[] = {
	{ "E31: no change",
	  { { { 0, STATE "00000000" } }, { { 0 } } },
	  "AF UN",
	  0,
	  0,
	  0 },
	{ "E32: deletions, with what is below, and a change",
	  { { { 0, STATE "01000002 00000011 00000012 02000001 00000020 00000000" } },
	    { { 0 } } },
	  "AF UN remove_node remove_node remove_node UP=20",
	  3,
	  0,
	  0,
	  "/vdevice/old@1/ibm,phandle",
	  "none" },
	{ "E33: an operator without operands",
	  { { { 0, STATE "02000000 02000001 00000020 00000000" } }, { { 0 } } },
	  "AF UN UP=20",
	  1,
	  0,
	  0 },
	{ "E36: more to come, with the state that firmware gave",
	  { { { 1, "00000055 00000001 00000002 00000003 02000001 00000020 00000000" },
	      { 0, STATE "02000001 00000030 00000000" } },
	    { { 0 } } },
	  "AF UN UN UP=20 UP=30",
	  2,
	  0,
	  0 },
	{ "E37: an operator that is not known",
	  { { { 0, STATE "04000001 00000099 02000001 00000020 00000000" } }, { { 0 } } },
	  "AF UN UP=20",
	  1,
	  0,
	  0 },
	{ "E38: operands that leave the area",
	  { { { 0, STATE "02000001 00000020 020003ff 00000030" } }, { { 0 } } },
	  "AF UN UP=20",
	  1,
	  0,
	  1 },
	{ "changes first, in firmware's list: what goes goes first all the same",
	  { { { 0, STATE "02000002 00000020 00000012 01000001 00000012 00000000" } },
	    { { 0 } } },
	  "AF UN remove_node UP=20",
	  2,
	  1,
	  0 },
	{ "phandles that nobody has",
	  { { { 0, STATE
		"01000001 00000999 02000001 00000998 03000002 00000997 30000002" } },
	    { { 0 } } },
	  "AF UN",
	  0,
	  3,
	  0 },
	{ "the root does not go",
	  { { { 0, STATE "01000001 00000007" } }, { { 0 } } },
	  "AF UN",
	  0,
	  0,
	  1,
	  "/ibm,phandle",
	  "00000007" },
	{ "E40: path, and a property that is set",
	  { { { 0, STATE "02000001 00000020 00000000" } },
	    { { 0, "00000020 00000000 00000000 00000000 00000002 00 0000000a "
		   "2f766465766963 652f00 69626d2c6173736f63696174 6976697479 00 "
		   "00000008 00000001 00000002" } } },
	  "AF UN UP=20 set:ibm,associativity",
	  1,
	  0,
	  0,
	  "/vdevice/ibm,associativity",
	  "0000000100000002" },
	{ "E41: one goes, one is there without value",
	  { { { 0, STATE "02000001 00000007 00000000" } },
	    { { 0, "00000007 00000000 00000000 00000000 00000003 00 00000002 2f00 "
		   "6465766963655f7479706500 80000000 69626d2c666f6f00 00000000" } } },
	  "AF UN UP=7 unset:device_type set:ibm,foo",
	  1,
	  0,
	  0,
	  "/device_type",
	  "none" },
	{ "E42, E43: a value in two pieces",
	  { { { 0, STATE "02000001 00000007 00000000" } },
	    { { 1, "00000007 00000010 00000000 00000000 00000002 00 00000002 2f00 "
		   "6d6f64656c00 fffffffc 49424d2c" },
	      { 0, "00000007 00000000 00000000 00000000 00000001 "
		   "6d6f64656c00 00000005 3930303900" } } },
	  "AF UN UP=7 UP=7 set:model",
	  1,
	  0,
	  0,
	  "/model",
	  "49424d2c3930303900" },
	{ "a value that never ends",
	  { { { 0, STATE "02000001 00000007 00000000" } },
	    { { 0, "00000007 00000010 00000000 00000000 00000001 "
		   "6d6f64656c00 fffffffc 49424d2c" } } },
	  "AF UN UP=7",
	  0,
	  0,
	  1,
	  "/model",
	  "none" },
	{ "E44: a value that leaves the area; the next node is changed",
	  { { { 0, STATE "02000002 00000007 00000020 00000000" } },
	    { { 0, "00000007 00000000 00000000 00000000 00000001 7800 00001000" },
	      { 0, "00000020 00000000 00000000 00000000 00000001 7900 00000001 05" } } },
	  "AF UN UP=7 UP=20 set:y",
	  1,
	  0,
	  1,
	  "/vdevice/y",
	  "05" },
	{ "a name that no property has",
	  { { { 0, STATE "02000001 00000007 00000000" } },
	    { { 0,
		"00000007 00000000 00000000 00000000 00000001 2e2e2f7800 00000001 05" } } },
	  "AF UN UP=7",
	  0,
	  0,
	  1 },
	{ "firmware does not tell", { { { -1, NULL } }, { { 0 } } }, "AF UN", 0, 0, 1 },
	{ "firmware does not tell of one node",
	  { { { 0, STATE "02000002 00000007 00000020 00000000" } },
	    { { -3, NULL },
	      { 0, "00000020 00000000 00000000 00000000 00000001 7900 00000001 05" } } },
	  "AF UN UP=7 UP=20 set:y",
	  1,
	  0,
	  1,
	  "/vdevice/y",
	  "05" },
	{ "what is so already is not written",
	  { { { 0, STATE "02000001 00000007 00000000" } },
	    { { 0, "00000007 00000000 00000000 00000000 00000002 "
		   "6465766963655f7479706500 00000005 6368727000 6e6f7400 80000000" } } },
	  "AF UN UP=7",
	  1,
	  0,
	  0,
	  "/device_type",
	  "6368727000" },
};

/* Behaviours: log-9.4-old */
TEST(answers)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct fake *f = fake_updates_new(&row->told);
		struct tree_update told;
		int err;

		print_message("# %s\n", row->id);
		err = update(f, &told);
		assert_string_equal(f->trace, row->trace);
		assert_int_equal(told.done, row->done);
		assert_int_equal(told.skipped, row->skipped);
		assert_int_equal(told.failed, row->failed);
		assert_int_equal(err != 0, row->failed != 0);
		assert_int_equal(*f->warnings != '\0', row->failed != 0);
		if (row->path) {
			char *value = fake_property(f, row->path);

			assert_string_equal(value, row->value);
			free(value);
		}
		fake_free(f);
	}
}

/* E34 and E35: additions counted in words, and in pairs. */
TEST(additions)
{
	static const struct fake_updates counted[] = {
		{ { { 0, STATE "03000002 00000020 30000002 00000000" } }, { { 0 } } },
		{ { { 0, STATE "03000001 00000020 30000002 00000000" } }, { { 0 } } },
	};

	for (size_t i = 0; i < COUNT(counted); i++) {
		struct fake *f = fake_updates_new(&counted[i]);
		struct tree_update told;

		plug(f);
		f->first = 0x30000002;
		assert_int_equal(update(f, &told), 0);
		assert_string_equal(f->trace, "AF UN CC add_node");
		assert_int_equal(told.done, 1);
		assert_true(fake_has_node(f, "/vdevice/v-scsi@30000002"));
		fake_free(f);
	}
}

/* ---- Failures and kills ---- */

static const struct fake_updates whole = {
	{ { 1, "00000055 00000001 00000002 00000003 01000001 00000011 02000001 00000007 "
	       "00000000" },
	  { 0, STATE "03000002 00000020 30000002 00000000" },
	  /* and once more, for a repeated query */
	  { 0, STATE "01000001 00000011 02000001 00000007 03000002 00000020 30000002" } },
	{ { 0, "00000007 00000000 00000000 00000000 00000002 7900 00000001 05 "
	       "6465766963655f7479706500 80000000" },
	  { 0, "00000007 00000000 00000000 00000000 00000002 7900 00000001 05 "
	       "6465766963655f7479706500 80000000" } },
};

static void assert_whole(const struct fake *f)
{
	char *y = fake_property(f, "/y"), *type = fake_property(f, "/device_type");

	assert_false(fake_has_node(f, "/vdevice/old@1"));
	assert_true(fake_has_node(f, "/vdevice/old@2"));
	assert_true(fake_has_node(f, "/vdevice/v-scsi@30000002/ibm,my-drc-index"));
	assert_string_equal(y, "05");
	assert_string_equal(type, "none");
	free(y);
	free(type);
}

/* Each kernel write fails in turn: its node is reported, and the others are changed. */
TEST(failures)
{
	static const char *const words[] = { "remove_node", "set:y", "unset:device_type",
					     "add_node" };

	for (size_t i = 0; i < COUNT(words); i++) {
		struct fake *f = fake_updates_new(&whole);
		struct tree_update told;

		plug(f);
		f->fail_word = words[i];
		f->fail_with = -ENOMEM;
		assert_int_equal(update(f, &told), -ENOMEM);
		assert_int_equal(told.failed, 1);
		assert_int_equal(told.done, 2);
		assert_non_null(strstr(f->warnings, "/proc/ppc64/ofdt"));
		assert_int_equal(fake_has_node(f, "/vdevice/old@1"), i == 0);
		assert_int_equal(fake_has_node(f, "/vdevice/v-scsi@30000002"), i != 3);
		fake_free(f);
	}
}

TEST(firmware_without)
{
	struct fake *f = fake_updates_new(&whole);
	struct tree_update told;

	fake_remove(f, "proc/device-tree/rtas/ibm,update-nodes");
	assert_int_equal(tree_update_probe(&f->dr), -ENODEV);
	assert_int_equal(update(f, &told), 0);
	assert_string_equal(f->trace, "AF");
	fake_remove(f, "proc/device-tree/rtas/ibm,activate-firmware");
	assert_int_equal(update(f, &told), 0);
	assert_string_equal(f->trace, "");
	fake_free(f);

	f = fake_updates_new(&whole);
	fake_remove(f, "proc/ppc64/ofdt");
	assert_int_equal(tree_update_probe(&f->dr), -ENOENT);
	assert_int_equal(update(f, &told), -ENOENT);
	assert_int_equal(told.failed, 1);
	fake_free(f);
}

static int update_it(struct fake *f, const void *unused)
{
	struct tree_update told;

	(void)unused;
	return update(f, &told);
}

TEST(kills)
{
	bool is_complete = false;
	int moment = 0;

	while (!is_complete) {
		static const struct fake_updates again = {
			{ { 0, STATE "01000001 00000011 02000001 00000007 03000002 "
				     "00000020 30000002" } },
			{ { 0, "00000007 00000000 00000000 00000000 00000002 7900 "
			       "00000001 05 6465766963655f7479706500 80000000" } },
		};
		struct fake *f = fake_updates_new(&whole);
		struct dr_interrupted found;
		struct dr_error error;

		plug(f);
		is_complete = !fake_run_until_killed(f, ++moment, update_it, NULL);
		fake_updates_tell(&again);
		assert_int_equal(apply_choose(&f->dr, "auto", false, &error), 0);
		assert_int_equal(recovery_is_needed(&f->dr), !is_complete);
		if (!is_complete) {
			assert_int_equal(recovery_run(&f->dr, JOURNAL_FILE, &found, NULL),
					 0);
			assert_false(recovery_is_needed(&f->dr));
		}
		assert_whole(f);
		fake_free(f);
	}
	assert_true(moment > 20);
}
