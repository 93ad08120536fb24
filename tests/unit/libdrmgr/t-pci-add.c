// SPDX-License-Identifier: GPL-2.0-or-later
/* Adding a PCI card: the order of calls. A failure at any step leaves the machine as it
 * was. Numbers are those of the rows of expected behaviour. */
#include <libfdt.h>

#include "libdrmgr/core/resolve.h"
#include "libdrmgr/tree/apply.h"
#include "tests/unit/fakes/pci_run.h"

#define CARD ((const char *const[]){ "a:1", "empty:", NULL })

static const struct pci_request quietly = { 0 };

static struct outcome add_with(struct fake *f, const char *name,
			       const struct pci_request *request)
{
	return pci_run(f, pci_add, name, request);
}

static struct outcome add(struct fake *f, const char *name)
{
	return add_with(f, name, &quietly);
}

static struct fake *with_card(void)
{
	struct fake *f = fake_new();

	fake_plug(f, "C8", "ethernet@1", CARD);
	return f;
}

/* As io-20. 42: a last property without a value.
 * Behaviours: io-42, io-add-order */
TEST(the_whole_way)
{
	struct fake *f = with_card();

	assert_int_equal(add(f, "C8").err, 0);
	assert_string_equal(f->trace,
			    "I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC add_node rescan");
	assert_true(fake_has_node(f, "/pci@800000020000000/ethernet@1/reg"));
	assert_true(fake_has_node(f, "/pci@800000020000000/ethernet@1/empty"));
	assert_true(fake_has_device(f, "0000:00:01.0"));
	assert_int_equal(fake_drc(f, "C8")->state, FAKE_CONFIGURED);
	assert_int_equal(fake_drc(f, "C8")->led, 1);
	fake_free(f);
}

/* with the slot driver: its file is used, and no rescan is needed
 * Behaviours: io-add-slot-driver */
TEST(slot_driver_is_served)
{
	struct fake *f = with_card();

	fake_add_slot(f, "C8");
	assert_int_equal(add(f, "C8").err, 0);
	assert_string_equal(f->trace,
			    "I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC add_node slot=1");
	fake_free(f);
}

/* a slot of a bus that was removed: a write to it would use freed memory
 * Behaviours: io-add-stale */
TEST(stale_slot_is_left_alone)
{
	struct fake *f = with_card();

	fake_add_slot(f, "C8");
	fake_text(f, "sys/bus/pci/slots/C8/address", "0001:00\n");
	assert_int_equal(add(f, "C8").err, 0);
	assert_string_equal(f->trace,
			    "I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC add_node rescan");
	fake_free(f);
}

/* 22 */
TEST(occupied)
{
	struct fake *f = with_card();
	struct outcome o;

	fake_configure(f, "C8");
	o = add(f, "C8");
	assert_int_equal(o.error.fault, DR_FAULT_OCCUPIED);
	assert_string_equal(f->trace, "I9002=1");
	fake_free(f);
}

/* 25 */
TEST(no_card)
{
	struct fake *f = fake_new();
	struct outcome o;
	char *rest;

	f->first = 0x40000008;
	f->dr.limit = deadline_in_ms(30);
	o = add(f, "C8");
	assert_int_equal(o.error.fault, DR_FAULT_NO_CARD);
	assert_false(o.is_undo_incomplete);
	assert_memory_equal(f->trace, "I9001=0 P0 I9002=1 S=0 ", 23);
	rest = strstr(f->trace, " I9001=0 P0 I9002=0");
	assert_non_null(rest);
	assert_string_equal(rest, " I9001=0 P0 I9002=0");
	assert_int_equal(fake_drc(f, "C8")->led, 0);
	fake_free(f);
}

/* 26 */
TEST(card_comes_late)
{
	struct fake *f = with_card();
	struct fake_drc *d = fake_drc(f, "C8");

	d->n_sense = 3; /* empty three times */
	assert_int_equal(add(f, "C8").err, 0);
	assert_string_equal(
		f->trace,
		"I9001=0 P0 I9002=1 S=0 S=0 S=0 S=1 P100 I9001=1 CC add_node rescan");
	fake_free(f);
}

/* 27 to 30 */
TEST(what_the_sensor_says)
{
	static const struct {
		int sense;
		enum dr_fault fault;
		enum dr_advice advice;
		const char *trace;
	} rows[] = {
		{ -1, DR_FAULT_FIRMWARE, DR_ADVICE_HARDWARE,
		  "I9001=0 P0 I9002=1 S=-1 I9001=0 P0 I9002=0" },
		{ -3, DR_FAULT_FIRMWARE, DR_ADVICE_SERVICE,
		  "I9001=0 P0 I9002=1 S=-3 I9001=0 P0 I9002=0" },
		{ 2, DR_FAULT_SENSE, DR_ADVICE_SERVICE,
		  "I9001=0 P0 I9002=1 S=2 I9001=0 P0 I9002=0" },
		{ 3, DR_FAULT_SENSE, DR_ADVICE_SERVICE,
		  "I9001=0 P0 I9002=1 S=3 I9001=0 P0 I9002=0" },
		{ -9000, DR_OK, 0,
		  "I9001=0 P0 I9002=1 S=-9000 P100 I9001=1 S=1 CC add_node rescan" },
		{ -9001, DR_OK, 0,
		  "I9001=0 P0 I9002=1 S=-9001 P100 S=1 I9001=1 CC add_node rescan" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = with_card();
		struct fake_drc *d = fake_drc(f, "C8");
		struct outcome o;

		d->sense_script[0] = rows[i].sense;
		d->n_sense = 1;
		o = add(f, "C8");
		assert_int_equal(o.error.fault, rows[i].fault);
		assert_int_equal(o.error.advice, rows[i].advice);
		assert_string_equal(f->trace, rows[i].trace);
		fake_free(f);
	}
}

/* 31 to 33 */
TEST(what_firmware_refuses)
{
	static const struct {
		const char *word;
		int nth, status;
		enum dr_advice advice;
		const char *trace;
	} rows[] = {
		{ "P100", 0, -9000, DR_ADVICE_BUS_SPEED,
		  "I9001=0 P0 I9002=1 S=1 P100 I9001=0 P0 I9002=0" },
		{ "I9001=1", 0, -1, DR_ADVICE_HARDWARE,
		  "I9001=0 P0 I9002=1 S=1 P100 I9001=1 I9001=0 P0 I9002=0" },
		{ "I9001=1", 0, -9000, DR_ADVICE_SERVICE,
		  "I9001=0 P0 I9002=1 S=1 P100 I9001=1 I9001=0 P0 I9002=0" },
		{ "I9002=1", 0, -1, DR_ADVICE_HARDWARE, "I9001=0 P0 I9002=1" },
		{ "I9001=0", 0, -1, DR_ADVICE_HARDWARE, "I9001=0" },
		{ "P0", 0, -1, DR_ADVICE_HARDWARE, "I9001=0 P0" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = with_card();
		struct outcome o;

		f->fail_word = rows[i].word;
		f->fail_nth = rows[i].nth;
		f->fail_with = rows[i].status;
		o = add(f, "C8");
		assert_int_equal(o.error.fault, DR_FAULT_FIRMWARE);
		assert_int_equal(o.error.status, rows[i].status);
		assert_int_equal(o.error.advice, rows[i].advice);
		assert_string_equal(f->trace, rows[i].trace);
		fake_free(f);
	}
}

/* 34, 35: if any answer of the configuration fails, the slot can be used again */
TEST(a_walk_that_fails_is_read_to_its_end)
{
	for (int nth = 0;; nth++) {
		struct fake *f = with_card();
		char *before = fake_snapshot(f);
		struct outcome o;

		f->fail_cc_nth = nth;
		f->fail_with = nth % 2 ? -1 : -9002;
		o = add(f, "C8");
		if (!o.err) { /* there are no further answers */
			assert_true(nth > 5);
			free(before);
			fake_free(f);
			break;
		}
		assert_int_equal(o.error.fault, DR_FAULT_FIRMWARE);
		assert_true(o.error.is_walk);
		assert_int_equal(o.error.advice,
				 nth % 2 ? DR_ADVICE_HARDWARE : DR_ADVICE_NOT_THIS_SLOT);
		assert_false(o.is_undo_incomplete);
		fake_assert_unchanged(f, before);
		f->fail_cc_nth = -1;
		assert_int_equal(add(f, "C8").err, 0);
		assert_true(fake_has_device(f, "0000:00:01.0"));
		fake_free(f);
	}
}

/* 36: another program left a configuration unfinished */
TEST(abandoned_walk_is_drained)
{
	struct fake *f = with_card();
	struct fake_drc *d = fake_drc(f, "C8");
	struct cc_item item;

	d->state = FAKE_UNISOLATE;
	fdt_walk_begin(&d->walk, d->frag.fdt, fdt_frag_top(&d->frag));
	for (int i = 0; i < 3; i++)
		fdt_walk_next(&d->walk, &item);
	assert_int_equal(add(f, "C8").err, 0);
	assert_string_equal(
		f->trace,
		"I9001=0 CC I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC add_node rescan");
	fake_free(f);
}

/* 36 with -H, which does not isolate first: the configuration begins in the middle */
TEST(walk_in_the_middle_starts_anew)
{
	const struct pci_request hotplug_only = { .hotplug_only = true };
	struct fake *f = with_card();
	struct fake_drc *d = fake_drc(f, "C8");
	struct cc_item item;

	d->state = FAKE_UNISOLATE;
	fdt_walk_begin(&d->walk, d->frag.fdt, fdt_frag_top(&d->frag));
	for (int i = 0; i < 2; i++)
		fdt_walk_next(&d->walk, &item);
	assert_int_equal(add_with(f, "C8", &hotplug_only).err, 0);
	assert_string_equal(f->trace, "I9002=1 S=1 P100 I9001=1 CC add_node rescan");
	assert_true(fake_has_node(f, "/pci@800000020000000/ethernet@1/reg"));
	fake_free(f);
}

/* Behaviours: io-37 */
TEST(extent_is_handed_over)
{
	struct fake *f = with_card();

	f->extent_wanted_for = "a";
	assert_int_equal(add(f, "C8").err, 0);
	assert_true(f->got_extent);
	assert_true(fake_has_node(f, "/pci@800000020000000/ethernet@1/a"));
	fake_free(f);
}

/* 38 */
TEST(no_node_is_lost)
{
	struct fake *f = fake_new();

	fake_plug(f, "C48", "pci@6",
		  (const char *const[]){ ">ethernet@2", "x:1", "<", ">ethernet@3", "y:1",
					 "<", NULL });
	assert_int_equal(add(f, "C48").err, 0);
	assert_string_equal(
		f->trace,
		"I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC add_node add_node add_node rescan");
	assert_true(fake_has_node(f, "/pci@800000020000000/pci@6/ethernet@2/x"));
	assert_true(fake_has_node(f, "/pci@800000020000000/pci@6/ethernet@3/y"));
	fake_free(f);
}

/* 54: the node of a card below a bridge was made before the bridge had a bus number */
TEST(card_behind_a_bridge_arrives_with_it)
{
	struct fake *f = fake_new();

	fake_plug_bridge(f);
	assert_int_equal(add(f, "C48").err, 0);
	assert_string_equal(
		f->trace,
		"I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC add_node add_node rescan "
		"S=1@40000110 remove_node I9001=0@40000110 P0@40000110 P100@40000110 "
		"I9001=1@40000110 CC@40000110 add_node rescan");
	assert_true(fake_has_device(f, "0000:00:06.0"));
	assert_true(fake_has_device(f, "0000:01:02.0"));
	assert_int_equal(fake_drc(f, "C272")->state, FAKE_CONFIGURED);
	fake_free(f);

	/* Linux has found it already: only firmware must still configure it */
	f = fake_new();
	fake_plug_numbered_bridge(f);
	assert_int_equal(add(f, "C48").err, 0);
	assert_non_null(strstr(f->trace, "add_node add_node rescan S=1@40000110 "
					 "P100@40000110 I9001=1@40000110 CC@40000110"));
	assert_true(fake_has_device(f, "0000:01:02.0"));
	assert_int_equal(fake_drc(f, "C272")->state, FAKE_CONFIGURED);
	fake_free(f);

	/* the slot driver is second: alone it would not make a bridge of it */
	f = fake_new();
	fake_plug_bridge(f);
	fake_add_slot(f, "C48");
	assert_int_equal(add(f, "C48").err, 0);
	assert_non_null(strstr(f->trace, "add_node add_node rescan slot=1 S=1@40000110"));
	assert_true(fake_has_device(f, "0000:01:02.0"));
	fake_free(f);
}

/* As io-40. bug-6: nodes are restored depth first.
 * Behaviours: io-bug-6 */
TEST(second_node_refused)
{
	struct fake *f = fake_new();
	struct outcome o;

	fake_plug(f, "C48", "pci@6",
		  (const char *const[]){ ">ethernet@2", "<", ">ethernet@3", "<", NULL });
	f->fail_word = "add_node";
	f->fail_nth = 2;
	f->fail_with = -EINVAL;
	o = add(f, "C48");
	assert_int_equal(o.error.fault, DR_FAULT_KERNEL);
	assert_int_equal(o.error.err, -EINVAL);
	assert_false(o.is_undo_incomplete);
	assert_false(fake_has_node(f, "/pci@800000020000000/pci@6"));
	fake_free(f);
}

/* Behaviours: io-41, io-bug-28 */
TEST(missing_parent_is_never_written_below)
{
	struct fake *f = with_card();
	struct connectors cs;
	const struct connector *c;
	struct dr_result result = { 0 };
	struct dr_error error;

	assert_int_equal(connectors_read_pci(&cs, f->mem, &f->dr, connector_is_pci_slot),
			 0);
	assert_int_equal(connectors_find(&cs, &f->dr, "C8", RESOLVE_ALL, &c, &error), 0);
	fake_remove(f, "proc/device-tree/pci@800000020000000");
	assert_true(pci_add(&f->dr, &cs, c, &quietly, &result) < 0);
	assert_null(strstr(f->trace, "add_node"));
	mem_end(&result.mem);
	fake_free(f);
}

/* Each word of a clean run fails in turn. */
static void each_step_fails_in_turn(struct fake *(*setup)(void), const char *name)
{
	struct fake *f = setup();
	char *words, *save = NULL;
	int cases = 0;

	assert_int_equal(add(f, name).err, 0);
	words = strdup(f->trace);
	fake_free(f);

	for (char *word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		int nth = 0;

		if (!strncmp(word, "CC", 2))
			continue; /* a_walk_that_fails_is_read_to_its_end */
		/* the number of this occurrence of the word */
		for (char *before = words; before < word; before += strlen(before) + 1)
			nth += !strcmp(before, word);

		char *before;
		struct outcome o;
		bool is_write = strchr("arsd", *word) != NULL;

		f = setup();
		f->fail_word = word;
		f->fail_nth = nth;
		f->fail_with = is_write ? -EIO : -1;
		before = fake_snapshot(f);
		o = add(f, name);
		if (!strncmp(word, "slot", 4)) {
			/* the device decides */
			assert_true(!o.err || o.error.fault == DR_FAULT_NO_DEVICE);
		} else if (!strncmp(word, "rescan", 6)) {
			/* drmgr does not wait for a device that cannot appear */
			assert_int_equal(o.err, -EIO);
			assert_int_equal(o.error.fault, DR_FAULT_KERNEL);
			assert_string_equal(o.error.step, "rescan");
		} else {
			assert_true(o.err < 0);
			assert_non_null(o.error.step);
		}
		if (o.err) {
			assert_false(o.is_undo_incomplete);
			fake_assert_unchanged(f, before);
		} else {
			free(before);
		}
		fake_free(f);
		cases++;
	}
	assert_true(cases >= 8);
	free(words);
}

static struct fake *impatient_card(void)
{
	struct fake *f = with_card();

	f->dr.limit = deadline_in_ms(200);
	return f;
}

static struct fake *impatient_bridge(void)
{
	struct fake *f = fake_new();

	fake_plug_bridge(f);
	f->dr.limit = deadline_in_ms(400);
	return f;
}

static struct fake *impatient_numbered_bridge(void)
{
	struct fake *f = fake_new();

	fake_plug_numbered_bridge(f);
	f->dr.limit = deadline_in_ms(400);
	return f;
}

/* Behaviours: io-add-undo */
TEST(each_failure_leaves_all_as_it_was)
{
	each_step_fails_in_turn(impatient_numbered_bridge, "C48");
	each_step_fails_in_turn(impatient_card, "C8");
	each_step_fails_in_turn(impatient_bridge, "C48");
}

/* the device decides, not the result of the write */
TEST(no_device_is_a_failure)
{
	struct fake *f = impatient_card();
	char *before = fake_snapshot(f);
	struct outcome o;

	f->no_rescan = true;
	o = add(f, "C8");
	assert_int_equal(o.error.fault, DR_FAULT_NO_DEVICE);
	fake_assert_unchanged(f, before);
	fake_free(f);
}

/* 53 */
TEST(function_1_before_function_0)
{
	struct fake *f = impatient_card();

	fake_plug(f, "C24", "ethernet@3", CARD);
	fake_plug(f, "C25", "ethernet@3,1", CARD);
	assert_int_equal(add(f, "C25").err, 0);
	assert_non_null(strstr(f->warnings, "function 0"));
	assert_false(fake_has_device(f, "0000:00:03.1"));
	assert_int_equal(add(f, "C24").err, 0);
	assert_true(fake_has_device(f, "0000:00:03.0"));
	assert_true(fake_has_device(f, "0000:00:03.1"));
	fake_free(f);
}

/* While a function waits for function 0, the power of a slot on its bus must not be
 * switched: whether its node existed before the command, or the same command has added
 * it. */
TEST(waiting_function_keeps_slots_off)
{
	for (int is_older = 0; is_older < 2; is_older++) {
		struct fake *f = impatient_card();
		struct dr_result first = { 0 }, second = { 0 };
		struct connectors cs;

		fake_plug(f, "C25", "ethernet@3,1", CARD);
		fake_add_slot(f, "C8");
		if (is_older)
			assert_int_equal(add(f, "C25").err, 0);
		assert_int_equal(
			connectors_read_pci(&cs, f->mem, &f->dr, connector_is_pci_slot),
			0);
		if (!is_older)
			assert_int_equal(pci_add(&f->dr, &cs,
						 connectors_by_index(&cs, 0x40000019),
						 &quietly, &first),
					 0);
		assert_int_equal(pci_add(&f->dr, &cs,
					 connectors_by_index(&cs, 0x40000008), &quietly,
					 &second),
				 0);
		assert_null(strstr(f->trace, "slot="));
		mem_end(&first.mem);
		mem_end(&second.mem);
		fake_free(f);
	}
}

/* 47 to 50 */
TEST(prompts)
{
	static const struct {
		const char *answers, *asked;
		int err;
		bool skip_identify;
		const char *trace;
	} rows[] = {
		{ "yy", "IN", 0, false,
		  "I9002=2 I9001=0 P0 I9002=3 I9002=1 S=1 P100 I9001=1 CC add_node rescan" },
		{ "n", "I", -ECANCELED, false, "I9002=2 I9002=0" },
		{ "", "I", -ENODATA, false, "I9002=2 I9002=0" },
		{ "y", "IN", -ENODATA, false, "I9002=2 I9001=0 P0 I9002=3 I9002=0" },
		{ "yn", "IN", -ECANCELED, false, "I9002=2 I9001=0 P0 I9002=3 I9002=0" },
		{ "n", "N", -ECANCELED, true, "I9001=0 P0 I9002=3 I9002=0" },
		{ "i", "I", -EINTR, false, "I9002=2 I9002=0" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct pci_request request = { .prompt = true,
						     .skip_identify =
							     rows[i].skip_identify };
		struct fake *f = with_card();

		f->answers = rows[i].answers;
		assert_int_equal(add_with(f, "C8", &request).err, rows[i].err);
		assert_string_equal(f->asked, rows[i].asked);
		assert_string_equal(f->trace, rows[i].trace);
		fake_free(f);
	}
}

TEST(still_missing)
{
	const struct pci_request request = { .prompt = true, .skip_identify = true };
	struct fake *f = fake_new();

	f->first = 0x40000008;
	f->dr.limit = deadline_in_ms(20);
	f->answers = "yyn";
	assert_int_equal(add_with(f, "C8", &request).error.fault, DR_FAULT_NO_CARD);
	assert_string_equal(f->asked, "NSS");
	f->answers = "y";
	assert_int_equal(add_with(f, "C8", &request).error.fault, DR_FAULT_NO_ANSWER);
	fake_free(f);
}

/* 69, and with the kernel's configuration */
TEST(through_the_kernel)
{
	struct fake *f = with_card();
	struct outcome o;

	fake_text(f, "sys/kernel/dlpar", "memory,cpu,dt\n");
	f->dr.backend = &apply_dlpar;
	assert_int_equal(add(f, "C8").err, 0);
	assert_string_equal(f->trace,
			    "I9001=0 P0 I9002=1 S=1 P100 I9001=1 dt-add rescan");
	fake_free(f);

	f = with_card();
	fake_text(f, "sys/kernel/dlpar", "memory,cpu,dt\n");
	f->dr.backend = &apply_dlpar;
	f->dt_add_errno = EIO;
	assert_int_equal(add(f, "C8").err, 0);
	assert_string_equal(
		f->trace, "I9001=0 P0 I9002=1 S=1 P100 I9001=1 dt-add CC I9001=0 I9001=1 "
			  "CC add_node rescan");
	fake_free(f);

	f = with_card();
	fake_text(f, "sys/kernel/dlpar", "memory,cpu,dt\n");
	f->dr.backend = &apply_dlpar;
	f->dr.is_backend_forced = true;
	f->dt_add_errno = EIO;
	o = add(f, "C8");
	assert_int_equal(o.error.fault, DR_FAULT_KERNEL);
	assert_int_equal(o.error.err, -EIO);
	fake_free(f);
}

#define PHB "/pci@800000020000000"

static struct fake *with_ports(void)
{
	static const char *const parts[] = { "a:1",	">port@0", "b:2",
					     "=port@1", "c:3",	   NULL };
	struct fake *f = fake_new();

	fake_plug(f, "C8", "ethernet@1", parts);
	fake_serve_overlay(f);
	return f;
}

/* Nested nodes: one write adds all of them or none. */
TEST(through_an_overlay)
{
	static const int errors[] = { -EINVAL, -EFBIG,	-E2BIG, -EOPNOTSUPP, -ENODEV,
				      -ENOENT, -EEXIST, -EPERM, -EBUSY,	     -ENOMEM };
	struct fake *f = with_ports();
	char *before = fake_snapshot(f);

	for (size_t i = 0; i < COUNT(errors); i++) {
		struct outcome o;

		f->fail_word = "overlay-add";
		f->fail_with = errors[i];
		f->fail_nth = 0;
		o = add(f, "C8");
		assert_int_equal(o.error.fault, DR_FAULT_KERNEL);
		assert_int_equal(o.error.err, errors[i]);
		assert_string_equal(o.error.what, "/proc/device-tree-overlay");
		assert_string_equal(f->trace,
				    "I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC overlay-add "
				    "I9001=0 P0 I9002=0");
		assert_false(o.is_undo_incomplete);
	}
	fake_assert_unchanged(f, before);
	f->fail_word = NULL;
	assert_int_equal(add(f, "C8").err, 0);
	assert_string_equal(f->trace,
			    "I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC overlay-add rescan");
	assert_true(fake_has_node(f, PHB "/ethernet@1/port@0/b"));
	assert_true(fake_has_node(f, PHB "/ethernet@1/port@1/c"));
	assert_true(fake_has_device(f, "0000:00:01.0"));
	fake_free(f);
}

#define OVERLAY_FILE "proc/device-tree-overlay"
#define STATUS	     "papr-dt-overlay 1 backend=changeset max=1048576 seq=0 last="

/* The file's reason for its newest blob is used if it belongs to this error. */
TEST(reason_of_an_overlay)
{
	static const struct {
		const char *text, *reason;
	} rows[] = {
		{ STATUS "-17\nreason: fragment@0, " PHB
			 ": no\x1b room\n1 a nodes=+1/-0\n",
		  "fragment@0, " PHB ": no? room" },
		{ STATUS "-16\nreason: of another blob\n", "" },
		{ STATUS "-17\n1 a nodes=+1/-0 props=0\nreason: in no place\n", "" },
		{ STATUS "-17\n", "" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = with_ports();
		struct outcome o;

		fake_text(f, OVERLAY_FILE, rows[i].text);
		f->fail_word = "overlay-add";
		f->fail_with = -EEXIST;
		o = add(f, "C8");
		assert_int_equal(o.error.err, -EEXIST);
		assert_string_equal(o.error.reason, rows[i].reason);
		fake_free(f);
	}
}

/* A blob that is too large for the file is not written. */
TEST(overlay_that_is_too_large)
{
	struct fake *f = with_ports();
	char *before;
	struct outcome o;

	fake_text(f, OVERLAY_FILE,
		  "papr-dt-overlay 1 backend=changeset max=200 seq=0 last=0\n");
	before = fake_snapshot(f);
	f->dr.is_backend_forced = true;
	o = add(f, "C8");
	assert_int_equal(o.error.fault, DR_FAULT_NO_BACKEND);
	assert_int_equal(o.error.err, -EFBIG);
	assert_string_equal(o.error.what, "overlay");
	assert_string_equal(f->trace, "I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC "
				      "I9001=0 P0 I9002=0");
	assert_false(o.is_undo_incomplete);
	fake_assert_unchanged(f, before);

	f->dr.is_backend_forced = false;
	assert_int_equal(add(f, "C8").err, 0);
	assert_string_equal(f->trace, "I9001=0 P0 I9002=1 S=1 P100 I9001=1 CC "
				      "add_node add_node add_node rescan");
	assert_true(fake_has_node(f, PHB "/ethernet@1/port@1/c"));
	fake_free(f);
}

/* The same for a removal, and for its undo. */
TEST(removal_that_is_too_large)
{
	static const char *const nodes[] = { PHB "/ethernet@1" };
	struct fake *f = with_ports();
	struct xact x;

	assert_int_equal(add(f, "C8").err, 0);
	fake_text(f, OVERLAY_FILE,
		  "papr-dt-overlay 1 backend=changeset max=99 seq=0 last=0\n");
	f->trace[0] = '\0';
	f->dr.is_backend_forced = true;
	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(apply_overlay.detach(&x, NULL, nodes, 1), -EFBIG);
	assert_int_equal(x.error.fault, DR_FAULT_NO_BACKEND);
	assert_int_equal(xact_end(&x, -EFBIG), -EFBIG);
	assert_string_equal(f->trace, "");

	f->dr.is_backend_forced = false;
	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(apply_overlay.detach(&x, NULL, nodes, 1), 0);
	assert_int_equal(xact_end(&x, 0), 0);
	assert_string_equal(f->trace, "remove_node remove_node remove_node");
	fake_free(f);
}

/* The file would refuse the whole blob if a node exists. So only missing nodes are added,
 * and only they are removed in an undo.
 * Behaviours: ov-drmgr-missing */
TEST(overlay_of_what_is_missing)
{
	struct fake *f = with_ports();
	struct xact x;
	char *before;

	assert_int_equal(add(f, "C8").err, 0);
	before = fake_snapshot(f);
	f->trace[0] = '\0';
	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(apply_overlay.attach(&x, NULL, PHB, &fake_drc(f, "C8")->frag),
			 0);
	assert_int_equal(xact_end(&x, 0), 0);
	assert_string_equal(f->trace, "");
	fake_assert_unchanged(f, before);

	fake_remove(f, "proc/device-tree" PHB "/ethernet@1/port@1");
	before = fake_snapshot(f);
	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(apply_overlay.attach(&x, NULL, PHB, &fake_drc(f, "C8")->frag),
			 0);
	assert_true(fake_has_node(f, PHB "/ethernet@1/port@1/c"));
	assert_int_equal(xact_end(&x, -EIO), -EIO);
	assert_string_equal(f->trace, "overlay-add overlay-remove");
	fake_assert_unchanged(f, before);
	fake_free(f);
}

/* Behaviours: ov-drmgr-chosen */
TEST(choice_of_overlay)
{
	struct fake *f = fake_new();
	struct dr_error error;
	static const struct {
		const char *line;
		int err;
	} lines[] = {
		{ "papr-dt-overlay 1 backend=changeset max=1048576 seq=0 last=0\n", 0 },
		{ "papr-dt-overlay 2\n", 0 },
		{ "papr-dt-overlay 0 backend=changeset\n", -EOPNOTSUPP },
		{ "papr-dt-overlay x\n", -EOPNOTSUPP },
		{ "papr-dt-overlay\n", -EOPNOTSUPP },
		{ "something else 1\n", -EOPNOTSUPP },
		{ "", -EOPNOTSUPP },
	};

	assert_int_equal(apply_choose(&f->dr, "overlay", false, &error), -ENOENT);
	assert_int_equal(error.fault, DR_FAULT_NO_BACKEND);
	assert_string_equal(error.what, "overlay");
	for (size_t i = 0; i < COUNT(lines); i++) {
		fake_text(f, "proc/device-tree-overlay", lines[i].line);
		assert_int_equal(apply_choose(&f->dr, "overlay", false, &error),
				 lines[i].err);
		assert_ptr_equal(f->dr.backend, lines[i].err ? NULL : &apply_overlay);
	}
	/* an unavailable one is skipped, the first usable one is chosen */
	assert_int_equal(apply_choose(&f->dr, "auto", false, &error), 0);
	assert_ptr_equal(f->dr.backend, &apply_ofdt);
	fake_serve_overlay(f);
	fake_text(f, "sys/kernel/dlpar", "memory,cpu,dt\n");
	assert_int_equal(apply_choose(&f->dr, "auto", false, &error), 0);
	assert_ptr_equal(f->dr.backend, &apply_overlay);
	fake_free(f);
}

TEST(choice_of_backend)
{
	struct fake *f = fake_new();
	struct dr_error error;

	assert_int_equal(apply_choose(&f->dr, "auto", false, &error), 0);
	assert_ptr_equal(f->dr.backend, &apply_ofdt);
	assert_int_equal(apply_choose(&f->dr, "dlpar", false, &error), -ENOENT);
	assert_int_equal(error.fault, DR_FAULT_NO_BACKEND);
	fake_text(f, "sys/kernel/dlpar", "memory,cpu\n");
	assert_int_equal(apply_choose(&f->dr, "dlpar", false, &error), -EOPNOTSUPP);
	fake_text(f, "sys/kernel/dlpar", "memory,cpu,dt\n");
	assert_int_equal(apply_choose(&f->dr, "auto", false, &error), 0);
	assert_ptr_equal(f->dr.backend, &apply_dlpar);
	assert_int_equal(apply_choose(&f->dr, "ofdt", false, &error), 0);
	assert_ptr_equal(f->dr.backend, &apply_ofdt);
	fake_text(f, "sys/kernel/security/lockdown",
		  "none [integrity] confidentiality\n");
	assert_int_equal(apply_choose(&f->dr, "ofdt", false, &error), -EPERM);
	assert_int_equal(apply_choose(&f->dr, "auto", false, &error), 0);
	assert_ptr_equal(f->dr.backend, &apply_dlpar);
	assert_int_equal(apply_choose(&f->dr, "frob", false, &error), -EOPNOTSUPP);
	fake_free(f);
}

TEST(plan_changes_nothing)
{
	struct fake *f = with_card();
	char *before = fake_snapshot(f);

	f->dr.dry_run = true;
	assert_int_equal(add(f, "C8").err, 0);
	assert_string_equal(f->trace, "S=1");
	fake_assert_unchanged(f, before);
	fake_free(f);
}

/* Behaviours: io-all-power */
TEST(every_unconfigured_card_is_found)
{
	struct fake *f = with_card();
	const struct connector **list;
	struct connectors cs;
	struct dr_error error;
	size_t n;

	fake_plug(f, "C48", "scsi@6", CARD);
	fake_plug(f, "C16", "ethernet@2", CARD);
	fake_configure(f, "C16");
	fake_plug(f, "C9", "ethernet@1,1", CARD);
	fake_drc(f, "C24")->sense_script[0] = -9000; /* needs power to answer */
	fake_drc(f, "C24")->n_sense = 1;
	assert_int_equal(connectors_read_pci(&cs, f->mem, &f->dr, connector_is_pci_slot),
			 0);
	assert_int_equal(pci_unconfigured(&f->dr, &cs, &list, &n, &error), 0);
	assert_int_equal(n, 3);
	assert_string_equal(list[0]->drc.name, "C8");
	assert_string_equal(list[1]->drc.name, "C9");
	assert_string_equal(list[2]->drc.name, "C48");
	assert_non_null(strstr(f->warnings, "C24"));
	assert_null(strstr(f->trace, "P100"));
	fake_free(f);
}
