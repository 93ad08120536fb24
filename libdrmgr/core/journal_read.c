// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/core/journal.h"
#include "libdrmgr/core/journal_lines.h"
#include "libdrmgr/core/journal_read.h"
#include "libdrmgr/core/journal_words.h"
#include "kern/own_file.h"
#include "kern/sysfs.h"
#include "wire/fdt_check.h"
#include "wire/number.h"

enum { NOTE_WORDS = 5 };

/* Return the step with this number, or NULL. */
static struct journal_step *journal_find_step(const struct journal_read *j,
					      const char *number)
{
	uint64_t n;

	if (number_read(number, strlen(number), 10, &n) || !n || n > j->n)
		return NULL;
	return &j->steps[n - 1];
}

static int journal_add_step(struct journal_read *j, uint32_t at)
{
	if (j->n == JOURNAL_STEPS_MAX)
		return -E2BIG;
	*vec_add(j->mem, j->steps, j->n) =
		(struct journal_step){ .line = at, .save = j->save };
	j->save = 0;
	return mem_check(j->mem);
}

static int journal_parse_begin(struct journal_read *j, char *line, uint32_t at)
{
	char *word[JOURNAL_WORDS_MAX], *end;
	unsigned long number = strtoul(line + strlen("begin "), &end, 10);
	int n, err = number == j->n + 1 && *end == ' ' ? journal_add_step(j, at)
						       : -EBADMSG;

	if (err || !j->begun)
		return err;
	n = journal_words(line, word, ARRAY_SIZE(word));
	return j->begun(j->priv, word, n < 0 ? 0 : n);
}

static int journal_parse_note(struct journal_read *j, char *line)
{
	char *word[NOTE_WORDS];
	struct journal_step *step;

	if (journal_words(line, word, ARRAY_SIZE(word)) != 2)
		return -EBADMSG;
	step = journal_find_step(j, word[1]);
	if (!step)
		return -EBADMSG;
	if (!strcmp(word[0], "commit")) {
		size_t n = (size_t)(step - j->steps) + 1;

		j->n_kept = n > j->n_kept ? n : j->n_kept;
		return 0;
	}
	if (!strcmp(word[0], "done"))
		step->is_done = true;
	else if (!strcmp(word[0], "undone"))
		step->is_settled = true;
	else
		return -EBADMSG;
	return 0;
}

/* Return the file of a line "save N FILE", or NULL if the line is damaged. */
static const char *journal_save_name(char *line)
{
	char *word[NOTE_WORDS];

	if (journal_words(line, word, ARRAY_SIZE(word)) != 3 || strchr(word[2], '/'))
		return NULL;
	return word[2];
}

/* Parse a "writer" or "waiter" line. Only the newest counts: writers follow each other. */
static int journal_parse_writer(struct kern_writer *writer, char *line)
{
	char *word[NOTE_WORDS];
	uint64_t pid;

	if (journal_words(line, word, ARRAY_SIZE(word)) != 4 ||
	    number_read(word[1], strlen(word[1]), 10, &pid) || pid > INT32_MAX ||
	    number_read(word[2], strlen(word[2]), 10, &writer->start))
		return -EBADMSG;
	writer->pid = (pid_t)pid;
	snprintf(writer->path, sizeof(writer->path), "%s", word[3]);
	return 0;
}

static int journal_parse_kind(struct journal_read *j, char *line)
{
	char *word[NOTE_WORDS];

	if (journal_words(line, word, ARRAY_SIZE(word)) != 2)
		return -EBADMSG;
	snprintf(j->kind, sizeof(j->kind), "%s", word[1]);
	return 0;
}

static int journal_parse_line(struct journal_read *j, char *line, uint32_t at)
{
	if (!strncmp(line, "begin ", 6))
		return journal_parse_begin(j, line, at);
	if (!strncmp(line, "save ", 5)) {
		j->save = at; /* of the step that the next line begins */
		return journal_save_name(line) ? 0 : -EBADMSG;
	}
	if (!strncmp(line, "kind ", 5))
		return journal_parse_kind(j, line);
	if (!strncmp(line, "writer ", 7))
		return journal_parse_writer(&j->writer, line);
	if (!strncmp(line, "waiter ", 7))
		return journal_parse_writer(&j->waiter, line);
	if (!strcmp(line, "commit")) {
		j->n_kept = j->n;
		j->is_committed = true;
		return 0;
	}
	return journal_parse_note(j, line);
}

/* Parse the first line. A journal of another boot is an error. */
static int journal_parse_header(struct journal_read *j, const struct kern_root *root,
				char *line)
{
	char *word[JOURNAL_WORDS_MAX], boot_id[64], *slash;
	int err, n = journal_words(line, word, ARRAY_SIZE(word));

	if (n < 4 || strcmp(word[0], "drmgr-journal") != 0 || strcmp(word[1], "1") != 0)
		return -EBADMSG;
	j->pid = (int)strtol(word[3], NULL, 10);
	slash = n > 4 ? strrchr(word[4], '/') : NULL;
	if (slash)
		word[4] = slash + 1;
	journal_words_join(word, 4, n, j->command, sizeof(j->command));
	err = sysfs_text(root, boot_id, sizeof(boot_id),
			 "proc/sys/kernel/random/boot_id");
	if (err)
		return err;
	return strcmp(word[2], boot_id) != 0 ? -ESTALE : 0;
}

int journal_open(const struct kern_root *root, const char *file, int flags, int *dir)
{
	int fd;

	*dir = own_dir_open(root, JOURNAL_DIR);
	fd = *dir < 0 ? *dir : own_file_open(*dir, file, flags, 0);
	/* a link, or another file in place of the folder */
	return fd == -ELOOP || fd == -ENOTDIR ? -EPERM : fd;
}

int journal_read(struct journal_read *j, const struct kern_root *root, int fd)
{
	struct journal_lines lines;
	bool is_first = true;
	uint32_t at;
	char *line;
	int more, err;

	j->fd = fd;
	err = journal_lines_begin(&lines, fd);
	while (!err && (more = journal_lines_next(&lines, &line, &at)) != 0) {
		if (more < 0)
			return more;
		err = is_first ? journal_parse_header(j, root, line)
			       : journal_parse_line(j, line, at);
		is_first = false;
		j->size = lines.at + (uint32_t)lines.begin;
	}
	return err;
}

bool journal_step_is_open(const struct journal_read *j, size_t i)
{
	return i >= j->n_kept && !j->steps[i].is_settled;
}

int journal_step_words(const struct journal_read *j, size_t i,
		       char line[JOURNAL_LINE_MAX], char *word[JOURNAL_WORDS_MAX])
{
	int err = journal_line_at(j->fd, j->steps[i].line, line);

	return err ? err : journal_words(line, word, JOURNAL_WORDS_MAX);
}

static bool name_begins(const char *name, const char *prefix)
{
	return !strncmp(name, prefix, strlen(prefix));
}

int journal_list_saved(const struct journal_read *j, const struct kern_root *root,
		       const char *file, struct kern_names *saved)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = kern_list(root, JOURNAL_DIR, KERN_LIST_FILES, &names);
	char line[JOURNAL_LINE_MAX];
	bool is_only = !err;

	for (size_t i = 0; i < names.n; i++)
		if (name_begins(names.name[i], JOURNAL_LEFT_PREFIX) ||
		    !strcmp(names.name[i], JOURNAL_FILE))
			is_only &= !strcmp(names.name[i], file);
	for (size_t i = 0; !err && is_only && i < names.n; i++)
		if (name_begins(names.name[i], JOURNAL_SAVE_PREFIX))
			err = kern_names_add(saved, names.name[i]);
	for (size_t i = 0; !err && !is_only && i < j->n; i++) {
		const char *name = journal_step_saved(j, i, line);

		err = name ? kern_names_add(saved, name) : 0;
	}
	return err;
}

const char *journal_step_saved(const struct journal_read *j, size_t i,
			       char line[JOURNAL_LINE_MAX])
{
	uint32_t at = j->steps[i].save;

	return at && !journal_line_at(j->fd, at, line) ? journal_save_name(line) : NULL;
}

int journal_load_saved(int dir, const char *name, struct fdt_frag *frag)
{
	_cleanup_close_ int fd = own_file_open(dir, name, O_RDONLY, 0);
	_cleanup_free_ char *bytes = NULL;
	size_t len;
	int err = fd < 0 ? fd : kern_read_fd(fd, &bytes, &len);

	if (!err && fdt_check(bytes, len))
		err = -EBADMSG;
	if (!err)
		*frag = (struct fdt_frag){ .fdt = steal_ptr(&bytes), .size = len };
	return err;
}
