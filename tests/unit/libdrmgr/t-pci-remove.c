// SPDX-License-Identifier: GPL-2.0-or-later
/* Removing and replacing a PCI card: the order of calls. A failure at any step leaves the
 * machine as it was. Numbers are those of the rows of expected behaviour. */
#include "libdrmgr/core/resolve.h"
#include "libdrmgr/tree/apply.h"
#include "tests/unit/fakes/pci_run.h"

static const struct pci_request quietly = { 0 };

static struct outcome take_out(struct fake *f, const char *name)
{
	return pci_run(f, pci_remove_card, name, &quietly);
}

static struct fake *with_card(void)
{
	struct fake *f = fake_new();

	fake_plug(f, "C8", "ethernet@1", (const char *const[]){ "a:1", "empty:", NULL });
	fake_configure(f, "C8");
	f->dr.limit = deadline_in_ms(200);
	return f;
}

/* As io-23.
 * Behaviours: io-remove-order */
TEST(only_this_card_goes)
{
	struct fake *f = with_card();

	fake_plug(f, "C16", "ethernet@2", NULL);
	fake_configure(f, "C16");
	assert_int_equal(take_out(f, "C8").err, 0);
	assert_string_equal(f->trace, "I9002=1 remove remove_node I9001=0 P0 I9002=0");
	assert_false(fake_has_node(f, "/pci@800000020000000/ethernet@1"));
	assert_false(fake_has_device(f, "0000:00:01.0"));
	assert_true(fake_has_device(f, "0000:00:02.0"));
	assert_int_equal(fake_drc(f, "C8")->state, FAKE_POWERON);
	fake_free(f);
}

/* The bus is shared: the slot is disabled only when the bus is empty, so that another
 * tool's next addition finds the expected state. */
TEST(slot_is_switched_off_last)
{
	struct fake *f = with_card();

	fake_plug(f, "C16", "ethernet@2", NULL);
	fake_configure(f, "C16");
	fake_add_slot(f, "C8");
	fake_add_slot(f, "C16");
	fake_text(f, "sys/bus/pci/slots/C8/adapter", "1\n");
	fake_text(f, "sys/bus/pci/slots/C16/adapter", "1\n");
	assert_int_equal(take_out(f, "C8").err, 0);
	assert_string_equal(f->trace, "I9002=1 remove remove_node I9001=0 P0 I9002=0");
	assert_int_equal(take_out(f, "C16").err, 0);
	assert_string_equal(f->trace,
			    "I9002=1@40000010 remove slot=0 remove_node I9001=0@40000010 "
			    "P0@40000010 I9002=0@40000010");
	fake_free(f);
}

/* 24 */
TEST(nothing_there)
{
	struct fake *f = fake_new();

	f->first = 0x40000008;
	assert_int_equal(take_out(f, "C8").error.fault, DR_FAULT_NO_NODE);
	assert_string_equal(f->trace, "I9002=1 I9002=0");
	fake_free(f);
}

/* a node whose device Linux has lost, or never had */
TEST(node_without_a_device)
{
	struct fake *f = with_card();

	fake_remove(f, "sys/bus/pci/devices/0000:00:01.0");
	assert_int_equal(take_out(f, "C8").err, 0);
	assert_string_equal(f->trace, "I9002=1 remove_node I9001=0 P0 I9002=0");
	fake_free(f);
}

/* 43, 44, and every other step */
/* A function whose node cannot be read could be a part of the card. */
TEST(a_link_that_cannot_be_read)
{
	static const char link[] = "sys/bus/pci/devices/0000:00:01.0/of_node";
	struct fake *f = with_card();
	struct outcome o;

	assert_int_equal(unlinkat(f->root.fd, link, 0), 0);
	assert_int_equal(mkdirat(f->root.fd, link, 0700), 0);
	o = take_out(f, "C8");
	assert_int_equal(o.err, -EINVAL);
	assert_int_equal(o.error.fault, DR_FAULT_UNREAD);
	assert_string_equal(o.error.what, "/sys/bus/pci/devices/0000:00:01.0/of_node");
	assert_false(o.is_undo_incomplete);
	assert_string_equal(f->trace, "I9002=1 I9002=1");
	fake_free(f);
}

/* Behaviours: io-remove-undo */
TEST(each_failure_leaves_all_as_it_was)
{
	static const char *const words[] = { "I9002=1", "remove", "remove_node",
					     "I9001=0", "P0",	  "I9002=0" };

	for (size_t i = 0; i < COUNT(words); i++) {
		struct fake *f = with_card();
		char *before = fake_snapshot(f);
		struct outcome o;

		f->fail_word = words[i];
		f->fail_with = *words[i] == 'r' ? -EIO : -1;
		o = take_out(f, "C8");
		assert_true(o.err < 0);
		assert_non_null(o.error.step);
		assert_false(o.is_undo_incomplete);
		fake_assert_unchanged(f, before);
		fake_free(f);
	}
}

/* A card of several nodes is restored completely. The restoring change has its own
 * inverses, which must not be run. */
TEST(nodes_below_come_back)
{
	static const char *const parts[] = { ">port@0", "a:1", "=port@1", "a:2", NULL };
	struct fake *f = fake_new();
	struct outcome o;
	char *before;

	fake_plug(f, "C8", "ethernet@1", parts);
	fake_configure(f, "C8");
	before = fake_snapshot(f);
	f->fail_word = "P0";
	f->fail_with = -1;
	o = take_out(f, "C8");
	assert_true(o.err < 0);
	assert_false(o.is_undo_incomplete);
	fake_assert_unchanged(f, before);
	fake_free(f);
}

TEST(outstanding_translations_are_waited_for)
{
	struct fake *f = with_card();

	f->fail_word = "I9001=0";
	f->fail_with = -9001;
	assert_int_equal(take_out(f, "C8").err, 0);
	assert_string_equal(f->trace,
			    "I9002=1 remove remove_node I9001=0 I9001=0 P0 I9002=0");
	fake_free(f);
}

/* Behaviours: io-45, io-bug-4 */
TEST(driver_that_never_lets_go)
{
	struct fake *f = with_card();
	struct outcome o;

	f->never_lets_go = true;
	o = take_out(f, "C8");
	assert_int_equal(o.error.fault, DR_FAULT_STILL_IN_USE);
	assert_string_equal(f->trace, "I9002=1 remove I9002=1");
	assert_true(fake_has_node(f, "/pci@800000020000000/ethernet@1"));
	assert_int_equal(fake_drc(f, "C8")->state, FAKE_CONFIGURED);
	fake_free(f);
}

static struct fake *with_bridge(void)
{
	struct fake *f = fake_new();
	const struct connector *c;
	struct connectors cs;
	struct dr_result result = { 0 };
	struct dr_error error;

	fake_plug_bridge(f);
	assert_int_equal(connectors_read_pci(&cs, f->mem, &f->dr, connector_is_pci_slot),
			 0);
	assert_int_equal(connectors_find(&cs, &f->dr, "C48", RESOLVE_ALL, &c, &error), 0);
	assert_int_equal(pci_add(&f->dr, &cs, c, &quietly, &result), 0);
	mem_end(&result.mem);
	return f;
}

/* 54 */
TEST(bridge_goes_with_what_is_behind)
{
	struct fake *f = with_bridge();

	assert_int_equal(take_out(f, "C48").err, 0);
	assert_string_equal(
		f->trace,
		"I9002=1 remove remove remove_node I9001=0@40000110 P0@40000110 "
		"remove_node I9001=0 P0 I9002=0");
	assert_false(fake_has_node(f, "/pci@800000020000000/pci@6"));
	assert_false(fake_has_device(f, "0000:01:02.0"));
	assert_int_equal(fake_drc(f, "C272")->state, FAKE_POWERON);
	fake_free(f);
}

TEST(bridge_comes_back_when_a_step_fails)
{
	static const struct {
		const char *word;
		int nth;
	} rows[] = {
		{ "remove", 0 },	   { "remove", 1 },	 { "remove_node", 0 },
		{ "I9001=0@40000110", 0 }, { "P0@40000110", 0 }, { "remove_node", 1 },
		{ "I9001=0", 0 },	   { "P0", 0 },		 { "I9002=0", 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = with_bridge();
		char *before = fake_snapshot(f);
		struct outcome o;

		f->fail_word = rows[i].word;
		f->fail_nth = rows[i].nth;
		f->fail_with = *rows[i].word == 'r' ? -EIO : -1;
		o = take_out(f, "C48");
		assert_true(o.err < 0);
		assert_false(o.is_undo_incomplete);
		fake_assert_unchanged(f, before);
		fake_free(f);
	}
}

#define VDA "sys/devices/pci0000:00/0000:00:01.0/virtio0/block/vda"

/* Behaviours: io-remove-needed */
TEST(what_the_system_needs_stays)
{
	struct fake *f = with_card();
	struct outcome o;

	fake_text(f, "proc/1/mountinfo",
		  "21 1 0:20 / /proc rw - proc proc rw\n"
		  "22 1 253:0 / / rw - ext4 /dev/dm-0 rw\n");
	fake_text(f, "sys/devices/virtual/block/dm-0/dev", "253:0\n");
	fake_text(f, "sys/devices/virtual/block/dm-0/dm/name", "vg0-root\n");
	fake_text(f, "sys/devices/virtual/block/dm-0/dm/uuid", "LVM-1\n");
	fake_link(f, "sys/class/block/dm-0", "../../devices/virtual/block/dm-0");
	fake_link(f, "sys/dev/block/253:0", "../../devices/virtual/block/dm-0");
	fake_text(f, "sys/devices/virtual/block/dm-0/slaves/vda2/.keep", "");
	fake_text(f, VDA "/vda2/holders/dm-0/.keep", "");
	fake_link(f, "sys/class/block/vda2", "../../../" VDA "/vda2");
	o = take_out(f, "C8");
	assert_int_equal(o.error.fault, DR_FAULT_SYSTEM_NEEDS);
	assert_string_equal(o.error.what, "vg0-root (on vda2) is mounted on /");
	assert_string_equal(f->trace, "");
	f->dr.force = true;
	assert_int_equal(take_out(f, "C8").err, 0);
	fake_free(f);
}

/* A use begins while a question waits for its answer. */
static int mount_meanwhile(void *priv, enum dr_prompt prompt, const char *slot)
{
	struct fake *f = priv;

	(void)prompt;
	(void)slot;
	fake_text(f, "proc/1/mountinfo", "22 1 253:2 / /usr rw - ext4 /dev/vda rw\n");
	return 1;
}

/* Behaviours: io-remove-needed-meanwhile */
TEST(what_comes_into_use_meanwhile_stays)
{
	const struct pci_request request = { .prompt = true };
	struct fake *f = with_card();
	struct outcome o;

	fake_text(f, "proc/1/mountinfo", "22 1 253:2 / /data rw - ext4 /dev/vda rw\n");
	fake_text(f, VDA "/dev", "253:2\n");
	fake_link(f, "sys/class/block/vda", "../../../" VDA);
	fake_link(f, "sys/dev/block/253:2", "../../../" VDA);
	f->dr.report.prompt = mount_meanwhile;
	o = pci_run(f, pci_remove_card, "C8", &request);
	assert_int_equal(o.error.fault, DR_FAULT_SYSTEM_NEEDS);
	assert_string_equal(f->impacts, "mount /data: vda; !mount /usr: vda; ");
	assert_string_equal(f->trace, "I9002=2 I9002=1");
	fake_free(f);
}

TEST(console_stays)
{
	struct fake *f = with_card();
	struct outcome o;

	fake_text(f, "sys/class/tty/console/active", "tty0 ttyS0\n");
	fake_link(f, "sys/class/tty/ttyS0",
		  "../../devices/pci0000:00/0000:00:01.0/tty/ttyS0");
	o = take_out(f, "C8");
	assert_int_equal(o.error.fault, DR_FAULT_SYSTEM_NEEDS);
	assert_string_equal(o.error.what, "console ttyS0 is on ttyS0");
	fake_free(f);
}

TEST(hotplug_only_leaves_isolation_alone)
{
	const struct pci_request hotplug_only = { .hotplug_only = true };
	struct fake *f = with_card();

	assert_int_equal(pci_run(f, pci_remove_card, "C8", &hotplug_only).err, 0);
	assert_string_equal(f->trace, "I9002=1 remove remove_node");
	fake_free(f);
}

TEST(prompts)
{
	const struct pci_request request = { .prompt = true };
	struct fake *f = with_card();

	f->answers = "n"; /* 48 */
	assert_int_equal(pci_run(f, pci_remove_card, "C8", &request).err, -ECANCELED);
	assert_string_equal(f->trace, "I9002=2 I9002=1");
	f->answers = "yn"; /* any answer to the last question */
	assert_int_equal(pci_run(f, pci_remove_card, "C8", &request).err, 0);
	assert_string_equal(
		f->trace,
		"I9002=2 I9002=1 remove remove_node I9001=0 P0 I9002=3 I9002=0");
	assert_string_equal(f->asked, "IIM");
	fake_free(f);
}

/* As io-51, io-52.
 * Behaviours: io-replace */
TEST(replace)
{
	const struct pci_request request = { .prompt = true };
	struct fake *f = with_card();

	f->answers = "yy";
	assert_int_equal(pci_run(f, pci_replace, "C8", &request).err, 0);
	assert_string_equal(
		f->trace,
		"I9002=2 I9002=1 remove remove_node I9001=0 P0 I9002=3 I9002=1 S=1 "
		"P100 I9001=1 CC add_node rescan");
	assert_true(fake_has_device(f, "0000:00:01.0"));
	f->answers = "yn";
	assert_int_equal(pci_run(f, pci_replace, "C8", &request).err, -ECANCELED);
	assert_string_equal(
		f->trace,
		"I9002=2 I9002=1 remove remove_node I9001=0 P0 I9002=3 I9002=0");
	assert_false(fake_has_node(f, "/pci@800000020000000/ethernet@1"));
	fake_free(f);
}

/* If the question has no answer, the old card is configured again.
 * Behaviours: io-eof-replace */
TEST(replace_without_an_answer)
{
	const struct pci_request request = { .prompt = true, .skip_identify = true };
	struct fake *f = with_card();
	struct outcome o;

	o = pci_run(f, pci_replace, "C8", &request);
	assert_int_equal(o.err, -ENODATA);
	assert_int_equal(o.error.fault, DR_FAULT_NO_ANSWER);
	assert_false(o.is_removed);
	assert_string_equal(
		f->trace,
		"I9002=1 remove remove_node I9001=0 P0 I9002=3 I9002=0 I9001=0 P0 "
		"I9002=1 S=1 P100 I9001=1 CC add_node rescan");
	assert_true(fake_has_device(f, "0000:00:01.0"));
	fake_free(f);
}

/* At the end of a removal there is no choice. */
TEST(remove_without_an_answer)
{
	const struct pci_request request = { .prompt = true, .skip_identify = true };
	struct fake *f = with_card();

	assert_int_equal(pci_run(f, pci_remove_card, "C8", &request).err, 0);
	assert_string_equal(f->trace,
			    "I9002=1 remove remove_node I9001=0 P0 I9002=3 I9002=0");
	fake_free(f);
}

TEST(replace_without_prompts)
{
	struct fake *f = with_card();

	assert_int_equal(pci_run(f, pci_replace, "C8", &quietly).err, 0);
	assert_string_equal(
		f->trace,
		"I9002=1 remove remove_node I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC "
		"add_node rescan");
	fake_free(f);
}

TEST(identify)
{
	const struct pci_request request = { .prompt = true };
	struct fake *f = with_card();

	f->answers = "y";
	assert_int_equal(pci_run(f, pci_identify, "C8", &request).err, 0);
	assert_string_equal(f->trace, "I9002=2 I9002=1");
	assert_int_equal(pci_run(f, pci_identify, "C8", &request).err, -ENODATA);
	assert_string_equal(f->trace, "I9002=2 I9002=1");
	assert_int_equal(pci_run(f, pci_identify, "C9", &quietly).err, 0);
	assert_string_equal(f->trace, "I9002=2@40000009");
	f->answers = "n";
	assert_int_equal(pci_run(f, pci_identify, "C9", &request).err, -ECANCELED);
	assert_string_equal(f->trace, "I9002=2@40000009 I9002=0@40000009");
	fake_free(f);
}

TEST(through_the_kernel)
{
	struct fake *f = with_card();
	char *before = fake_snapshot(f);

	fake_text(f, "sys/kernel/dlpar", "memory,cpu,dt\n");
	f->dr.backend = &apply_dlpar;
	assert_int_equal(take_out(f, "C8").err, 0);
	assert_string_equal(f->trace, "I9002=1 remove dt-remove I9001=0 P0 I9002=0");
	assert_false(fake_has_node(f, "/pci@800000020000000/ethernet@1"));
	free(before);
	fake_free(f);

	/* and if the next step fails, the saved node is restored */
	f = with_card();
	before = fake_snapshot(f);
	fake_text(f, "sys/kernel/dlpar", "memory,cpu,dt\n");
	f->dr.backend = &apply_dlpar;
	f->fail_word = "P0";
	f->fail_with = -1;
	assert_true(take_out(f, "C8").err < 0);
	fake_assert_unchanged(f, before);
	fake_free(f);
}

TEST(through_an_overlay)
{
	struct fake *f = with_card();
	char *before;
	struct outcome o;

	fake_serve_overlay(f);
	assert_int_equal(take_out(f, "C8").err, 0);
	assert_string_equal(f->trace, "I9002=1 remove overlay-remove I9001=0 P0 I9002=0");
	assert_false(fake_has_node(f, "/pci@800000020000000/ethernet@1"));
	fake_free(f);

	/* refused */
	f = with_card();
	fake_serve_overlay(f);
	before = fake_snapshot(f);
	f->fail_word = "overlay-remove";
	f->fail_with = -EBUSY;
	o = take_out(f, "C8");
	assert_int_equal(o.error.fault, DR_FAULT_KERNEL);
	assert_string_equal(o.error.what, "/proc/device-tree-overlay");
	fake_assert_unchanged(f, before);

	/* and if the next step fails, the state before is restored */
	before = fake_snapshot(f);
	f->fail_word = "P0";
	f->fail_with = -1;
	f->fail_nth = 0;
	assert_true(take_out(f, "C8").err < 0);
	assert_non_null(strstr(f->trace, "overlay-add"));
	fake_assert_unchanged(f, before);
	fake_free(f);
}
