// SPDX-License-Identifier: LGPL-2.1-or-later
/* The journal of a run, as text. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/api/context.h"
#include "libdrmgr/core/journal_read.h"
#include "libdrmgr/core/journal_words.h"
#include "libdrmgr/core/number_map.h"
#include "kern/text.h"

struct step_text {
	/* Three texts: the kind of its inverse, arguments, name of its connector. */
	char *op;
	/* Of its connector; 0: none. */
	uint32_t index;
};

struct dr_journal {
	struct journal_read read;
	/* No more than read.n. */
	struct step_text *list;
	size_t n;
	/* The first open step of each connector. */
	uint32_t *first;
	size_t n_first;
	int64_t time;
};

/* ---- Read ---- */

/* Find the index of the connector in "INDEX NAME...", or in "COUNT INDEX" of memory. Return
 * 0 if the words are others. *name receives its name or "". */
static uint32_t step_connector(char *const *word, int n, const char **name)
{
	bool is_range =
		!strcmp(word[2], "memory-add") || !strcmp(word[2], "memory-remove");
	const char *index = n < 5 ? "" : word[is_range ? 4 : 3];
	bool has_name = n >= 5 && strncmp(word[4], "0x", 2) != 0;

	*name = has_name ? word[4] : "";
	if (strncmp(index, "0x", 2) != 0 || has_name == is_range) /* only numbers */
		return 0;
	return (uint32_t)strtoul(index, NULL, 16);
}

/* Add a step from "begin N OP ARGS...", or without texts if its line is damaged. */
static int journal_add_text(void *priv, char *const *word, int n)
{
	struct dr_journal *journal = priv;
	struct step_text *list = journal->list, step = { .index = 0 };
	const char *name = "";
	char args[160] = "";

	if (!(journal->n & (journal->n - 1))) /* 0 or a power of two: full */
		list = reallocarray(list, journal->n ? 2 * journal->n : 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	journal->list = list;
	if (n >= 3) {
		step.index = step_connector(word, n, &name);
		journal_words_join(word, 3, n, args, sizeof(args));
	}
	step.op = text_of("%s%c%s%c%s", n >= 3 ? word[2] : "", '\0', args, '\0', name);
	if (!step.op)
		return -ENOMEM;
	list[journal->n++] = step;
	return 0;
}

/* Collect the first open step of each connector, in their order. */
static int journal_collect_first(struct dr_journal *journal)
{
	struct number_map map = { 0 };
	int err = 0;
	size_t at;

	for (size_t i = 0; !err && i < journal->n; i++)
		if (journal->list[i].index && journal_step_is_open(&journal->read, i))
			err = number_map_add(&map, journal->list[i].index, i);
	number_map_sort(&map);
	journal->first = err || !map.n ? NULL : calloc(map.n, sizeof(*journal->first));
	for (size_t i = 0; journal->first && i < journal->n; i++)
		if (number_map_find(&map, journal->list[i].index, &at) && at == i)
			journal->first[journal->n_first++] = (uint32_t)i;
	if (map.n && !journal->first)
		err = -ENOMEM;
	number_map_free(&map);
	return err;
}

int dr_journal_read(const struct dr *dr, struct dr_journal **journal)
{
	const struct kern_root *root = &dr->session.root;
	struct dr_journal *made = *journal = calloc(1, sizeof(*made));
	_cleanup_close_ int dir = -1, fd = -1;
	struct stat st;
	int err, first_err;

	if (!made)
		return -ENOMEM;
	fd = journal_open(root, O_RDONLY, &dir);
	if (fd < 0)
		return fd;
	if (!fstat(fd, &st))
		made->time = st.st_mtime;
	made->read.begun = journal_add_text;
	made->read.priv = made;
	err = journal_read(&made->read, root, fd);
	if (!writer_is_alive(root, &made->read.writer))
		made->read.writer.pid = 0;
	first_err = journal_collect_first(made);
	return err ? err : first_err;
}

void dr_journal_free(struct dr_journal *journal)
{
	if (!journal)
		return;
	for (size_t i = 0; i < journal->n; i++)
		free(journal->list[i].op);
	free(journal->list);
	free(journal->first);
	journal_read_free(&journal->read);
	free(journal);
}

/* ---- What it contains ---- */

int dr_journal_get_pid(const struct dr_journal *journal)
{
	return journal->read.pid;
}

const char *dr_journal_get_command(const struct dr_journal *journal)
{
	return journal->read.command;
}

static const char *text_after(const char *text)
{
	return text + strlen(text) + 1;
}

bool dr_journal_get_step(const struct dr_journal *journal, size_t i, const char **op,
			 const char **args, const char **status)
{
	const struct journal_step *step;

	if (i >= journal->n)
		return false;
	step = &journal->read.steps[i];
	*op = journal->list[i].op;
	*args = text_after(*op);
	*status = step->is_settled ? "undone" : step->is_done ? "done" : "begun";
	return true;
}

const char *dr_journal_get_open_step(const struct dr_journal *journal)
{
	for (size_t i = journal->n; i--;)
		if (journal_step_is_open(&journal->read, i))
			return journal->list[i].op;
	return NULL;
}

const char *dr_journal_get_connector(const struct dr_journal *journal, size_t i,
				     uint32_t *index)
{
	const struct step_text *step;

	if (i >= journal->n_first)
		return NULL;
	step = &journal->list[journal->first[i]];
	*index = step->index;
	return text_after(text_after(step->op));
}

int64_t dr_journal_get_time(const struct dr_journal *journal)
{
	return journal->time;
}

int dr_journal_get_writer(const struct dr_journal *journal, const char **path)
{
	*path = journal->read.writer.path;
	return (int)journal->read.writer.pid;
}
