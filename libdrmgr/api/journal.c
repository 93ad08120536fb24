// SPDX-License-Identifier: LGPL-2.1-or-later
/* The journal of a run, as text. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/api/context.h"
#include "libdrmgr/core/journal.h"
#include "libdrmgr/core/journal_words.h"
#include "libdrmgr/core/leftover.h"
#include "kern/text.h"

struct step_text {
	const char *op, *args; /* the kind of its inverse; the words after it, cut */
};

struct dr_journal {
	struct mem mem;
	struct leftover left;
	struct step_text *list;
	size_t n; /* no more than left.read.n */
};

/* ---- Read ---- */

/* Add a step from "begin N OP ARGS...", or without texts if its line is damaged. */
static int journal_add_text(void *priv, char *const *word, int n)
{
	struct dr_journal *journal = priv;
	char args[160] = "";

	if (n >= 3)
		journal_words_join(word, 3, n, args, sizeof(args));
	*vec_add(&journal->mem, journal->list, journal->n) =
		(struct step_text){ .op = mem_copy(&journal->mem, n >= 3 ? word[2] : ""),
				    .args = mem_copy(&journal->mem, args) };
	return mem_check(&journal->mem);
}

/* Read the file with this name. */
static int journal_read_file(const struct dr *dr, const char *file,
			     struct dr_journal **journal)
{
	const struct kern_root *root = &dr->session.root;
	struct dr_journal *made = *journal = calloc(1, sizeof(*made));

	if (!made)
		return -ENOMEM;
	return leftover_read(&made->left, &made->mem, root, file, journal_add_text, made);
}

int dr_journal_read(const struct dr *dr, struct dr_journal **journal)
{
	return journal_read_file(dr, JOURNAL_FILE, journal);
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

/* ---- What it contains ---- */

int dr_journal_get_pid(const struct dr_journal *journal)
{
	return journal->left.read.pid;
}

const char *dr_journal_get_command(const struct dr_journal *journal)
{
	return journal->left.read.command;
}

const char *dr_journal_get_kind(const struct dr_journal *journal)
{
	return journal->left.read.kind;
}

bool dr_journal_get_step(const struct dr_journal *journal, size_t i, const char **op,
			 const char **args, const char **status)
{
	const struct journal_step *step;

	if (i >= journal->n)
		return false;
	step = &journal->left.read.steps[i];
	*op = journal->list[i].op;
	*args = journal->list[i].args;
	*status = step->is_settled ? "undone" : step->is_done ? "done" : "begun";
	return true;
}

const char *dr_journal_get_open_step(const struct dr_journal *journal)
{
	return *journal->left.step ? journal->left.step : NULL;
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
	       (!journal->left.n && *name && !strcmp(name, journal->left.read.kind));
}

char *dr_journal_format(const struct dr_journal *journal)
{
	return leftover_text(&journal->left);
}

int64_t dr_journal_get_time(const struct dr_journal *journal)
{
	return journal->left.since;
}

int dr_journal_get_writer(const struct dr_journal *journal, const char **path)
{
	*path = journal->left.read.writer.path;
	return (int)journal->left.read.writer.pid;
}
