// SPDX-License-Identifier: GPL-2.0-or-later
/* Operations whose n-th allocation fails, once or from there on: all is done, or all is as
 * before, or a journal undoes the rest. */
#include <string.h>

#include "libdrmgr/core/journal.h"
#include "libdrmgr/core/leftover.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/core/run.h"
#include "libdrmgr/types/runs.h"
#include "tests/unit/fakes/fake_cpus.h"
#include "tests/unit/fakes/fake_platform.h"
#include "tests/unit/fakes/no_memory.h"

struct story {
	const char *title;
	struct fake *(*begin)(void);
	const struct run_ops *ops;
	struct run_request request;
	unsigned long allocations; /* at least */
};

struct counts {
	unsigned int done, undone, recovered;
};

static struct fake *card(void)
{
	static const char *const parts[] = { "a:1", ">port@0", "b:2", NULL };
	struct fake *f = fake_new();

	fake_plug(f, "C8", "ethernet@1", parts);
	fake_add_slot(f, "C8");
	return f;
}

static struct fake *configured_card(void)
{
	struct fake *f = card();

	fake_configure(f, "C8");
	fake_text(f, "sys/bus/pci/slots/C8/adapter", "1\n");
	return f;
}

static struct fake *one_core(void)
{
	struct fake *f = fake_cpus_new(1, 3);

	fake_cpus_by_kernel(f);
	return f;
}

static struct fake *cores(void)
{
	struct fake *f = fake_cpus_new(3, 3);

	fake_cpus_by_kernel(f);
	return f;
}

static const struct story stories[] = {
	{ "pci -r",
	  configured_card,
	  &run_pci,
	  { .type = "pci",
	    .kind = "pci",
	    .action = DR_REMOVE,
	    .key = "C8",
	    .backend = "auto" },
	  25 },
	{ "pci -a",
	  card,
	  &run_pci,
	  { .type = "pci",
	    .kind = "pci",
	    .action = DR_ADD,
	    .key = "C8",
	    .backend = "auto" },
	  25 },
	{ "cpu -a",
	  one_core,
	  &run_cpu,
	  { .type = "cpu",
	    .kind = "cpu",
	    .action = DR_ADD,
	    .count = 1,
	    .backend = "auto" },
	  25 },
	{ "cpu -r",
	  cores,
	  &run_cpu,
	  { .type = "cpu",
	    .kind = "cpu",
	    .action = DR_REMOVE,
	    .count = 1,
	    .backend = "auto" },
	  25 },
};

static ssize_t (*machine_write)(const struct kern_root *root, const char *path,
				const void *buf, size_t len, const struct deadline *dl);

/* The machine has memory of its own. */
static ssize_t write_paused(const struct kern_root *root, const char *path,
			    const void *buf, size_t len, const struct deadline *dl)
{
	ssize_t done;

	memory_now.paused = true;
	done = machine_write(root, path, buf, len, dl);
	memory_now.paused = false;
	return done;
}

/* Return true if a journal waits for a recovery, and undo its steps. */
static bool recover(struct fake *f)
{
	static const char left[] = JOURNAL_LEFT_PREFIX "1";
	bool is_left = kern_exists(&f->root, JOURNAL_DIR "/" JOURNAL_LEFT_PREFIX "1") > 0;
	struct dr_interrupted found;

	if (!is_left && !recovery_is_needed(&f->dr))
		return false;
	assert_int_equal(
		recovery_run(&f->dr, is_left ? left : JOURNAL_FILE, &found, NULL), 0);
	return true;
}

static void on_begin(void *priv, const struct drc *drc)
{
	(void)priv;
	(void)drc;
}

static void on_end(void *priv, const struct drc *drc, enum dr_outcome outcome,
		   const struct dr_result *result, const char *text)
{
	(void)priv;
	(void)drc;
	(void)outcome;
	(void)result;
	(void)text;
}

static void on_forget(void *priv)
{
	(void)priv;
}

static void on_fail(void *priv, const struct dr_error *error, const char *text)
{
	(void)priv;
	assert_true(error->fault);
	assert_true(*text);
}

/* Run it once. Return false if all allocations were made. */
static bool fails(const struct story *story, unsigned long n, bool for_ever,
		  struct counts *counts)
{
	struct fake *f = story->begin();
	char *before = fake_snapshot(f);
	char *argv[] = { (char *)(uintptr_t) "drmgr", NULL };
	struct journal journal;
	struct run run = { .dr = &f->dr, .ops = story->ops, .request = story->request };
	enum dr_status status;
	bool failed;

	machine_write = f->root.write;
	f->root.write = write_paused;
	journal_init(&journal, &f->root, 1, argv);
	f->dr.journal = &journal;
	f->dr.report.begin = on_begin;
	f->dr.report.end = on_end;
	f->dr.report.forget = on_forget;
	f->dr.report.fail = on_fail;
	memory_now = (struct no_memory){ .fail_at = n, .for_ever = for_ever };
	status = run_execute(&run);
	failed = memory_now.failed;
	memory_now = (struct no_memory){ 0 };
	f->dr.journal = NULL;

	if (status == DR_STATUS_DONE) {
		assert_false(recover(f));
		counts->done++;
		free(before);
	} else {
		assert_true(failed);
		assert_true(run.error.fault);
		assert_int_equal(recover(f), status == DR_STATUS_NOT_UNDONE);
		assert_true(status == DR_STATUS_NOT_UNDONE || status == DR_STATUS_FAILED);
		*(status == DR_STATUS_FAILED ? &counts->undone : &counts->recovered) += 1;
		fake_assert_unchanged(f, before);
	}
	fake_free(f);
	return failed;
}

/* Behaviours: io-no-memory */
TEST(each_allocation_fails)
{
	for (size_t i = 0; i < COUNT(stories); i++) {
		const struct story *story = &stories[i];
		struct counts counts = { 0 };
		unsigned long n = 0;

		for (int for_ever = 0; for_ever < 2; for_ever++) {
			n = 1;
			while (fails(story, n, for_ever, &counts))
				n++;
		}
		print_message("# %s: %lu allocations: %u done, %u undone, %u recovered\n",
			      story->title, n - 1, counts.done, counts.undone,
			      counts.recovered);
		assert_true(n > story->allocations);
	}
}
