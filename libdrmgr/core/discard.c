// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "libdrmgr/core/discard.h"
#include "libdrmgr/core/journal.h"
#include "libdrmgr/core/journal_read.h"
#include "kern/text.h"

enum { FOLDERS_MAX = 10000 };

/* ---- Report what is in the journal ---- */

/* Report a step from its line "begin N OP INDEX NAME...", or "begin N OP" and other
 * words. */
static void discard_report_step(const struct journal_read *j, size_t i,
				const struct discarded *d)
{
	char line[JOURNAL_LINE_MAX], *word[JOURNAL_WORDS_MAX];
	int n = journal_step_words(j, i, line, word);
	int name = n > 4 && !strncmp(word[3], "0x", 2) ? 4 : 3;

	if (n >= 3)
		d->step(d->priv, word[2], name < n ? word[name] : "");
}

static void discard_report_steps(const struct journal_read *j, struct discarded *d)
{
	unsigned int reported = 0;

	for (size_t i = j->n; i--;) {
		if (!journal_step_is_open(j, i))
			continue;
		d->n_open++;
		if (reported++ < DISCARD_REPORT_MAX)
			discard_report_step(j, i, d);
	}
}

static void discard_read(const struct kern_root *root, int fd, struct journal_read *j,
			 struct discarded *d)
{
	d->read_err = fd < 0 ? fd : journal_read(j, root, fd);
	d->pid = j->pid;
	snprintf(d->command, sizeof(d->command), "%s", j->command);
	if (!j->is_committed)
		discard_report_steps(j, d);
	if (writer_is_alive(root, &j->writer))
		d->writer = j->writer;
}

/* ---- Move it ---- */

static bool file_exists(int dir, const char *name)
{
	struct stat st;

	return !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW);
}

/* Move a file. Only root can write to the folders. */
static int file_move(int dir, const char *from, int to_dir, const char *to)
{
	if (file_exists(to_dir, to))
		return -EEXIST;
	return renameat(dir, from, to_dir, to) ? -errno : 0;
}

/* Move the files with saved nodes and then the journal: if this process is killed, the next
 * discard finds it. */
static int discard_move_files(const struct kern_root *root, const struct journal_read *j,
			      int dir, const char *file, int to)
{
	_cleanup_names_ struct kern_names saved = { 0 };
	int err = journal_list_saved(j, root, file, &saved);

	for (size_t i = 0; !err && i < saved.n; i++) {
		err = file_move(dir, saved.name[i], to, saved.name[i]);
		if (err == -ENOENT)
			err = 0;
	}
	return err ? err : file_move(dir, file, to, JOURNAL_FILE);
}

/* Move the files to a new folder in the folder of the journal. */
static int discard_move_to_new(const struct kern_root *root, const struct journal_read *j,
			       int dir, const char *file, struct discarded *d)
{
	const char *name = d->path + strlen(JOURNAL_DIR "/");
	_cleanup_close_ int to = -1;
	int err = -EEXIST;

	for (int n = 1; err == -EEXIST && n < FOLDERS_MAX; n++) {
		snprintf(d->path, sizeof(d->path), JOURNAL_DIR "/discarded-%d", n);
		err = mkdirat(dir, name, 0700) ? -errno : 0;
	}
	if (err)
		return err;
	to = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	err = to < 0 ? -errno : discard_move_files(root, j, dir, file, to);
	if (err)
		unlinkat(dir, name, AT_REMOVEDIR); /* keep it if it has a file */
	return err;
}

/* Rename a folder that others can change, with all its files. */
static int discard_move_folder(const struct kern_root *root, struct discarded *d)
{
	int err = -EEXIST;

	for (int n = 1; err == -EEXIST && n < FOLDERS_MAX; n++) {
		snprintf(d->path, sizeof(d->path), JOURNAL_DIR ".discarded-%d", n);
		err = file_move(root->fd, JOURNAL_DIR, root->fd, d->path);
	}
	return err;
}

int discard_run(struct dr_ctx *dr, const char *file, struct discarded *d)
{
	const struct kern_root *root = dr->root;
	_cleanup_free_ char *path = text_of(JOURNAL_DIR "/%s", file);
	_cleanup_close_ int dir = -1, fd = -1;
	_cleanup_mem_ struct mem m = { 0 };
	struct journal_read j = { .mem = &m };
	int err;

	if (!path)
		return -ENOMEM;
	if (!file_exists(root->fd, path))
		return 0;
	fd = journal_open(root, file, O_RDONLY, &dir);
	discard_read(root, fd, &j, d);
	err = dir >= 0 ? discard_move_to_new(root, &j, dir, file, d)
		       : discard_move_folder(root, d);
	if (err)
		d->path[0] = '\0';
	return err;
}
