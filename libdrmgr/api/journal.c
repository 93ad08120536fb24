// SPDX-License-Identifier: LGPL-2.1-or-later
/* The journal of a run, as text. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "libdrmgr/api/context.h"
#include "libdrmgr/core/journal_lines.h"
#include "libdrmgr/core/journal_words.h"
#include "kern/cleanup.h"

struct journal_step {
	char op[32], args[160];
	const char *status; /* "begun", "done", "undone" */
	bool is_permanent;
	/* Its connector; index 0: none. */
	uint32_t index;
	char name[64];
};

struct dr_journal {
	int pid;
	char command[200];
	struct journal_step *list;
	size_t n;
	int64_t time;
	int writer;
	char writer_path[300];
};

/* Join the words from the i-th on with blanks, as far as they fit. */
static void journal_text_join(char *const *word, int i, int n, char *text, size_t size)
{
	size_t used = 0;

	*text = '\0';
	for (int first = i; i < n && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s",
					 i > first ? " " : "", word[i]);
}

/* Parse "drmgr-journal 1 BOOT_ID PID ARGV...". */
static int journal_read_header(struct dr_journal *journal, char **word, int n)
{
	char *slash;

	if (n < 5 || strcmp(word[0], "drmgr-journal") != 0)
		return -EBADMSG;
	journal->pid = (int)strtol(word[3], NULL, 10);
	slash = strrchr(word[4], '/');
	if (slash)
		word[4] = slash + 1;
	journal_text_join(word, 4, n, journal->command, sizeof(journal->command));
	return 0;
}

/* Parse the connector of a step: "INDEX NAME TYPE POWER-DOMAIN PARENT...", of memory "COUNT
 * INDEX". */
static void journal_read_connector(struct journal_step *step, char *const *word, int n)
{
	bool is_range =
		!strcmp(step->op, "memory-add") || !strcmp(step->op, "memory-remove");
	const char *index = n > is_range ? word[is_range] : "";

	step->index = strncmp(index, "0x", 2) ? 0 : (uint32_t)strtoul(index, NULL, 16);
	snprintf(step->name, sizeof(step->name), "%s", !is_range && n > 1 ? word[1] : "");
}

/* Parse "begin N OP ARGS...". */
static int journal_read_begin(struct dr_journal *journal, char *const *word, int n)
{
	struct journal_step *more = journal->list;

	if (n < 3)
		return -EBADMSG;
	if (!(journal->n & (journal->n - 1))) /* 0 or a power of two: full */
		more = reallocarray(more, journal->n ? 2 * journal->n : 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	journal->list = more;
	more = &journal->list[journal->n++];
	*more = (struct journal_step){ .status = "begun" };
	snprintf(more->op, sizeof(more->op), "%s", word[2]);
	journal_text_join(word, 3, n, more->args, sizeof(more->args));
	journal_read_connector(more, word + 3, n - 3);
	return 0;
}

/* Parse "done N", "undone N", "commit [N]" and "writer PID START FILE". */
static void journal_read_note(struct dr_journal *journal, char *const *word, int n)
{
	unsigned long number = n > 1 ? strtoul(word[1], NULL, 10) : 0;

	if (n == 4 && !strcmp(word[0], "writer")) {
		journal->writer = (int)number;
		snprintf(journal->writer_path, sizeof(journal->writer_path), "%s",
			 word[3]);
	}
	if (n && !strcmp(word[0], "commit"))
		for (size_t i = 0; i < journal->n && (n == 1 || i < number); i++)
			journal->list[i].is_permanent = true;
	if (!number || number > journal->n)
		return;
	if (!strcmp(word[0], "done"))
		journal->list[number - 1].status = "done";
	else if (!strcmp(word[0], "undone"))
		journal->list[number - 1].status = "undone";
}

static int journal_read_line(struct dr_journal *journal, char *line)
{
	char *word[JOURNAL_WORDS_MAX];
	int n = journal_words(line, word, JOURNAL_WORDS_MAX);

	if (n < 0)
		return n;
	if (!journal->pid)
		return journal_read_header(journal, word, n);
	if (n && !strcmp(word[0], "begin"))
		return journal_read_begin(journal, word, n);
	journal_read_note(journal, word, n);
	return 0;
}

int dr_journal_read(const struct dr *dr, struct dr_journal **journal)
{
	struct dr_journal *made = *journal = calloc(1, sizeof(*made));
	_cleanup_close_ int fd = kern_open(
		&dr->session.root, JOURNAL_DIR "/" JOURNAL_FILE, O_RDONLY | O_NONBLOCK);
	struct journal_lines lines;
	struct stat st;
	uint32_t at;
	char *line;
	int more, err;

	if (!made)
		return -ENOMEM;
	err = fd < 0 ? fd : journal_lines_begin(&lines, fd);
	if (!err && !fstat(fd, &st))
		made->time = st.st_mtime;
	while (!err && (more = journal_lines_next(&lines, &line, &at)) != 0)
		err = more < 0 ? more : journal_read_line(made, line);
	return err;
}

void dr_journal_free(struct dr_journal *journal)
{
	if (journal)
		free(journal->list);
	free(journal);
}

int dr_journal_get_pid(const struct dr_journal *journal)
{
	return journal->pid;
}

const char *dr_journal_get_command(const struct dr_journal *journal)
{
	return journal->command;
}

bool dr_journal_get_step(const struct dr_journal *journal, size_t i, const char **op,
			 const char **args, const char **status)
{
	const struct journal_step *step = &journal->list[i];

	if (i >= journal->n)
		return false;
	*op = step->op;
	*args = step->args;
	*status = step->status;
	return true;
}

static bool journal_step_is_left(const struct journal_step *step)
{
	return !step->is_permanent && strcmp(step->status, "undone") != 0;
}

/* Return true if an older step that is left has the same connector. */
static bool journal_has_before(const struct dr_journal *journal, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (journal_step_is_left(&journal->list[k]) &&
		    journal->list[k].index == journal->list[i].index)
			return true;
	return false;
}

const char *dr_journal_get_connector(const struct dr_journal *journal, size_t i,
				     uint32_t *index)
{
	for (size_t k = 0; k < journal->n; k++) {
		const struct journal_step *step = &journal->list[k];

		if (!step->index || !journal_step_is_left(step) ||
		    journal_has_before(journal, k) || i--)
			continue;
		*index = step->index;
		return step->name;
	}
	return NULL;
}

int64_t dr_journal_get_time(const struct dr_journal *journal)
{
	return journal->time;
}

int dr_journal_get_writer(const struct dr_journal *journal, const char **path)
{
	*path = journal->writer_path;
	return journal->writer;
}
