// SPDX-License-Identifier: GPL-2.0-or-later
/* A kill -9 before and after each call of firmware and each write to the kernel, in every
 * operation: another process with its journal restores the first state of the machine. */
#include <signal.h>
#include <sys/wait.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/core/recovery.h"
#include "tests/unit/fakes/pci_run.h"

static const struct pci_request quietly = { 0 };

struct story {
	pci_operation *op;
	logical_operation *logical_op;
	const char *slot;
	struct fake *(*begin)(void);
	enum { BY_NODES, BY_KERNEL, BY_BLOB } way; /* how the tree is changed */
};

static int run(struct fake *f, const struct story *story)
{
	return story->op ? pci_run(f, story->op, story->slot, &quietly).err
			 : phb_run(f, story->logical_op, story->slot).err;
}

static int run_it(struct fake *f, const void *story)
{
	return run(f, story);
}

static bool run_until_killed(struct fake *f, const struct story *story, int moment)
{
	return fake_run_until_killed(f, moment, run_it, story);
}

static void recover(struct fake *f)
{
	static const char left[] = JOURNAL_LEFT_PREFIX "1";
	bool is_left = kern_exists(&f->root, JOURNAL_DIR "/" JOURNAL_LEFT_PREFIX "1") > 0;
	struct dr_interrupted found;

	assert_int_equal(
		recovery_run(&f->dr, is_left ? left : JOURNAL_FILE, &found, NULL), 0);
	assert_false(recovery_is_needed(&f->dr));
	assert_int_equal(kern_exists(&f->root, JOURNAL_DIR "/" JOURNAL_LEFT_PREFIX "1"),
			 0);
	assert_string_equal(f->warnings, "");
}

static struct fake *begin(const struct story *story)
{
	struct fake *f = story->begin();

	if (story->way == BY_BLOB)
		fake_serve_overlay(f);
	if (story->way == BY_KERNEL) {
		fake_text(f, "sys/kernel/dlpar", "memory,cpu,dt\n");
		f->dr.backend = &apply_dlpar;
	}
	return f;
}

/* Kill at every moment. Return the number of moments. */
static int kill_everywhere(const struct story *story)
{
	bool was_killed = true;
	int moment = 0;

	while (was_killed) {
		struct fake *f = begin(story);
		char *before = fake_snapshot(f);

		was_killed = run_until_killed(f, story, ++moment);
		recover(f);
		if (was_killed)
			fake_assert_unchanged(f, before);
		else
			free(before);
		fake_free(f);
	}
	return moment - 1;
}

static struct fake *empty_slot_with_card(void)
{
	static const char *const parts[] = { "a:1", ">port@0", "b:2", NULL };
	struct fake *f = fake_new();

	fake_plug(f, "C8", "ethernet@1", parts);
	return f;
}

static struct fake *configured_card(void)
{
	struct fake *f = empty_slot_with_card();

	fake_configure(f, "C8");
	return f;
}

static struct fake *slot_driver(struct fake *f, const char *adapter)
{
	fake_add_slot(f, "C8");
	fake_text(f, "sys/bus/pci/slots/C8/adapter", adapter);
	return f;
}

static struct fake *empty_slot_of_driver(void)
{
	return slot_driver(empty_slot_with_card(), "0\n");
}

static struct fake *configured_slot_of_driver(void)
{
	return slot_driver(configured_card(), "1\n");
}

static struct fake *unplugged_bridge(void)
{
	struct fake *f = fake_new();

	fake_plug_bridge(f);
	return f;
}

static struct fake *unplugged_numbered_bridge(void)
{
	struct fake *f = fake_new();

	fake_plug_numbered_bridge(f);
	return f;
}

static struct fake *configured_bridge(void)
{
	struct fake *f = unplugged_bridge();

	assert_int_equal(pci_run(f, pci_add, "C48", &quietly).err, 0);
	return f;
}

static struct fake *available_phb(void)
{
	struct fake *f = fake_new();

	fake_plug_phb(f, false);
	return f;
}

static struct fake *available_phb_with_node(void)
{
	struct fake *f = fake_new();

	fake_plug_phb(f, true);
	return f;
}

static struct fake *owned_phb(void)
{
	struct fake *f = available_phb();

	assert_int_equal(phb_run(f, logical_add, "PHB 1").err, 0);
	return f;
}

static struct fake *available_virtual(void)
{
	struct fake *f = fake_new();

	fake_plug_virtual(f);
	return f;
}

static struct fake *owned_virtual(void)
{
	struct fake *f = available_virtual();

	assert_int_equal(phb_run(f, logical_add, "V1").err, 0);
	return f;
}

static const struct story stories[] = {
	{ pci_add, NULL, "C8", empty_slot_with_card, BY_NODES },
	{ pci_add, NULL, "C8", empty_slot_of_driver, BY_NODES },
	{ pci_add, NULL, "C8", empty_slot_with_card, BY_KERNEL },
	{ pci_add, NULL, "C48", unplugged_bridge, BY_NODES },
	{ pci_add, NULL, "C48", unplugged_numbered_bridge, BY_NODES },
	{ pci_remove_card, NULL, "C8", configured_card, BY_NODES },
	{ pci_remove_card, NULL, "C8", configured_slot_of_driver, BY_NODES },
	{ pci_remove_card, NULL, "C8", configured_card, BY_KERNEL },
	{ pci_remove_card, NULL, "C48", configured_bridge, BY_NODES },
	{ pci_identify, NULL, "C8", configured_card, BY_NODES },
	{ NULL, logical_add, "PHB 1", available_phb, BY_NODES },
	{ NULL, logical_add, "PHB 1", available_phb, BY_KERNEL },
	{ NULL, logical_add, "PHB 1", available_phb_with_node, BY_NODES },
	{ NULL, logical_remove, "PHB 1", owned_phb, BY_NODES },
	{ NULL, logical_remove, "PHB 1", owned_phb, BY_KERNEL },
	{ NULL, logical_add, "V1", available_virtual, BY_NODES },
	{ NULL, logical_remove, "V1", owned_virtual, BY_NODES },
	{ pci_add, NULL, "C8", empty_slot_with_card, BY_BLOB },
	{ pci_add, NULL, "C48", unplugged_bridge, BY_BLOB },
	{ pci_add, NULL, "C48", unplugged_numbered_bridge, BY_BLOB },
	{ pci_remove_card, NULL, "C8", configured_card, BY_BLOB },
	{ pci_remove_card, NULL, "C48", configured_bridge, BY_BLOB },
	{ NULL, logical_add, "PHB 1", available_phb, BY_BLOB },
	{ NULL, logical_add, "PHB 1", available_phb_with_node, BY_BLOB },
	{ NULL, logical_remove, "PHB 1", owned_phb, BY_BLOB },
	{ NULL, logical_add, "V1", available_virtual, BY_BLOB },
	{ NULL, logical_remove, "V1", owned_virtual, BY_BLOB },
};

TEST(kill_at_every_moment)
{
	int moments = 0;

	for (size_t i = 0; i < COUNT(stories); i++)
		moments += kill_everywhere(&stories[i]);
	print_message("# %d moments\n", moments);
	assert_true(moments > 400);
}

/* The host removes the card as soon as it is isolated: then the card cannot be restored,
 * and the slot is left as by a removal. */
TEST(card_that_is_gone)
{
	const struct story story = { pci_remove_card, NULL, "C8", configured_card,
				     BY_NODES };
	struct fake *f = configured_card();
	bool was_killed = true;
	char *empty;

	f->goes_when_isolated = true;
	assert_int_equal(pci_run(f, pci_remove_card, "C8", &quietly).err, 0);
	empty = fake_snapshot(f);
	fake_free(f);

	for (int moment = 1; was_killed; moment++) {
		char *before;

		f = configured_card();
		before = fake_snapshot(f);
		f->goes_when_isolated = true;
		was_killed = run_until_killed(f, &story, moment);
		f->goes_when_isolated = false;
		recover(f);
		fake_assert_unchanged(f, fake_drc(f, "C8")->is_present
						 ? before
						 : (free(before), strdup(empty)));
		fake_free(f);
	}
	free(empty);
}

static char *state_without_card(void)
{
	struct fake *f = configured_card();
	char *text;

	assert_int_equal(pci_run(f, pci_remove_card, "C8", &quietly).err, 0);
	text = fake_snapshot(f);
	fake_free(f);
	return text;
}

/* When the old card is out, it stays out, and later steps are undone. */
TEST(killed_replacement)
{
	const struct story story = { pci_replace, NULL, "C8", configured_card, BY_NODES };
	char *empty = state_without_card();
	int undone = 0, emptied = 0;
	bool was_killed = true;

	for (int moment = 1; was_killed; moment++) {
		struct fake *f = configured_card();
		char *before = fake_snapshot(f), *after;

		was_killed = run_until_killed(f, &story, moment);
		recover(f);
		after = fake_snapshot(f);
		if (was_killed && strcmp(after, before) != 0) {
			assert_string_equal(after, empty);
			emptied++;
		} else if (was_killed) {
			assert_int_equal(emptied, 0);
			undone++;
		}
		free(before);
		free(after);
		fake_free(f);
	}
	assert_true(undone > 5 && emptied > 5);
	free(empty);
}

/* The recovery is killed, and repeated. */
TEST(killed_again)
{
	const struct story story = { pci_remove_card, NULL, "C8", configured_card,
				     BY_NODES };
	bool was_killed = true;

	for (int again = 1; was_killed; again++) {
		struct fake *f = configured_card();
		char *before = fake_snapshot(f);
		struct dr_interrupted found;
		int status;
		pid_t pid;

		assert_true(run_until_killed(f, &story, 12));
		pid = fork();
		if (!pid) {
			f->kill_at = again;
			_exit(recovery_run(&f->dr, JOURNAL_FILE, &found, NULL) ? 1 : 0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		was_killed = WIFSIGNALED(status);
		fake_forget_process(f);
		recover(f);
		fake_assert_unchanged(f, before);
		fake_free(f);
	}
}

static struct fake *killed_behind_the_walk(const struct story *story, char **before)
{
	for (int moment = 1;; moment++) {
		struct fake *f = begin(story);

		*before = fake_snapshot(f);
		assert_true(run_until_killed(f, story, moment));
		if (fake_has_node(f, "/pci@800000020000000/ethernet@1/port@0"))
			return f;
		free(*before);
		fake_free(f);
	}
}

/* A step that cannot be undone keeps the journal, and the others are undone. */
TEST(what_cannot_be_undone)
{
	const struct story story = { pci_add, NULL, "C8", empty_slot_with_card,
				     BY_NODES };
	struct dr_interrupted found;
	char *before;
	struct fake *f = killed_behind_the_walk(&story, &before);

	f->fail_word = "remove_node";
	f->fail_with = -EIO;
	assert_int_equal(recovery_run(&f->dr, JOURNAL_FILE, &found, NULL), -EUCLEAN);
	assert_string_equal(found.step, "add-node");
	assert_true(found.undone > 0);
	assert_false(recovery_is_needed(&f->dr)); /* it is a leftover */
	f->fail_word = NULL;
	recover(f);
	fake_assert_unchanged(f, before);
	fake_free(f);
}

/* Nor without the file of the change, although another one exists.
 * Behaviours: ov-drmgr-unloaded */
TEST(what_a_blob_has_added)
{
	const struct story story = { pci_add, NULL, "C8", empty_slot_with_card, BY_BLOB };
	struct dr_interrupted found;
	char *before;
	struct fake *f = killed_behind_the_walk(&story, &before);

	f->fail_word = "overlay-remove";
	f->fail_with = -EIO;
	assert_int_equal(recovery_run(&f->dr, JOURNAL_FILE, &found, NULL), -EUCLEAN);
	assert_string_equal(found.step, "overlay-attach");
	f->fail_word = NULL;
	f->dr.backend = &apply_ofdt;
	fake_remove(f, "proc/device-tree-overlay");
	recover(f);
	fake_assert_unchanged(f, before);
	fake_free(f);
}
