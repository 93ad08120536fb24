// SPDX-License-Identifier: GPL-2.0-or-later
/* A card with two paths, in two slots: both are added and removed together. */
#include "tests/unit/fakes/pci_run.h"

static const struct pci_request quietly = { 0 };

/* A card with a second path in another slot: both are added, and both again after a
 * failure.
 * Behaviours: io-add-partner */
TEST(partner_comes_along)
{
	static const char both[] =
		"I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC add_node rescan "
		"I9001=0@40000010 P0@40000010 P100@40000010 I9001=1@40000010 "
		"CC@40000010 add_node rescan";
	struct fake *f = fake_new();
	struct outcome o;
	char *before;

	fake_plug_two_paths(f);
	before = fake_snapshot(f);
	f->fail_word = "I9001=1@40000010";
	f->fail_with = -1;
	o = pci_run(f, pci_add, "C8", &quietly);
	assert_int_equal(o.error.fault, DR_FAULT_FIRMWARE);
	assert_false(o.is_undo_incomplete);
	fake_assert_unchanged(f, before);
	assert_non_null(strstr(f->other_steps, "unisolate 0x40000010 isolate "));
	f->fail_word = NULL;
	assert_string_equal(o.others, "C16 ?");
	o = pci_run(f, pci_add, "C8", &quietly);
	assert_int_equal(o.err, 0);
	assert_string_equal(f->trace, both);
	assert_string_equal(o.others, "C16 /pci@800000020000000/ethernet@2");
	assert_string_equal(f->other_steps,
			    "0x40000010 isolate 0x40000010 power-off 0x40000010 power-on "
			    "0x40000010 unisolate 0x40000010 configure-connector "
			    "0x40000010 attach 0x40000010 rescan ");
	assert_true(fake_has_device(f, "0000:00:02.0"));
	f->dr.describe = true;
	o = pci_run(f, pci_remove_card, "C8", &quietly);
	assert_int_equal(o.err, 0);
	assert_string_equal(o.others, "C16 /pci@800000020000000/ethernet@2 0000:00:02.0");
	assert_string_equal(f->other_steps, "0x40000010 remove-device 0x40000010 detach "
					    "0x40000010 isolate 0x40000010 power-off ");
	assert_false(fake_has_device(f, "0000:00:01.0"));
	assert_false(fake_has_device(f, "0000:00:02.0"));
	assert_int_equal(fake_drc(f, "C16")->state, FAKE_POWERON);
	fake_free(f);
}
