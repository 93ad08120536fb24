// SPDX-License-Identifier: GPL-2.0-or-later
/* A signal that requests an end stops the operation, but not its rollback. The limit of a
 * write. */
#include "libdrmgr/core/resolve.h"
#include "libdrmgr/core/drc_state.h"
#include "libdrmgr/types/pci/pci_ops.h"
#include "libdrmgr/types/pci/slot_control.h"
#include "tests/unit/fakes/pci_run.h"

static const struct pci_request quietly = { 0 };

/* From now on a signal is pending. */
static void signal_came(struct fake *f, int pipe_fds[2])
{
	assert_int_equal(pipe(pipe_fds), 0);
	assert_int_equal(write(pipe_fds[1], "x", 1), 1);
	f->dr.stop_fd = pipe_fds[0];
}

static void signal_gone(struct fake *f, const int pipe_fds[2])
{
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	f->dr.stop_fd = -1;
}

static struct fake *with_card(bool is_configured)
{
	static const char *const parts[] = { "a:1", NULL };
	struct fake *f = fake_new();

	fake_plug(f, "C8", "ethernet@1", parts);
	if (is_configured)
		fake_configure(f, "C8");
	return f;
}

/* An operation that undoes another one, as --all-or-nothing does. */
TEST(what_takes_back_is_not_stopped)
{
	struct fake *f = with_card(true);
	char *before = fake_snapshot(f);
	struct dr_ctx own = f->dr;
	int fds[2];

	signal_came(f, fds);
	assert_int_equal(pci_run(f, pci_remove_card, "C8", &quietly).err, -EINTR);
	fake_assert_unchanged(f, before);

	f->dr.limit = deadline_in_ms(0); /* nor does the deadline apply to it */
	f->dr = dr_unstoppable(&f->dr);
	assert_int_equal(pci_run(f, pci_remove_card, "C8", &quietly).err, 0);
	assert_int_equal(fake_drc(f, "C8")->state, FAKE_POWERON);
	assert_false(fake_has_node(f, "/pci@800000020000000/ethernet@1"));
	f->dr = own;
	signal_gone(f, fds);
	fake_free(f);
}

static int isolate(struct xact *x, void *c)
{
	return drc_isolate_patiently(x, c);
}

/* Translations stay in use for a moment: an undo waits, with or without a signal. */
TEST(undo_waits_for_isolation)
{
	static const struct undo_kind undo_isolate = { .undo = isolate };
	struct fake *f = with_card(true);
	struct connectors cs;
	struct xact x;
	int fds[2];

	assert_int_equal(connectors_read_pci(&cs, f->mem, &f->dr, connector_is_pci_slot),
			 0);
	f->fail_word = "I9001=0";
	f->fail_with = -9001;
	signal_came(f, fds);

	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(drc_isolate_patiently(&x, connectors_by_index(&cs, 0x40000008)),
			 -EREMOTEIO);
	assert_string_equal(f->trace, "I9001=0");
	f->fail_nth = 0;
	assert_int_equal(xact_push_connector(&x, &undo_isolate,
					     connectors_by_index(&cs, 0x40000008)),
			 0);
	assert_int_equal(xact_end(&x, -EINTR), -EINTR);
	assert_false(x.is_undo_incomplete);
	assert_string_equal(f->trace, "I9001=0 I9001=0 I9001=0");
	signal_gone(f, fds);
	fake_free(f);
}

/* The module is busy for a moment: the same. */
TEST(undo_waits_for_the_module)
{
	struct fake *f = fake_new();
	struct connectors cs;
	const struct connector *c;
	struct dr_error error;
	struct xact x;
	int fds[2];

	fake_plug_virtual(f);
	assert_int_equal(phb_run(f, logical_add, "V1").err, 0);
	assert_int_equal(lslot_read(&cs, f->mem, &f->dr), 0);
	assert_int_equal(connectors_find(&cs, &f->dr, "V1", RESOLVE_ALL, &c, &error), 0);
	f->trace[0] = '\0';

	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(slot_control_remove(&x, c, "/vdevice/v-scsi@30000002"), 0);
	f->fail_word = "add_slot";
	f->fail_with = -EBUSY;
	signal_came(f, fds);
	assert_int_equal(xact_end(&x, -EINTR), -EINTR);
	assert_false(x.is_undo_incomplete);
	assert_string_equal(f->trace, "remove_slot add_slot add_slot");
	signal_gone(f, fds);
	fake_free(f);
}

static int count_undo(struct xact *x, void *arg)
{
	int *n = arg;

	(void)x;
	++*n;
	return 0;
}

static int fail_undo(struct xact *x, void *arg)
{
	count_undo(x, arg);
	return -ENOMEM;
}

/* What an inverse without memory leaves can be what the older ones depend on. */
TEST(older_steps_are_left_when_memory_is_short)
{
	static const struct undo_kind counts = { .leaves = "older", .undo = count_undo };
	static const struct undo_kind fails = { .leaves = "newer", .undo = fail_undo };
	struct fake *f = fake_new();
	int first = 0, older = 0, newer = 0, newest = 0;
	struct xact x;

	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(xact_push(&x, &counts, &first), 0);
	assert_int_equal(xact_push(&x, &counts, &older), 0);
	assert_int_equal(xact_push(&x, &fails, &newer), 0);
	assert_int_equal(xact_push(&x, &counts, &newest), 0);
	assert_int_equal(xact_end(&x, -EIO), -EIO);
	assert_true(x.is_undo_incomplete);
	assert_int_equal(newest, 1);
	assert_int_equal(newer, 2);
	assert_int_equal(older + first, 0);
	assert_int_equal(x.n_left, 2);
	assert_string_equal(x.left[0], "newer");
	assert_string_equal(x.left[1], "older");
	fake_free(f);
}

/* A request of several writes goes on when the limit has passed.
 * Behaviours: log-mem-late-write */
TEST(each_write_has_the_whole_limit)
{
	struct fake *f = fake_new();
	struct deadline dl;
	struct xact x;

	f->dr.limit = deadline_in_ms(0);
	f->dr.limit_ms = 1000000;
	xact_begin(&x, &f->dr, f->mem);
	dl = xact_write_until(&x, 0);
	assert_uint_in_range(deadline_left_ms(&dl), 0, DR_FACT_MS);
	x.goes_on = true;
	dl = xact_write_until(&x, 0);
	assert_uint_in_range(deadline_left_ms(&dl), 900000, 1000000);
	fake_free(f);
}
