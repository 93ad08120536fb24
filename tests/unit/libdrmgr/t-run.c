// SPDX-License-Identifier: GPL-2.0-or-later
/* The engine of all connector types: quantities, what ends a run, what is undone, and the
 * outcome. The type here is invented: each resource has a letter for what becomes of it. */
#include <fcntl.h>
#include <sys/stat.h>

#include "libdrmgr/core/journal.h"
#include "libdrmgr/core/run.h"
#include "tests/unit/fakes/fake_platform.h"
#include "tests/unit/fakes/no_memory.h"

/*
 * One letter a resource, in order: 'd' is done, 'f' fails and is undone, 'u' fails and its
 * undo fails, 'm' is missing, 's' is done, then a signal arrives, 'l' is done, then the
 * limit has passed. In capitals: its later undo fails. '=' at the beginning: the limit has
 * passed before.
 */
struct script {
	const char *next;
	char said[256]; /* what was reported, and what was undone */
	struct drc drcs[16];
	char names[16][2];
	size_t n;
	int stop_fds[2];
};

static void say(struct script *s, const char *word, const char *name)
{
	size_t used = strlen(s->said);

	snprintf(s->said + used, sizeof(s->said) - used, "%s%s ", word, name);
}

static void on_begin(void *priv, const struct drc *drc)
{
	(void)priv;
	(void)drc;
}

static void on_end(void *priv, const struct drc *drc, enum dr_outcome outcome,
		   const struct dr_result *result, const char *text)
{
	static const char *const words[] = { "+", "!", "~", "-", "?" };

	(void)result;
	(void)text;
	say(priv, words[outcome], drc->name);
}

static void on_forget(void *priv)
{
	say(priv, "forget", "");
}

static void on_fail(void *priv, const struct dr_error *error, const char *text)
{
	(void)error;
	say(priv, text, "");
}

static void on_warning(void *priv, const char *text)
{
	(void)priv;
	(void)text;
}

static char *words(const struct dr_error *error, const struct drc *drc)
{
	(void)drc;
	return strdup(error->fault == DR_FAULT_LATE ? "late" : "error");
}

static int prepare(struct run *run)
{
	if (!run->requested)
		run->requested = run->request.count;
	return run->error.err;
}

static bool step(struct run *run)
{
	static const struct dr_error missing = { .fault = DR_FAULT_FIRMWARE,
						 .status = -3 };
	struct script *s = run->priv;
	struct dr_result result = { .error = { .fault = DR_FAULT_TREE, .err = -EIO } };
	struct drc *drc = &s->drcs[s->n];
	char what = *s->next;

	if (!what)
		return false;
	s->next++;
	s->names[s->n][0] = what;
	drc->name = s->names[s->n++];
	run_begin(run, drc);
	switch (what) {
	case 'm':
		run_end_missing(run, drc, &missing);
		return true;
	case 'f':
	case 'u':
		result.is_undo_incomplete = what == 'u';
		run_end(run, drc, -EIO, &result);
		return true;
	case 's':
		assert_int_equal(write(s->stop_fds[1], "", 1), 1);
		break;
	case 'l':
		run->dr->limit = deadline_in_ms(0);
		break;
	}
	result = (struct dr_result){ 0 };
	run_end(run, drc, 0, &result);
	return true;
}

static void fall_short(struct run *run)
{
	say(run->priv, "short", "");
}

static int revert(struct run *run, struct dr_ctx *dr, const struct drc *drc,
		  struct dr_result *result)
{
	(void)run;
	(void)result;
	assert_int_equal(dr->stop_fd, -1);
	assert_false(dr->no_loss);
	return *drc->name >= 'A' && *drc->name <= 'Z' ? -EIO : 0;
}

static void close_script(struct run *run)
{
	if (run->priv)
		say(run->priv, "close", "");
}

static const struct run_ops ops = {
	.leaves = "node",
	.prepare = prepare,
	.step = step,
	.fall_short = fall_short,
	.revert = revert,
	.close = close_script,
	.words = words,
};

TEST(runs)
{
	static const struct {
		const char *script;
		unsigned int count;
		bool all_or_nothing, by_key;
		enum dr_status outcome;
		unsigned int done;
		const char *said;
	} rows[] = {
		{ "dd", 2, false, false, DR_STATUS_DONE, 2, "+d +d close " },
		{ "ddd", 2, false, false, DR_STATUS_DONE, 2, "+d +d close " },
		{ "d", 2, false, false, DR_STATUS_PARTIAL, 1, "+d short close " },
		{ "", 2, false, false, DR_STATUS_FAILED, 0, "short close " },
		{ "", 0, false, false, DR_STATUS_DONE, 0, "close " },
		/* the next one is tried after a failure, and after one that is missing */
		{ "fmd", 1, false, false, DR_STATUS_DONE, 1,
		  "error !f forget +d close " },
		{ "df", 2, false, false, DR_STATUS_PARTIAL, 1,
		  "+d error !f short close " },
		/* nothing is changed after an undo that failed */
		{ "dud", 3, false, false, DR_STATUS_NOT_UNDONE, 1,
		  "+d error !u short close " },
		/* all or nothing: the newest first */
		{ "dd", 3, true, false, DR_STATUS_FAILED, 0, "+d +d short -d -d close " },
		{ "dD", 3, true, false, DR_STATUS_NOT_UNDONE, 1,
		  "+d +D short !D -d close " },
		{ "dd", 2, true, false, DR_STATUS_DONE, 2, "+d +d close " },
		/* a signal and the limit end a run between two resources */
		{ "dsd", 3, false, false, DR_STATUS_PARTIAL, 2, "+d +s short close " },
		{ "ds", 3, true, false, DR_STATUS_FAILED, 0, "+d +s short -s -d close " },
		{ "ld", 2, false, false, DR_STATUS_PARTIAL, 1, "+l late short close " },
		{ "dl", 2, false, false, DR_STATUS_DONE, 2, "+d +l close " },
		{ "=d", 1, false, false, DR_STATUS_FAILED, 0, "late short close " },
		{ "=d", 1, false, true, DR_STATUS_DONE, 1, "+d close " },
		/* a named resource is tried once, and has no other */
		{ "fd", 1, false, true, DR_STATUS_FAILED, 0, "error !f close " },
		{ "d", 1, false, true, DR_STATUS_DONE, 1, "+d close " },
		{ "u", 1, false, true, DR_STATUS_NOT_UNDONE, 0, "error !u close " },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct script s = { .next = rows[i].script };
		struct fake *f = fake_new();
		struct run run = {
			.dr = &f->dr,
			.ops = &ops,
			.priv = &s,
			.request = { .type = "thing",
				     .action = DR_ADD,
				     .key = rows[i].by_key ? "x" : NULL,
				     .count = rows[i].count,
				     .all_or_nothing = rows[i].all_or_nothing },
		};

		print_message("# %s\n", rows[i].script);
		if (*s.next == '=') {
			f->dr.limit = deadline_in_ms(0);
			s.next++;
		}
		assert_int_equal(pipe(s.stop_fds), 0);
		f->dr.stop_fd = s.stop_fds[0];
		f->dr.report.begin = on_begin;
		f->dr.report.end = on_end;
		f->dr.report.forget = on_forget;
		f->dr.report.fail = on_fail;
		f->dr.report.warning = on_warning;
		f->dr.report.priv = &s;
		assert_int_equal(run_execute(&run), rows[i].outcome);
		assert_int_equal(run.done, rows[i].done);
		assert_string_equal(s.said, rows[i].said);
		close(s.stop_fds[0]);
		close(s.stop_fds[1]);
		fake_free(f);
	}
}

/* A request that cannot be prepared changes nothing, and is closed. */
TEST(not_prepared)
{
	struct script s = { .next = "d" };
	struct fake *f = fake_new();
	struct run run = { .dr = &f->dr,
			   .ops = &ops,
			   .priv = &s,
			   .request = { .type = "thing", .action = DR_ADD, .count = 1 },
			   .error = { .fault = DR_FAULT_NO_SLOTS, .err = -ENODEV } };

	f->dr.report.fail = on_fail;
	f->dr.report.priv = &s;
	assert_int_equal(run_execute(&run), DR_STATUS_FAILED);
	assert_false(run.is_prepared);
	assert_string_equal(s.said, "error close ");
	fake_free(f);
}

/* The leftover is undone, and then the folder cannot be read: what else is left in it? */
static bool undo_and_hide(void *priv, const struct leftover *left)
{
	struct fake *f = priv;

	assert_string_equal(left->file, "left-1");
	assert_int_equal(unlinkat(f->root.fd, JOURNAL_DIR "/left-1", 0), 0);
	assert_int_equal(unlinkat(f->root.fd, JOURNAL_DIR, AT_REMOVEDIR), 0);
	assert_int_equal(symlinkat("drmgr", f->root.fd, JOURNAL_DIR), 0);
	return true;
}

TEST(unread_after_undo)
{
	struct script s = { .next = "d" };
	struct fake *f = fake_new();
	struct run run = { .dr = &f->dr,
			   .ops = &ops,
			   .undo_left = undo_and_hide,
			   .left_priv = f,
			   .priv = &s,
			   .request = { .type = "thing",
					.kind = "thing",
					.action = DR_ADD,
					.count = 1 } };

	fake_text(f, JOURNAL_DIR "/left-1",
		  "drmgr-journal 1 this-boot 7 drmgr\nkind thing\nbegin 1 rest\n");
	assert_int_equal(fchmodat(f->root.fd, JOURNAL_DIR, 0700, 0), 0);
	f->dr.report.fail = on_fail;
	f->dr.report.priv = &s;
	assert_int_equal(run_execute(&run), DR_STATUS_FAILED);
	assert_int_equal(run.error.fault, DR_FAULT_UNREAD);
	assert_int_equal(run.error.err, -ELOOP);
	assert_int_equal(run.done, 0);
	assert_string_equal(s.said, "close error ");
	fake_free(f);
}

/* Each allocation fails in turn: all is done, or undone with a message. */
TEST(short_of_memory)
{
	unsigned int refused = 0;

	for (unsigned long n = 1;; n++) {
		struct script s = { .next = "dd" };
		struct fake *f = fake_new();
		struct run run = { .dr = &f->dr,
				   .ops = &ops,
				   .priv = &s,
				   .request = { .type = "thing",
						.kind = "thing",
						.action = DR_ADD,
						.count = 2,
						.all_or_nothing = true } };
		enum dr_status status;
		bool failed;

		f->dr.report.begin = on_begin;
		f->dr.report.end = on_end;
		f->dr.report.fail = on_fail;
		f->dr.report.warning = on_warning;
		f->dr.report.priv = &s;
		f->dr.stop_fd = -1;
		memory_now = (struct no_memory){ .fail_at = n };
		status = run_execute(&run);
		failed = memory_now.failed;
		memory_now = (struct no_memory){ 0 };
		if (status != DR_STATUS_DONE) {
			assert_int_equal(status, DR_STATUS_FAILED);
			assert_int_equal(run.done, 0);
			assert_int_equal(run.error.err, -ENOMEM);
			assert_true(!strstr(s.said, "+") || strstr(s.said, "-d"));
			refused++;
		} else {
			assert_int_equal(run.done, 2);
			assert_string_equal(s.said, "+d +d close ");
		}
		fake_free(f);
		if (!failed)
			break;
	}
	assert_true(refused > 0); /* the rows of all resources are one allocation */
}
