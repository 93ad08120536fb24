// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/journal.h"
#include "libdrmgr/core/journal_lines.h"
#include "libdrmgr/core/journal_words.h"
#include "drmon/steps.h"
#include "kern/cleanup.h"

/* Join the words from the i-th on with blanks, as far as they fit. */
static void steps_join_words(char *const *word, int i, int n, char *text, size_t size)
{
	size_t used = 0;

	*text = '\0';
	for (int first = i; i < n && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s",
					 i > first ? " " : "", word[i]);
}

/* Parse "drmgr-journal 1 BOOT_ID PID ARGV...". */
static int steps_parse_header(struct steps *steps, char *const *word, int n)
{
	const char *program;

	if (n < 5 || strcmp(word[0], "drmgr-journal") != 0)
		return -EBADMSG;
	steps->pid = (int)strtol(word[3], NULL, 10);
	steps_join_words(word, 4, n, steps->command, sizeof(steps->command));
	program = strrchr(word[4], '/');
	if (program)
		memmove(steps->command, steps->command + (program + 1 - word[4]),
			strlen(steps->command) - (size_t)(program - word[4]));
	return 0;
}

/* Parse "begin N OP ARGS...". */
static int steps_parse_begin(struct steps *steps, char *const *word, int n)
{
	struct step *more = steps->list;

	if (n < 3)
		return -EBADMSG;
	if (!(steps->n & (steps->n - 1))) /* 0 or a power of two: full */
		more = reallocarray(more, steps->n ? 2 * steps->n : 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	steps->list = more;
	more = &steps->list[steps->n++];
	more->status = "begun";
	snprintf(more->op, sizeof(more->op), "%s", word[2]);
	steps_join_words(word, 3, n, more->args, sizeof(more->args));
	return 0;
}

/* Parse "done N" and "undone N". Other lines do not concern one step. */
static void steps_parse_note(struct steps *steps, char *const *word, int n)
{
	unsigned long number = n > 1 ? strtoul(word[1], NULL, 10) : 0;

	if (!number || number > steps->n)
		return;
	if (!strcmp(word[0], "done"))
		steps->list[number - 1].status = "done";
	else if (!strcmp(word[0], "undone"))
		steps->list[number - 1].status = "undone";
}

static int steps_parse_line(struct steps *steps, char *line)
{
	char *word[JOURNAL_WORDS_MAX];
	int n = journal_words(line, word, JOURNAL_WORDS_MAX);

	if (n < 0)
		return n;
	if (!steps->pid)
		return steps_parse_header(steps, word, n);
	if (n && !strcmp(word[0], "begin"))
		return steps_parse_begin(steps, word, n);
	steps_parse_note(steps, word, n);
	return 0;
}

int steps_read(struct steps *steps, const struct dr_ctx *dr)
{
	_cleanup_close_ int fd =
		kern_open(dr->root, JOURNAL_DIR "/" JOURNAL_FILE, O_RDONLY | O_NONBLOCK);
	struct journal_lines lines;
	uint32_t at;
	char *line;
	int more, err;

	*steps = (struct steps){ 0 };
	err = fd < 0 ? fd : journal_lines_begin(&lines, fd);
	while (!err && (more = journal_lines_next(&lines, &line, &at)) != 0)
		err = more < 0 ? more : steps_parse_line(steps, line);
	return err;
}

void steps_free(struct steps *steps)
{
	free(steps->list);
	*steps = (struct steps){ 0 };
}
