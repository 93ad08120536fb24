// SPDX-License-Identifier: GPL-2.0-or-later
/* Host bridges and logical slots: the order of calls for additions and removals. A
 * failure at any step leaves the machine as it was. Numbers are those of the rows of
 * expected behaviour. */
#include "libdrmgr/types/partition/acc.h"
#include "tests/unit/fakes/pci_run.h"

#define NODE "/pci@800000020000001"

static struct fake *available(bool with_node)
{
	struct fake *f = fake_new();

	fake_plug_phb(f, with_node);
	f->dr.limit = deadline_in_ms(200);
	return f;
}

static struct fake *card_comes_later(void)
{
	return available(false);
}

static struct fake *card_comes_along(void)
{
	return available(true);
}

static struct fake *owned(void)
{
	struct fake *f = available(false);

	assert_int_equal(phb_run(f, logical_add, "PHB 1").err, 0);
	return f;
}

static struct fake *available_virtual(void)
{
	struct fake *f = fake_new();

	fake_plug_virtual(f);
	f->dr.limit = deadline_in_ms(200);
	return f;
}

static struct fake *owned_virtual(void)
{
	struct fake *f = available_virtual();

	assert_int_equal(phb_run(f, logical_add, "V1").err, 0);
	return f;
}

/* 55, with a card that has no node yet
 * Behaviours: io-phb-add */
TEST(added_with_its_card)
{
	struct fake *f = available(false);

	assert_int_equal(phb_run(f, logical_add, "0x20000001").err, 0);
	assert_string_equal(
		f->trace,
		"S=2 I9003=1 I9001=1 CC add_node S=1@40010008 S=0@40010010 "
		"add_slot I9002=1@40010008 I9001=0@40010008 P0@40010008 P100@40010008 "
		"I9001=1@40010008 CC@40010008 add_node rescan");
	assert_true(fake_has_node(f, NODE "/ethernet@1"));
	assert_true(fake_has_device(f, "0001:00:01.0"));
	assert_int_equal(fake_drc(f, "PHB 1")->state, FAKE_CONFIGURED);
	assert_int_equal(fake_drc(f, "C65544")->state, FAKE_CONFIGURED);
	/* 56 */
	assert_int_equal(phb_run(f, logical_add, "PHB 1").error.fault, DR_FAULT_OWNED);
	assert_string_equal(f->trace, "");
	fake_free(f);
}

/* Firmware sends the card's node with the host bridge's: the card must only be configured
 * for firmware. */
TEST(card_that_came_along)
{
	struct fake *f = available(true);

	assert_int_equal(phb_run(f, logical_add, "536870913").err, 0);
	assert_string_equal(
		f->trace,
		"S=2 I9003=1 I9001=1 CC add_node add_node S=1@40010008 "
		"I9002=1@40010008 P100@40010008 I9001=1@40010008 CC@40010008 S=0@40010010 "
		"add_slot");
	assert_true(fake_has_device(f, "0001:00:01.0"));
	assert_int_equal(fake_drc(f, "C65544")->state, FAKE_CONFIGURED);
	fake_free(f);
}

/* As io-58, io-59.
 * Behaviours: io-phb-remove */
TEST(removed_and_added_again)
{
	struct fake *f = owned();

	assert_int_equal(phb_run(f, logical_remove, "PHB 1").err, 0);
	assert_string_equal(
		f->trace, "remove remove_node I9002=0@40010008 I9001=0@40010008 "
			  "P0@40010008 remove_slot remove_node S=1 I9001=0 I9003=0 S=2");
	assert_false(fake_has_node(f, NODE));
	assert_int_equal(phb_run(f, logical_remove, "PHB 1").error.fault,
			 DR_FAULT_NOT_OWNED);
	assert_string_equal(f->trace, "");
	assert_int_equal(phb_run(f, logical_add, "PHB 1").err, 0);
	assert_true(fake_has_device(f, "0002:00:01.0"));
	fake_free(f);
}

/* Slots of an earlier host bridge: the module fails, and the host bridge works. */
TEST(slots_in_the_way)
{
	struct fake *f = available(true);

	f->slots_in_the_way = true;
	assert_int_equal(phb_run(f, logical_add, "PHB 1").err, 0);
	assert_true(fake_has_device(f, "0001:00:01.0"));
	f->fail_word = "I9003=0";
	f->fail_with = -1;
	assert_int_equal(phb_run(f, logical_remove, "PHB 1").err, -EREMOTEIO);
	assert_true(fake_has_device(f, "0002:00:01.0"));
	assert_int_equal(phb_run(f, logical_remove, "PHB 1").err, 0);
	fake_free(f);
}

/* 60 */
TEST(outstanding_translations)
{
	struct fake *f = owned();
	struct outcome o;

	f->fail_word = "I9001=0";
	f->fail_with = -9001;
	assert_int_equal(phb_run(f, logical_remove, "PHB 1").err, 0); /* for a moment */
	fake_free(f);

	f = owned();
	f->never_isolates = true;
	o = phb_run(f, logical_remove, "PHB 1");
	assert_int_equal(o.err, -EREMOTEIO);
	assert_true(o.error.is_logical);
	assert_string_equal(o.error.step, "isolate");
	assert_int_equal(o.error.status, -9001);
	assert_false(o.is_undo_incomplete);
	assert_true(fake_has_device(f, "0002:00:01.0"));
	fake_free(f);
}

/* 61, 62 */
TEST(not_to_be_had)
{
	static const struct {
		const char *name, *fail, *trace, *step;
		int with;
	} rows[] = {
		{ "PHB 2", NULL, "S=2@20000002 I9003=1@20000002", "allocate", -3 },
		{ "PHB 1", "S=2", "S=2", "sense", -1 },
		{ "PHB 1", "I9003=1", "S=2 I9003=1", "allocate", -1 },
		{ "PHB 1", "I9001=1", "S=2 I9003=1 I9001=1 I9003=0", "unisolate", -9000 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = available(false);
		char *before = fake_snapshot(f);
		struct outcome o;

		f->fail_word = rows[i].fail;
		f->fail_with = rows[i].with;
		o = phb_run(f, logical_add, rows[i].name);
		assert_int_equal(o.err, -EREMOTEIO);
		assert_string_equal(f->trace, rows[i].trace);
		assert_true(o.error.is_logical);
		assert_string_equal(o.error.step, rows[i].step);
		assert_int_equal(o.error.status, rows[i].with);
		fake_assert_unchanged(f, before);
		fake_free(f);
	}
}

/* Each call and each write of an operation fails in turn. */
static void fail_each(const char *name, logical_operation *op,
		      struct fake *(*begin)(void), const char *const *words)
{
	for (; *words; words++) {
		struct fake *f = begin();
		char *before = fake_snapshot(f);
		struct outcome o;

		f->fail_word = *words;
		f->fail_with = **words >= 'a' ? -EIO : -1;
		o = phb_run(f, op, name);
		assert_true(o.err < 0);
		assert_non_null(o.error.step);
		assert_false(o.is_undo_incomplete);
		fake_assert_unchanged(f, before);
		fake_free(f);
	}
}

/* Behaviours: io-bug-18 */
TEST(each_failure_leaves_all_as_it_was)
{
	static const char *const added[] = { "S=2",
					     "I9003=1",
					     "I9001=1",
					     "add_node",
					     "add_slot",
					     "I9002=1@40010008",
					     "I9001=0@40010008",
					     "P0@40010008",
					     "P100@40010008",
					     "I9001=1@40010008",
					     NULL };
	static const char *const along[] = { "I9002=1@40010008", "P100@40010008",
					     "I9001=1@40010008", "add_slot", NULL };
	static const char *const virtual_added[] = { "S=2",	 "I9003=1",  "I9001=1",
						     "add_node", "add_slot", NULL };
	static const char *const virtual_removed[] = { "remove_slot", "remove_node",
						       "I9001=0", "I9003=0", NULL };
	static const char *const removed[] = { "remove",	   "remove_node",
					       "I9002=0@40010008", "I9001=0@40010008",
					       "P0@40010008",	   "I9001=0",
					       "I9003=0",	   NULL };

	fail_each("PHB 1", logical_add, card_comes_later, added);
	fail_each("PHB 1", logical_add, card_comes_along, along);
	fail_each("PHB 1", logical_remove, owned, removed);
	fail_each("V1", logical_add, available_virtual, virtual_added);
	fail_each("V1", logical_remove, owned_virtual, virtual_removed);
}

/* The bus may still appear: it is removed. */
TEST(a_bus_that_does_not_appear)
{
	struct fake *f = available(true);
	struct outcome o;

	f->bus_is_late = true;
	o = phb_run(f, logical_add, "PHB 1");
	assert_int_equal(o.err, -ENODEV);
	assert_false(o.is_undo_incomplete);
	assert_non_null(strstr(f->trace, " add_slot remove_slot "));
	fake_free(f);
}

/* An unexpected sensor value of a slot below does not mean "empty".
 * Behaviours: io-phb-odd */
TEST(odd_sensors_are_not_empty_slots)
{
	static const struct {
		const char *word;
		int with;
	} rows[] = {
		{ "S=0@40010010", 77 },
		{ "S=0@40010010", -1 },
		{ "S=1@40010008", 77 },
		{ "S=1@40010008", -1 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = available(true);
		char *before = fake_snapshot(f);
		struct outcome o;

		f->fail_word = rows[i].word;
		f->fail_with = rows[i].with;
		o = phb_run(f, logical_add, "PHB 1");
		assert_int_equal(o.err, -EREMOTEIO);
		assert_true(o.error.is_behind);
		assert_non_null(strstr(o.error.what, "; behind it: C"));
		assert_string_equal(o.error.step, "sense");
		assert_int_equal(o.error.status, rows[i].with);
		fake_assert_unchanged(f, before);
		fake_free(f);
	}
}

TEST(virtual_device)
{
	struct fake *f = available_virtual();

	assert_int_equal(phb_run(f, logical_add, "V1").err, 0);
	assert_string_equal(f->trace, "S=2 I9003=1 I9001=1 CC add_node add_slot");
	assert_true(fake_has_node(f, "/vdevice/v-scsi@30000002"));
	assert_int_equal(phb_run(f, logical_add, "V1").error.fault, DR_FAULT_OWNED);
	assert_int_equal(phb_run(f, logical_remove, "V1").err, 0);
	assert_string_equal(f->trace, "remove_slot remove_node S=1 I9001=0 I9003=0 S=2");
	assert_int_equal(phb_run(f, logical_remove, "V1").error.fault,
			 DR_FAULT_NOT_OWNED);
	fake_free(f);
}

/* Most partitions boot from a virtual disk. */
TEST(virtual_root_disk_stays)
{
	struct fake *f = owned_virtual();

	fake_text(f, "proc/1/mountinfo", "21 1 8:2 / / rw - ext4 /dev/sda2 rw\n");
	fake_text(f, "sys/devices/vio/30000002/host0/target0:0:1/block/sda/sda2/dev",
		  "8:2\n");
	fake_link(f, "sys/class/block/sda2",
		  "../../devices/vio/30000002/host0/target0:0:1/block/sda/sda2");
	fake_link(f, "sys/dev/block/8:2",
		  "../../devices/vio/30000002/host0/target0:0:1/block/sda/sda2");
	assert_int_equal(phb_run(f, logical_remove, "V1").error.fault,
			 DR_FAULT_SYSTEM_NEEDS);
	assert_string_equal(f->trace, "");
	f->dr.force = true;
	assert_int_equal(phb_run(f, logical_remove, "V1").err, 0);
	fake_free(f);
}

TEST(credits)
{
	static const char file[] = "sys/devices/virtual/misc/vas/vas0/gzip/"
				   "qos_capabilities/update_total_credits",
			  total[] = "sys/devices/virtual/misc/vas/vas0/gzip/"
				    "qos_capabilities/nr_total_credits";
	struct fake *f = fake_new();
	struct dr_result result = { 0 };

	assert_int_equal(acc_set_credits(&f->dr, 5, &result), -ENOENT);
	assert_int_equal(result.error.fault, DR_FAULT_NOT_CAPABLE);
	fake_text(f, file, "");
	assert_int_equal(acc_set_credits(&f->dr, 5, &result), 0);
	assert_string_equal(f->trace, "credits=5");
	fake_text(f, total, "5\n");
	assert_int_equal(acc_set_credits(&f->dr, 5, &result), 0);
	assert_int_equal(acc_set_credits(&f->dr, 50, &result), -EIO);
	assert_int_equal(result.error.fault, DR_FAULT_TREE);
	f->fail_word = "credits=6";
	f->fail_with = -EINVAL;
	assert_int_equal(acc_set_credits(&f->dr, 6, &result), -EINVAL);
	assert_int_equal(result.error.fault, DR_FAULT_KERNEL);
	mem_end(&result.mem);
	fake_free(f);
}

#define TOTAL_CREDITS                                              \
	"sys/devices/virtual/misc/vas/vas0/gzip/qos_capabilities/" \
	"nr_total_credits"

static ssize_t grant_20(const struct kern_root *root, const char *path, const void *buf,
			size_t len, const struct deadline *dl)
{
	char text[16];

	(void)path;
	(void)dl;
	snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)buf);
	fake_text(root->priv, TOTAL_CREDITS, atoi(text) > 20 ? "20" : text);
	return (ssize_t)len;
}

/* Exit status 255 means that the number of credits is unchanged. */
TEST(credits_granted_in_part)
{
	struct fake *f = fake_new();
	struct dr_result result = { 0 };
	char *now;
	size_t len;

	fake_text(f,
		  "sys/devices/virtual/misc/vas/vas0/gzip/qos_capabilities/"
		  "update_total_credits",
		  "");
	fake_text(f, TOTAL_CREDITS, "5");
	f->root.write = grant_20;
	assert_int_equal(acc_set_credits(&f->dr, 50, &result), -EIO);
	assert_false(result.is_undo_incomplete);
	assert_int_equal(kern_read(&f->root, TOTAL_CREDITS, &now, &len), 0);
	assert_string_equal(now, "5");
	free(now);
	mem_end(&result.mem);
	fake_free(f);
}

static void known_partner(struct fake *f, const char *path, bool added)
{
	if (added && !strcmp(path, NODE))
		fake_file(f, "proc/device-tree" NODE "/ibm,multipath-partner-drc",
			  "\x20\0\0\x02", 4);
}

static void unknown_partner(struct fake *f, const char *path, bool added)
{
	if (added && !strcmp(path, NODE))
		fake_file(f, "proc/device-tree" NODE "/ibm,multipath-partner-drc",
			  "\x20\0\0\x09", 4);
}

TEST(partner_of_a_bridge)
{
	struct fake *f = available(false);

	f->on_node = unknown_partner;
	assert_int_equal(phb_run(f, logical_add, "PHB 1").err, 0);
	assert_string_equal(f->partners, "PHB 1+-; ");
	assert_int_equal(phb_run(f, logical_remove, "PHB 1").err, 0);
	assert_string_equal(f->partners, "PHB 1+-; ");
	fake_free(f);

	/* Firmware has only a connector for it. */
	f = available(false);
	f->on_node = known_partner;
	assert_int_equal(phb_run(f, logical_add, "PHB 1").err, 0);
	assert_int_equal(phb_run(f, logical_remove, "PHB 1").err, 0);
	assert_string_equal(f->partners, "");

	fake_file(f, "proc/device-tree/pci@800000020000002/ibm,my-drc-index",
		  "\x20\0\0\x02", 4);
	assert_int_equal(phb_run(f, logical_add, "PHB 1").err, 0);
	assert_int_equal(phb_run(f, logical_remove, "PHB 1").err, 0);
	assert_string_equal(f->partners, "PHB 1+PHB 2; PHB 1+PHB 2; ");
	fake_free(f);
}
