// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>

#include "libdrmgr/core/journal.h"
#include "kern/own_file.h"
#include "kern/sysfs.h"
#include "kern/text.h"

enum {
	ARGUMENTS_MAX = JOURNAL_LINE_MAX / 2,
	NOTE_BYTES = 96, /* of a line with numbers only */
	LEFT_MAX = 10000,
};

void journal_init(struct journal *j, const struct kern_root *root, int argc,
		  char *const argv[])
{
	*j = (struct journal){
		.root = root,
		.argc = argc,
		.argv = argv,
		.dir = -1,
		.fd = -1,
		.file = JOURNAL_FILE,
	};
}

static void journal_close_file(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
	j->size = j->header_size = 0;
	j->last = 0;
	j->first_saved = j->last_saved = 0;
	snprintf(j->file, sizeof(j->file), JOURNAL_FILE);
}

void journal_close(struct journal *j)
{
	/* No step is left in it, but it could not be removed before. */
	if (j->fd >= 0 && !j->last)
		unlinkat(j->dir, j->file, 0);
	journal_close_file(j);
	if (j->dir >= 0)
		close(j->dir);
	j->dir = -1;
}

void journal_renew(struct journal *j)
{
	*j->kept = '\0';
	j->is_off = false;
}

int journal_set_aside(int dir, char name[JOURNAL_FILE_MAX])
{
	for (unsigned int n = 1; n < LEFT_MAX; n++) {
		snprintf(name, JOURNAL_FILE_MAX, JOURNAL_LEFT_PREFIX "%u", n);
		if (!renameat2(dir, JOURNAL_FILE, dir, name, RENAME_NOREPLACE))
			return 0;
		if (errno != EEXIST)
			return -errno;
	}
	return -EEXIST;
}

static void line_put_byte(struct journal_line *line, char c)
{
	if (line->len + 1 < sizeof(line->text))
		line->text[line->len++] = c;
	else
		line->is_cut = true;
}

static void line_put_word(struct journal_line *line, const char *word)
{
	static const char digits[] = "0123456789abcdef";

	if (line->len)
		line_put_byte(line, ' ');
	if (!*word) { /* an empty word needs a mark */
		line_put_byte(line, '%');
		line_put_byte(line, '0');
		line_put_byte(line, '0');
	}
	for (; *word; word++) {
		unsigned char c = (unsigned char)*word;

		if (isalnum(c) || strchr("/@,._-:+=#", c)) {
			line_put_byte(line, *word);
			continue;
		}
		line_put_byte(line, '%');
		line_put_byte(line, digits[c >> 4]);
		line_put_byte(line, digits[c & 15]);
	}
}

/* Begin a line. The buffer is large and is not cleared. */
void journal_line_begin(struct journal_line *line, const char *verb)
{
	line->len = 0;
	line->is_cut = false;
	line->saved = NULL;
	line->saved_len = 0;
	line_put_word(line, verb);
}

void journal_put(struct journal_line *line, const char *fmt, ...)
{
	char word[JOURNAL_LINE_MAX];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(word, sizeof(word), fmt, ap);
	va_end(ap);
	if (len < (int)sizeof(word))
		line_put_word(line, word);
	else
		line->is_cut = true;
}

void journal_put_connector(struct journal_line *line, const struct connector *c)
{
	journal_put(line, "0x%08x", c->drc.index);
	line_put_word(line, c->drc.name);
	line_put_word(line, c->drc.type);
	journal_put(line, "0x%08x", c->drc.power_domain);
	line_put_word(line, c->parent->path);
}

void journal_put_fdt(struct journal_line *line, const void *fdt)
{
	line->saved = fdt;
	line->saved_len = fdt_totalsize(fdt);
}

/* Name a file of saved nodes. Leftovers have files in the same folder. */
static void journal_saved_name(const struct journal *j, unsigned int n,
			       char name[JOURNAL_FILE_MAX])
{
	snprintf(name, JOURNAL_FILE_MAX, JOURNAL_SAVE_PREFIX "%" PRIx64 "-%x", j->id, n);
}

/* Return 0 or a negative errno, with a warning. */
static int journal_unlink_file(const struct dr_ctx *dr, const char *name)
{
	int err = unlinkat(dr->journal->dir, name, 0) ? -errno : 0;

	if (err == -ENOENT)
		return 0;
	if (err)
		dr_warn(dr, "/" JOURNAL_DIR "/%s cannot be removed: %s", name,
			strerror(-err));
	return err;
}

static void journal_unlink_saved(const struct dr_ctx *dr)
{
	const struct journal *j = dr->journal;
	char name[JOURNAL_FILE_MAX];

	for (unsigned int n = j->first_saved; n && n <= j->last_saved; n++) {
		journal_saved_name(j, n, name);
		journal_unlink_file(dr, name);
	}
}

/* Unlink the journal last: while it exists, its saved nodes exist. */
static int journal_unlink(const struct dr_ctx *dr)
{
	journal_unlink_saved(dr);
	return journal_unlink_file(dr, dr->journal->file);
}

/* Write all bytes. Return 0 or a negative errno. */
static int file_write_all(int fd, const void *bytes, size_t len)
{
	ssize_t n = write(fd, bytes, len);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -ENOSPC;
}

static int journal_line_end(struct journal_line *line)
{
	if (line->is_cut)
		return -E2BIG;
	line->text[line->len++] = '\n';
	return 0;
}

int journal_line_write(int fd, struct journal_line *line)
{
	int err = journal_line_end(line);

	return err ? err : file_write_all(fd, line->text, line->len);
}

/* Whole lines that one write appends. */
struct journal_append {
	struct iovec part[4]; /* header, done, save, begin */
	int n;
	size_t len;
};

static void append_add(struct journal_append *a, char *lines, size_t len)
{
	a->part[a->n++] = (struct iovec){ lines, len };
	a->len += len;
}

/* Append all lines by one write. Cut off a partial write, which would become a part of the
 * next line. */
static int journal_append(struct journal *j, const struct journal_append *a)
{
	ssize_t n;
	int err = 0;

	if ((size_t)j->size + a->len >= JOURNAL_BYTES_MAX)
		return -E2BIG;
	n = writev(j->fd, a->part, a->n);
	if (n < 0)
		err = -errno;
	else if ((size_t)n != a->len)
		err = -ENOSPC;
	if (!err)
		j->size += n;
	else if (ftruncate(j->fd, j->size))
		err = -errno;
	return err;
}

static int journal_write_line(struct journal *j, struct journal_line *line)
{
	struct journal_append a = { .n = 0 };
	int err = journal_line_end(line);

	append_add(&a, line->text, line->len);
	return err ? err : journal_append(j, &a);
}

/* Put the arguments, which are only for display. Arguments that do not fit are
 * omitted. */
static void line_put_arguments(struct journal_line *line, int argc, char *const argv[])
{
	bool was_cut = line->is_cut;

	for (int i = 0; i < argc; i++) {
		size_t len = line->len;

		line_put_word(line, argv[i]);
		if (!line->is_cut && line->len < ARGUMENTS_MAX)
			continue;
		line->len = len;
		line->is_cut = was_cut;
		line_put_word(line, "...");
		return;
	}
}

static int journal_make_header(struct journal *j, struct journal_line *line)
{
	int err = *j->boot_id ? 0
			      : sysfs_text(j->root, j->boot_id, sizeof(j->boot_id),
					   "proc/sys/kernel/random/boot_id");

	if (err) {
		*j->boot_id = '\0';
		return err;
	}
	journal_line_begin(line, "drmgr-journal");
	journal_put(line, "1");
	line_put_word(line, j->boot_id);
	journal_put(line, "%d", getpid());
	line_put_arguments(line, j->argc, j->argv);
	if (!*j->kind)
		return journal_line_end(line);
	line->text[line->len++] = '\n';
	line->len += (size_t)snprintf(line->text + line->len,
				      sizeof(line->text) - line->len, "kind");
	line_put_word(line, j->kind);
	return journal_line_end(line);
}

static int journal_open_file(struct journal *j)
{
	if (j->dir < 0)
		j->dir = own_dir_make(j->root, JOURNAL_DIR);
	if (j->dir < 0)
		return j->dir;

	j->fd = own_file_open(j->dir, JOURNAL_FILE,
			      O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0600);
	return j->fd < 0 ? j->fd : 0;
}

/* Save nodes in a file. */
static int journal_save(struct journal *j, unsigned int n, const void *bytes, size_t len)
{
	_cleanup_close_ int fd = -1;
	char name[JOURNAL_FILE_MAX];
	struct timespec now;

	if (!j->id && !clock_gettime(CLOCK_BOOTTIME, &now))
		j->id = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	journal_saved_name(j, n, name);
	fd = own_file_open(j->dir, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return fd;
	j->first_saved = j->first_saved ? j->first_saved : n;
	j->last_saved = n;
	return file_write_all(fd, bytes, len);
}

/* Stop writing and unlink the journal. An incomplete journal would undo only a part of a
 * change. */
static void journal_give_up(const struct dr_ctx *dr, int err)
{
	struct journal *j = dr->journal;

	dr_warn(dr,
		"/" JOURNAL_DIR "/" JOURNAL_FILE
		": %s: continuing without a journal; if drmgr is killed, changes can remain incomplete",
		strerror(-err));
	if (j->fd >= 0)
		journal_unlink(dr);
	journal_close_file(j);
	j->is_off = true;
}

/* Check the limits of the journal. Another process can undo only recorded steps, and must
 * be able to read all of them. */
static int journal_check_limits(const struct journal *j, const struct journal_line *line)
{
	return line->is_cut || j->last >= JOURNAL_STEPS_MAX ||
			       (size_t)j->size + 2 * JOURNAL_LINE_MAX > JOURNAL_BEGIN_MAX
		       ? -E2BIG
		       : 0;
}

/* Write the line of a step, with all lines before it that are not written yet: the first
 * line of the file, the end of the step before it, and its saved nodes. */
static int journal_write_step(struct journal *j, struct journal_line *line,
			      unsigned int done)
{
	char note[NOTE_BYTES], save[NOTE_BYTES], saved[JOURNAL_FILE_MAX];
	struct journal_append a = { .n = 0 };
	unsigned int n = j->last + 1;
	struct journal_line header;
	int err = 0;

	header.len = 0;
	if (j->fd < 0) {
		err = journal_make_header(j, &header);
		if (!err)
			err = journal_open_file(j);
	}
	if (!err && line->saved)
		err = journal_save(j, n, line->saved, line->saved_len);
	if (!err)
		err = journal_line_end(line);
	if (err)
		return err;

	if (header.len)
		append_add(&a, header.text, header.len);
	if (done)
		append_add(&a, note,
			   (size_t)snprintf(note, sizeof(note), "done %u\n", done));
	if (line->saved) {
		journal_saved_name(j, n, saved);
		append_add(
			&a, save,
			(size_t)snprintf(save, sizeof(save), "save %u %s\n", n, saved));
	}
	append_add(&a, line->text, line->len);
	err = journal_append(j, &a);
	if (!err && header.len)
		j->header_size = (off_t)header.len;
	return err;
}

int journal_begin(const struct dr_ctx *dr, const struct undo_kind *kind, const void *arg,
		  unsigned int done, unsigned int *n)
{
	struct journal_line line;
	struct journal *j = dr->journal;
	struct stat own, init;
	int err;

	*n = 0;
	if (!j || j->is_off || !kind->name)
		return 0;

	journal_line_begin(&line, "begin");
	journal_put(&line, "%u", j->last + 1);
	line_put_word(&line, kind->name);
	kind->encode(&line, arg);
	if (journal_check_limits(j, &line))
		return -E2BIG;
	/* The lock is below /run, too. */
	if (j->fd < 0 && !kern_lstat(j->root, "run", &own) &&
	    !kern_lstat(j->root, "proc/1/root/run", &init) &&
	    (own.st_dev != init.st_dev || own.st_ino != init.st_ino))
		dr_warn(dr,
			"/run is not the one of process 1: programs outside of this container "
			"see neither the lock nor the journal; mount the host's /run here");
	err = journal_write_step(j, &line, done);
	/* Without memory, an undo cannot work either. */
	if (err == -ENOMEM && j->fd < 0)
		return err;
	if (err)
		journal_give_up(dr, err);
	else
		*n = ++j->last;
	return 0;
}

void journal_note(const struct dr_ctx *dr, const char *what, unsigned int n)
{
	struct journal_line line;
	struct journal *j = dr->journal;
	int err;

	if (!n || !j || j->fd < 0)
		return;
	journal_line_begin(&line, what);
	journal_put(&line, "%u", n);
	err = journal_write_line(j, &line);
	/* A recovery finds by itself which steps are done or undone, but not which are
	 * committed. */
	if (err && !strcmp(what, "commit"))
		journal_give_up(dr, err);
	else if (err)
		dr_log_info(dr->log, "journal: %s: %s", what, strerror(-err));
}

void journal_put_writer(struct journal_line *line, const char *verb,
			const struct kern_writer *writer)
{
	journal_line_begin(line, verb);
	journal_put(line, "%d", writer->pid);
	journal_put(line, "%" PRIu64, writer->start);
	line_put_word(line, writer->path);
}

void journal_note_writer(const struct dr_ctx *dr, const struct kern_writer *writer)
{
	struct journal_line line;
	struct journal *j = dr->journal;
	int err;

	if (!j || j->fd < 0)
		return;
	journal_put_writer(&line, "writer", writer);
	err = journal_write_line(j, &line);
	if (err)
		journal_give_up(dr, err);
}

int journal_put_aside(const struct dr_ctx *dr)
{
	struct kern_writer self = dr->root->writers->late;
	struct journal *j = dr->journal;
	struct journal_line line;
	int err;

	if (!j || j->fd < 0 || strcmp(j->file, JOURNAL_FILE) != 0)
		return -ENOENT;
	self.pid = getpid();
	err = writer_read_start(j->root, &self);
	if (err)
		return err;
	journal_put_writer(&line, "waiter", &self);
	err = journal_write_line(j, &line);
	if (!err)
		err = journal_set_aside(j->dir, j->file);
	if (err)
		snprintf(j->file, sizeof(j->file), JOURNAL_FILE);
	return err;
}

void journal_take_up(const struct dr_ctx *dr)
{
	struct journal *j = dr->journal;
	struct stat ours, now;

	if (!j || j->fd < 0)
		return;
	if (fstat(j->fd, &ours) || fstatat(j->dir, j->file, &now, AT_SYMLINK_NOFOLLOW) ||
	    ours.st_ino != now.st_ino) {
		dr_warn(dr,
			"/" JOURNAL_DIR "/%s was moved while the kernel made a change: "
			"continuing without a journal",
			j->file);
		journal_close_file(j);
		j->is_off = true;
	} else if (!renameat2(j->dir, j->file, j->dir, JOURNAL_FILE, RENAME_NOREPLACE)) {
		snprintf(j->file, sizeof(j->file), JOURNAL_FILE);
	}
}

/* Cut off all steps, by one call: a kill comes before or after it. */
static int journal_compact(const struct dr_ctx *dr)
{
	struct journal *j = dr->journal;

	if (ftruncate(j->fd, j->header_size))
		return -errno;
	j->size = j->header_size;
	j->last = 0;
	journal_unlink_saved(dr);
	j->first_saved = j->last_saved = 0;
	return 0;
}

void journal_commit(const struct dr_ctx *dr)
{
	static const char commit[] = "commit\n";
	struct journal *j = dr->journal;

	if (!j || j->fd < 0 || j->is_batch)
		return;
	/* A journal that no longer exists is committed. But without its saved nodes, or if
	 * it cannot be removed, it must not be undone. */
	if (j->last_saved && file_write_all(j->fd, commit, strlen(commit)))
		dr_log_info(dr->log, "journal not committed");
	if (!journal_unlink(dr)) {
		journal_close_file(j);
		return;
	}
	j->first_saved = j->last_saved = 0;
	if (journal_compact(dr) && file_write_all(j->fd, commit, strlen(commit)))
		dr_log_info(dr->log, "journal not committed");
}

void journal_commit_to(const struct dr_ctx *dr, unsigned int n)
{
	struct journal *j = dr->journal;

	if (!j || j->is_batch || j->fd < 0 || !n)
		return;
	if (n != j->last || journal_compact(dr))
		journal_note(dr, "commit", n);
}

void journal_keep(const struct dr_ctx *dr)
{
	struct journal *j = dr->journal;
	int err = 0;

	if (!j || j->fd < 0)
		return;
	if (!strcmp(j->file, JOURNAL_FILE))
		err = journal_set_aside(j->dir, j->file);
	if (err) /* the next run finds it as that of a killed run */
		dr_log_info(dr->log, "journal: %s", strerror(-err));
	snprintf(j->kept, sizeof(j->kept), "%s", j->file);
	journal_close_file(j);
	j->is_off = true;
}

bool journal_is_kept(const struct dr_ctx *dr)
{
	return dr->journal && *dr->journal->kept;
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
