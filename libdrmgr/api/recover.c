// SPDX-License-Identifier: LGPL-2.1-or-later
/* The journals of earlier runs: read them, undo their changes, or move them away. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/api/context.h"
#include "libdrmgr/core/error_text.h"
#include "libdrmgr/core/leftover.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/tree/apply.h"
#include "kern/text.h"

/* ---- Undo, or discard ---- */

bool dr_needs_recovery(const struct dr *dr)
{
	_cleanup_names_ struct kern_names files = { 0 };

	return recovery_is_needed(&dr->session.dr) ||
	       leftovers_list(&dr->session.root, &files) || files.n;
}

int context_recover_file(struct dr *dr, const char *file, const char *backend,
			 struct dr_interrupted *interrupted)
{
	struct dr_error error = { .fault = DR_FAULT_UNDO };
	static const struct error_words none = { 0 };
	struct dr_ctx *ctx = &dr->session.dr;
	struct dr_interrupted found;
	char *text;
	int err;

	if (apply_choose(ctx, backend ? backend : "auto", false, &error)) {
		if (ctx->is_backend_forced)
			return context_fail(dr, &error, error_text(&error, NULL, &none),
					    error.err);
		ctx->backend = &apply_none; /* not every step needs one */
	}
	err = recovery_run(ctx, file, &found, &text);
	context_copy_sized(interrupted, interrupted->size, &found, sizeof(found));
	if (!err)
		return 0;
	error = (struct dr_error){
		.fault = err == -EUCLEAN || err == -EINPROGRESS ||
					 leftover_is_unread_now(err)
				 ? DR_FAULT_UNDO
				 : DR_FAULT_DAMAGED,
	};
	return context_fail(dr, &error, text, err);
}

static int discard_file(struct dr *dr, const char *file,
			struct dr_interrupted *interrupted)
{
	static const struct dr_error error = { .fault = DR_FAULT_DAMAGED };
	struct dr_interrupted found;
	int err = recovery_discard(&dr->session.dr, file, &found);

	context_copy_sized(interrupted, interrupted->size, &found, sizeof(found));
	return err ? context_fail(dr, &error,
				  text_of("/" JOURNAL_DIR "/%s: %s: it was not moved",
					  file, strerror(-err)),
				  err)
		   : 0;
}

/* Clear the result, and prepare for a change. */
static int interrupted_begin(struct dr *dr, struct dr_interrupted *interrupted)
{
	static const struct dr_interrupted nothing = { .undone = 0 };

	context_copy_sized(interrupted, interrupted->size, &nothing, sizeof(nothing));
	return context_prepare_change(dr);
}

/* Find the file of the i-th leftover. */
static int leftover_begin(struct dr *dr, size_t i, struct dr_interrupted *interrupted,
			  char file[JOURNAL_FILE_MAX])
{
	_cleanup_names_ struct kern_names files = { 0 };
	int err = interrupted_begin(dr, interrupted);

	if (err)
		return err;
	err = leftovers_list(&dr->session.root, &files);
	if (err)
		return context_refuse(dr, strerror(-err), err);
	if (i >= files.n)
		return context_refuse(dr, "There is no such leftover", -ENOENT);
	snprintf(file, JOURNAL_FILE_MAX, "%s", files.name[i]);
	return 0;
}

int dr_recover(struct dr *dr, const char *backend, struct dr_interrupted *interrupted)
{
	const struct dr_ctx *ctx = &dr->session.dr;
	int err = interrupted_begin(dr, interrupted);

	if (!err && recovery_is_needed(ctx))
		err = context_recover_file(dr, JOURNAL_FILE, backend, interrupted);
	dr->has_no_journal = !err || !recovery_is_needed(ctx);
	return err;
}

int dr_leftover_recover(struct dr *dr, size_t i, const char *backend,
			struct dr_interrupted *interrupted)
{
	char file[JOURNAL_FILE_MAX];
	int err = leftover_begin(dr, i, interrupted, file);

	return err ? err : context_recover_file(dr, file, backend, interrupted);
}

int dr_discard(struct dr *dr, struct dr_interrupted *interrupted)
{
	int err = interrupted_begin(dr, interrupted);

	return err ? err : discard_file(dr, JOURNAL_FILE, interrupted);
}

int dr_leftover_discard(struct dr *dr, size_t i, struct dr_interrupted *interrupted)
{
	char file[JOURNAL_FILE_MAX];
	int err = leftover_begin(dr, i, interrupted, file);

	return err ? err : discard_file(dr, file, interrupted);
}

/* ---- What a journal contains ---- */

struct dr_journal {
	struct mem mem;
	struct leftover left;
	const char **args; /* of each step, cut */
};

static int journal_read_file(const struct dr *dr, const char *file,
			     struct dr_journal **journal)
{
	struct dr_journal *made = *journal = calloc(1, sizeof(*made));
	size_t n = 0;
	int err;

	if (!made)
		return -ENOMEM;
	err = leftover_read(&made->left, &made->mem, &dr->session.root, file);
	while (n < made->left.n_steps) {
		const struct journal_step *step = &made->left.steps[n];
		char args[160] = "";

		if (step->n_words)
			journal_words_join(journal_word_next(step->words),
					   step->n_words - 1, args, sizeof(args));
		*vec_add(&made->mem, made->args, n) = mem_copy(&made->mem, args);
		if (mem_check(&made->mem))
			made->left.n_steps = n;
	}
	return err ? err : mem_check(&made->mem);
}

int dr_journal_read(struct dr *dr, struct dr_journal **journal)
{
	struct dr_operation before = { .size = sizeof(before) }, after = before;
	int err;

	dr_read_operation(dr, &before);
	err = journal_read_file(dr, JOURNAL_FILE, journal);
	if (!*journal || dr_has_lock(dr))
		return err;
	dr_read_operation(dr, &after);
	if (before.holder || after.holder || !after.can_look)
		(*journal)->left.state = LEFTOVER_RUNNING;
	return err;
}

int dr_leftover_read(const struct dr *dr, size_t i, struct dr_journal **journal)
{
	_cleanup_names_ struct kern_names files = { 0 };
	int err = leftovers_list(&dr->session.root, &files);

	*journal = NULL;
	if (err)
		return err;
	return i < files.n ? journal_read_file(dr, files.name[i], journal) : -ENOENT;
}

void dr_journal_free(struct dr_journal *journal)
{
	if (journal)
		mem_end(&journal->mem);
	free(journal);
}

int dr_journal_get_pid(const struct dr_journal *journal)
{
	return journal->left.pid;
}

const char *dr_journal_get_command(const struct dr_journal *journal)
{
	return journal->left.command;
}

const char *dr_journal_get_kind(const struct dr_journal *journal)
{
	return journal->left.kind;
}

bool dr_journal_get_step(const struct dr_journal *journal, size_t i, const char **op,
			 const char **args, const char **status)
{
	const struct journal_step *step;

	if (i >= journal->left.n_steps)
		return false;
	step = &journal->left.steps[i];
	*op = step->words;
	*args = journal->args[i];
	*status = step->is_undone ? "undone" : step->is_done ? "done" : "begun";
	return true;
}

const char *dr_journal_get_open_step(const struct dr_journal *journal)
{
	const struct journal_step *step = leftover_open_step(&journal->left);

	return step && *step->words ? step->words : NULL;
}

const char *dr_journal_get_connector(const struct dr_journal *journal, size_t i,
				     uint32_t *index)
{
	if (i >= journal->left.n)
		return NULL;
	*index = journal->left.list[i].index;
	return journal->left.list[i].name;
}

bool dr_journal_is_named(const struct dr_journal *journal, const char *name)
{
	return leftover_has_key(&journal->left, name) ||
	       !strcmp(name, journal->left.file) ||
	       (!journal->left.n && *name && !strcmp(name, journal->left.kind));
}

char *dr_journal_format(const struct dr_journal *journal)
{
	return leftover_text(&journal->left);
}

const char *dr_journal_get_state(const struct dr_journal *journal, bool *is_abandoned)
{
	static const char *const words[] = {
		[LEFTOVER_INCOMPLETE] = "incomplete",
		[LEFTOVER_NEEDS_LOCK] = "needs-lock",
		[LEFTOVER_WAITING] = "waiting",
		[LEFTOVER_RUNNING] = "running",
	};
	const struct leftover *left = &journal->left;

	if (is_abandoned)
		*is_abandoned = left->state != LEFTOVER_RUNNING && !left->has_run;
	return words[left->state];
}

int64_t dr_journal_get_time(const struct dr_journal *journal)
{
	return journal->left.since;
}

int dr_journal_get_writer(const struct dr_journal *journal, const char **path)
{
	*path = journal->left.writer.path;
	return (int)journal->left.writer.pid;
}
