// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "drmgr/model/journal.h"
#include "kern/own_file.h"
#include "kern/sysfs.h"
#include "kern/text.h"

#define SAVE_PREFIX "removed-"

void journal_init(struct journal *j, const struct kern_root *root, int argc,
		  char *const argv[])
{
	*j = (struct journal){
		.root = root, .argc = argc, .argv = argv, .dir = -1, .fd = -1
	};
}

static void close_file(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
	j->size = 0;
	j->last = 0;
	j->has_saved = false;
}

void journal_close(struct journal *j)
{
	close_file(j);
	if (j->dir >= 0)
		close(j->dir);
	j->dir = -1;
}

static bool is_plain(unsigned char c)
{
	return isalnum(c) || (c && strchr("/@,._-:+=#", c));
}

static void put_byte(struct journal_line *line, char c)
{
	if (line->len + 1 < sizeof(line->text))
		line->text[line->len++] = c;
	else
		line->is_cut = true;
}

static void put_word(struct journal_line *line, const char *word)
{
	static const char digits[] = "0123456789abcdef";

	if (line->len)
		put_byte(line, ' ');
	if (!*word) { /* one that is empty is a word as well */
		put_byte(line, '%');
		put_byte(line, '0');
		put_byte(line, '0');
	}
	for (; *word; word++) {
		unsigned char c = (unsigned char)*word;

		if (is_plain(c)) {
			put_byte(line, *word);
			continue;
		}
		put_byte(line, '%');
		put_byte(line, digits[c >> 4]);
		put_byte(line, digits[c & 15]);
	}
}

void journal_put(struct journal_line *line, const char *fmt, ...)
{
	_cleanup_free_ char *word = NULL;
	va_list ap;

	va_start(ap, fmt);
	word = vtext_of(fmt, ap);
	va_end(ap);
	if (word)
		put_word(line, word);
	else
		line->is_cut = true;
}

void journal_put_connector(struct journal_line *line, const struct connector *c)
{
	journal_put(line, "0x%08x", c->drc.index);
	put_word(line, c->drc.name);
	put_word(line, c->drc.type);
	journal_put(line, "0x%08x", c->drc.power_domain);
	put_word(line, c->parent->path);
}

void journal_put_fdt(struct journal_line *line, const void *fdt, size_t size)
{
	line->saved = fdt;
	line->saved_len = size;
}

/* The journal last: as long as it is there, so is what belongs to it. */
void journal_unlink(const struct kern_root *root, int dir, bool has_saved)
{
	_cleanup_names_ struct kern_names names = { 0 };

	if (has_saved && !kern_list(root, JOURNAL_DIR, KERN_LIST_FILES, &names))
		for (size_t i = 0; i < names.n; i++)
			if (!strncmp(names.name[i], SAVE_PREFIX, strlen(SAVE_PREFIX)))
				unlinkat(dir, names.name[i], 0);
	unlinkat(dir, JOURNAL_FILE, 0);
}

/* 0, negative errno. */
static int write_all(int fd, const void *bytes, size_t len)
{
	ssize_t n = write(fd, bytes, len);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -ENOSPC;
}

int journal_line_write(int fd, struct journal_line *line)
{
	if (line->is_cut)
		return -E2BIG;
	line->text[line->len++] = '\n';
	return write_all(fd, line->text, line->len);
}

/* What is there of a line that did not fit would become a part of the next one. */
static int write_line(struct journal *j, struct journal_line *line)
{
	int err = journal_line_write(j->fd, line);

	if (!err)
		j->size += (off_t)line->len;
	else if (ftruncate(j->fd, j->size))
		err = -errno;
	return err;
}

static int write_header(struct journal *j)
{
	struct journal_line line = { .len = 0 };
	char boot_id[64];
	int err = sysfs_text(j->root, boot_id, sizeof(boot_id),
			     "proc/sys/kernel/random/boot_id");

	if (err)
		return err;
	journal_put(&line, "drmgr-journal");
	journal_put(&line, "1");
	put_word(&line, boot_id);
	journal_put(&line, "%d", getpid());
	for (int i = 0; i < j->argc && line.len < sizeof(line.text) / 2; i++)
		put_word(&line, j->argv[i]);
	return write_line(j, &line);
}

static int open_file(struct journal *j)
{
	if (j->dir < 0)
		j->dir = own_dir_open(j->root, JOURNAL_DIR);
	if (j->dir < 0)
		return j->dir;

	j->fd = own_file_open(j->dir, JOURNAL_FILE,
			      O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0600);
	return j->fd < 0 ? j->fd : write_header(j);
}

/* A name that is taken belongs to a journal that is gone. */
static int save(struct journal *j, unsigned int n, const void *bytes, size_t len)
{
	struct journal_line line = { .len = 0 };
	_cleanup_close_ int fd = -1;
	char name[32];
	int err;

	snprintf(name, sizeof(name), SAVE_PREFIX "%u", n);
	if (unlinkat(j->dir, name, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = own_file_open(j->dir, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	err = fd < 0 ? fd : write_all(fd, bytes, len);
	j->has_saved = true;
	if (err)
		return err;

	journal_put(&line, "save");
	journal_put(&line, "%u", n);
	put_word(&line, name);
	return write_line(j, &line);
}

/* Half a journal would undo half of what was done: rather none. */
static void give_up(const struct dr_ctx *dr, int err)
{
	struct journal *j = dr->journal;

	dr_warn(dr,
		"/" JOURNAL_DIR "/" JOURNAL_FILE
		": %s: going on without, a kill could leave things half done",
		strerror(-err));
	if (j->fd >= 0)
		journal_unlink(j->root, j->dir, j->has_saved);
	close_file(j);
	j->is_off = true;
}

unsigned int journal_begin(const struct dr_ctx *dr, const struct undo_kind *kind,
			   const void *arg)
{
	struct journal_line args = { .len = 0 };
	struct journal *j = dr->journal;
	int err = 0;

	if (!j || j->is_off || !kind->name)
		return 0;
	if (j->fd < 0)
		err = open_file(j);

	journal_put(&args, "begin");
	journal_put(&args, "%u", j->last + 1);
	put_word(&args, kind->name);
	kind->encode(&args, arg);
	if (!err && args.saved)
		err = save(j, j->last + 1, args.saved, args.saved_len);
	if (!err)
		err = write_line(j, &args);
	if (err) {
		give_up(dr, err);
		return 0;
	}
	return ++j->last;
}

void journal_note(const struct dr_ctx *dr, const char *what, unsigned int n)
{
	struct journal_line line = { .len = 0 };
	struct journal *j = dr->journal;
	int err;

	if (!n || !j || j->fd < 0)
		return;
	put_word(&line, what);
	journal_put(&line, "%u", n);
	err = write_line(j, &line);
	/* A recovery sees by itself what is done or undone, but not what is to stay. */
	if (err && !strcmp(what, "commit"))
		give_up(dr, err);
	else if (err)
		log_info(dr->log, "journal: %s: %s", what, strerror(-err));
}

void journal_put_writer(struct journal_line *line, const struct kern_writer *writer)
{
	put_word(line, "writer");
	journal_put(line, "%d", writer->pid);
	journal_put(line, "%" PRIu64, writer->start);
	put_word(line, writer->path);
}

void journal_note_writer(const struct dr_ctx *dr, const struct kern_writer *writer)
{
	struct journal_line line = { .len = 0 };
	struct journal *j = dr->journal;
	int err;

	if (!j || j->fd < 0)
		return;
	journal_put_writer(&line, writer);
	err = write_line(j, &line);
	if (err)
		give_up(dr, err);
}

void journal_commit(const struct dr_ctx *dr)
{
	static const char commit[] = "commit\n";
	struct journal *j = dr->journal;

	if (!j || j->fd < 0 || j->is_batch)
		return;
	/* It is unlinked all the same, which says as much. */
	if (write_all(j->fd, commit, strlen(commit)))
		log_info(dr->log, "journal not committed");
	journal_unlink(j->root, j->dir, j->has_saved);
	close_file(j);
}

void journal_commit_to(const struct dr_ctx *dr, unsigned int n)
{
	if (dr->journal && !dr->journal->is_batch)
		journal_note(dr, "commit", n);
}

void journal_keep(const struct dr_ctx *dr)
{
	struct journal *j = dr->journal;

	if (!j || j->fd < 0)
		return;
	close_file(j);
	j->is_off = true;
}

void journal_batch_begin(const struct dr_ctx *dr)
{
	if (dr->journal)
		dr->journal->is_batch = true;
}

void journal_batch_end(const struct dr_ctx *dr, bool is_incomplete)
{
	if (!dr->journal)
		return;
	dr->journal->is_batch = false;
	if (is_incomplete)
		journal_keep(dr);
	else
		journal_commit(dr);
}
