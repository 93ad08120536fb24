// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/core/journal.h"
#include "kern/own_file.h"
#include "kern/sysfs.h"
#include "kern/text.h"

enum {
	COMMAND_MAX = 4096, /* bytes of the arguments */
	LEFT_MAX = 10000,
};

/* Lines before they are written. Short ones need no memory. */
struct journal_line {
	char *text;
	size_t len, room, begin; /* begin: of the last line */
	size_t words;		 /* bytes of its words without nodes */
	bool is_cut;		 /* memory is short */
	char small[1024];
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

/* ---- Lines ---- */

static void line_open(struct journal_line *line)
{
	line->text = line->small;
	line->len = line->begin = line->words = 0;
	line->room = sizeof(line->small);
	line->is_cut = false;
}

static void line_free(struct journal_line *line)
{
	if (line->text != line->small)
		free(line->text);
}

static void line_add(struct journal_line *line, const char *bytes, size_t len)
{
	size_t room = 2 * (line->len + len);
	char *more;

	if (line->len + len > line->room) {
		more = realloc(line->text == line->small ? NULL : line->text, room);
		line->is_cut |= !more;
		if (!more)
			return;
		if (line->text == line->small)
			memcpy(more, line->small, line->len);
		line->text = more;
		line->room = room;
	}
	memcpy(line->text + line->len, bytes, len);
	line->len += len;
}

static void line_puts(struct journal_line *line, const char *text)
{
	line_add(line, text, strlen(text));
}

/* Put a short text. */
static void __attribute__((format(printf, 2, 3)))
line_printf(struct journal_line *line, const char *fmt, ...)
{
	char text[96];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	line_puts(line, text);
}

uint32_t journal_checksum(const char *line, size_t len)
{
	uint32_t sum = 0x811c9dc5; /* FNV-1a: each changed bit changes it */

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ (unsigned char)line[i]) * 0x01000193;
	return sum;
}

/* End the last line. */
static void line_end(struct journal_line *line)
{
	line_printf(line, " #%08x\n",
		    journal_checksum(line->text + line->begin, line->len - line->begin));
	line->begin = line->len;
}

/* Append a blank and a word. */
static void line_put_word(struct journal_line *line, const char *word)
{
	line_puts(line, *word ? " " : " %00"); /* an empty word needs a mark */
	for (; *word; word++)
		if (isalnum((unsigned char)*word) || strchr("/@,._-:+=#", *word))
			line_add(line, word, 1);
		else
			line_printf(line, "%%%02x", (unsigned char)*word);
}

void journal_put(struct journal_line *line, const char *fmt, ...)
{
	_cleanup_free_ char *word = NULL;
	va_list ap;

	va_start(ap, fmt);
	word = vtext_of(fmt, ap);
	va_end(ap);
	line->is_cut |= !word;
	line_put_word(line, word ? word : "");
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
	static const char digits[] = "0123456789abcdef";
	const unsigned char *byte = fdt, *end = byte + fdt_totalsize(fdt);

	line->words = line->len - line->begin;
	line_puts(line, " ");
	for (; byte < end; byte++) {
		line_add(line, &digits[*byte >> 4], 1);
		line_add(line, &digits[*byte & 15], 1);
	}
}

/* Put the first lines. The arguments are only for display: those that do not fit are
 * omitted. */
static int line_put_header(struct journal_line *line, struct journal *j)
{
	int i = 0, err = *j->boot_id ? 0
				     : sysfs_text(j->root, j->boot_id, sizeof(j->boot_id),
						  "proc/sys/kernel/random/boot_id");

	if (err) {
		*j->boot_id = '\0';
		return err;
	}
	line_puts(line, "drmgr-journal 2");
	line_put_word(line, j->boot_id);
	line_printf(line, " %d", getpid());
	for (size_t len = 0; i < j->argc; i++) {
		len += strlen(j->argv[i]) + 1;
		if (len > COMMAND_MAX)
			break;
		line_put_word(line, j->argv[i]);
	}
	if (i < j->argc)
		line_puts(line, " ...");
	line_end(line);
	if (*j->kind) {
		line_puts(line, "kind");
		line_put_word(line, j->kind);
		line_end(line);
	}
	return 0;
}

/* ---- The file ---- */

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

/* Return 0 or a negative errno, with a warning. */
static int journal_unlink(const struct dr_ctx *dr)
{
	const struct journal *j = dr->journal;
	int err = unlinkat(j->dir, j->file, 0) ? -errno : 0;

	if (err == -ENOENT)
		return 0;
	if (err)
		dr_warn(dr, "/" JOURNAL_DIR "/%s cannot be removed: %s", j->file,
			strerror(-err));
	return err;
}

/* Append whole lines by one write. Cut off a partial write, which would become a part of the
 * next line. */
static int journal_append(struct journal *j, const char *lines, size_t len)
{
	ssize_t n;
	int err;

	if ((size_t)j->size + len >= JOURNAL_BYTES_MAX - 1)
		return -E2BIG;
	n = write(j->fd, lines, len);
	if (n == (ssize_t)len) {
		j->size += n;
		return 0;
	}
	err = n < 0 ? -errno : -ENOSPC;
	return ftruncate(j->fd, j->size) ? -errno : err;
}

/* Stop writing and unlink the journal: an incomplete one would undo only a part of a change. But
 * a recovery finds by itself what is undone. */
static void journal_give_up(const struct dr_ctx *dr, int err)
{
	struct journal *j = dr->journal;

	if (j->is_recovery) {
		dr_log_info(dr->log, "journal: %s", strerror(-err));
		return;
	}
	dr_warn(dr,
		"/" JOURNAL_DIR "/" JOURNAL_FILE
		": %s: continuing without a journal; if drmgr is killed, changes can remain incomplete",
		strerror(-err));
	if (j->fd >= 0)
		journal_unlink(dr);
	journal_close_file(j);
	j->is_off = true;
}

/* Warn if the lock and the journal, both below /run, are not those of other programs. */
static void journal_check_place(const struct dr_ctx *dr)
{
	struct stat own, init;

	if (!kern_lstat(dr->root, "run", &own) &&
	    !kern_lstat(dr->root, "proc/1/root/run", &init) &&
	    (own.st_dev != init.st_dev || own.st_ino != init.st_ino))
		dr_warn(dr,
			"/run is not the one of process 1: programs outside of this container "
			"see neither the lock nor the journal; mount the host's /run here");
}

/* Put the lines of a step: the first lines of the file, the end of the step before it, and its
 * beginning. *header_size receives the length of the first lines. */
static int journal_put_step(struct journal_line *line, struct journal *j,
			    const struct undo_kind *kind, const void *arg,
			    const struct undo *done, off_t *header_size)
{
	int err = j->fd < 0 ? line_put_header(line, j) : 0;

	*header_size = (off_t)line->begin;
	if (done && done->id) {
		line_printf(line, "done %u", done->id);
		line_puts(line, done->inodes ? done->inodes : "");
		line_end(line);
	}
	line_printf(line, "begin %u %s", j->last + 1, kind->name);
	kind->encode(line, arg);
	if (!line->words)
		line->words = line->len - line->begin;
	line_end(line);
	return line->is_cut ? -ENOMEM : err;
}

int journal_begin(const struct dr_ctx *dr, const struct undo_kind *kind, const void *arg,
		  const struct undo *done, unsigned int *n)
{
	struct journal *j = dr->journal;
	struct journal_line line;
	off_t header = 0;
	bool is_first;
	int err;

	*n = 0;
	if (!j || j->is_off || !kind->name)
		return 0;
	is_first = j->fd < 0;
	line_open(&line);
	err = journal_put_step(&line, j, kind, arg, done, &header);
	/* Another process can undo only recorded steps, and must be able to read all. */
	if (!err && (line.words > JOURNAL_WORDS_MAX || j->last >= JOURNAL_STEPS_MAX ||
		     (size_t)j->size + line.len > JOURNAL_BEGIN_MAX))
		err = -E2BIG;
	else if (!err && is_first)
		journal_check_place(dr);
	if (!err && is_first)
		err = journal_open_file(j);
	if (!err)
		err = journal_append(j, line.text, line.len);
	line_free(&line);
	/* Without memory, an undo cannot work either. */
	if (err == -E2BIG || err == -ENOMEM)
		return err;
	if (err) {
		journal_give_up(dr, err);
		return 0;
	}
	if (is_first)
		j->header_size = header;
	*n = ++j->last;
	return 0;
}

/* End the line, append it and free it. */
static int journal_append_line(struct journal *j, struct journal_line *line)
{
	int err;

	line_end(line);
	err = line->is_cut ? -ENOMEM : journal_append(j, line->text, line->len);
	line_free(line);
	return err;
}

void journal_note(const struct dr_ctx *dr, const char *what, unsigned int n)
{
	struct journal *j = dr->journal;
	struct journal_line line;
	int err;

	if (!n || !j || j->fd < 0)
		return;
	line_open(&line);
	line_printf(&line, "%s %u", what, n);
	err = journal_append_line(j, &line);
	/* A recovery finds by itself which steps are done or undone, but not which are
	 * committed. */
	if (err && !strcmp(what, "commit"))
		journal_give_up(dr, err);
	else if (err)
		dr_log_info(dr->log, "journal: %s: %s", what, strerror(-err));
}

/* Append the line of a process: "writer" or "waiter". NULL: it does not write any more. */
static int journal_append_process(struct journal *j, const char *verb,
				  const struct kern_writer *process)
{
	static const struct kern_writer none = { .path = "-" };
	struct journal_line line;

	if (!process)
		process = &none;
	line_open(&line);
	line_printf(&line, "%s %d %" PRIu64, verb, (int)process->pid, process->start);
	line_put_word(&line, process->path);
	return journal_append_line(j, &line);
}

void journal_note_writer(const struct dr_ctx *dr, const struct kern_writer *writer)
{
	struct journal *j = dr->journal;
	int err = j && j->fd >= 0 ? journal_append_process(j, "writer", writer) : 0;

	if (err)
		journal_give_up(dr, err);
}

void journal_note_idle(const struct dr_ctx *dr)
{
	const struct kern_writers *writers = dr->root->writers;

	if (writers && writers->child.pid && !dr_is_writing(dr, 0))
		journal_append_process(dr->journal, "writer", NULL);
}

int journal_put_aside(const struct dr_ctx *dr)
{
	struct kern_writer self = dr->root->writers->late;
	struct journal *j = dr->journal;
	int err;

	if (!j || j->fd < 0 || j->is_recovery || strcmp(j->file, JOURNAL_FILE) != 0)
		return -ENOENT;
	self.pid = getpid();
	err = writer_read_start(j->root, &self);
	if (!err)
		err = journal_append_process(j, "waiter", &self);
	if (!err)
		err = journal_set_aside(j->dir, j->file);
	if (err) {
		snprintf(j->file, sizeof(j->file), JOURNAL_FILE);
		journal_append_process(j, "waiter", NULL);
	}
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
		journal_append_process(j, "waiter", NULL);
	}
}

/* Cut off all steps, by one call: a kill comes before or after it. */
static int journal_compact(struct journal *j)
{
	if (ftruncate(j->fd, j->header_size))
		return -errno;
	j->size = j->header_size;
	j->last = 0;
	return 0;
}

/* Commit by removing the file. If that fails, empty it or mark it, so that nothing is undone. */
void journal_commit(const struct dr_ctx *dr)
{
	struct journal *j = dr->journal;
	struct journal_line line;

	if (!j || j->fd < 0 || j->is_batch)
		return;
	line_open(&line);
	line_puts(&line, "commit");
	if (!journal_unlink(dr))
		journal_close_file(j);
	else if (journal_compact(j) && journal_append_line(j, &line))
		dr_log_info(dr->log, "journal not committed");
}

void journal_commit_to(const struct dr_ctx *dr, unsigned int n)
{
	struct journal *j = dr->journal;

	if (!j || j->is_batch || j->fd < 0 || !n)
		return;
	if (n != j->last || journal_compact(j))
		journal_note(dr, "commit", n);
}

void journal_keep(const struct dr_ctx *dr)
{
	struct journal *j = dr->journal;
	int err = 0;

	if (!j || j->fd < 0 || j->is_recovery)
		return;
	journal_note_idle(dr);
	if (!strcmp(j->file, JOURNAL_FILE))
		err = journal_set_aside(j->dir, j->file);
	else
		journal_append_process(j, "waiter", NULL);
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
