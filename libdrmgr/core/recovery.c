// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "libdrmgr/core/leftover.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/text.h"

enum {
	WRITER_MS =
		500, /* a child ends in this time if its drmgr was killed before it wrote */
	FOLDERS_MAX = 10000,
	REPORT_MAX = 20, /* steps of a discarded journal */
};

/* A connector that was read from the journal. */
struct owned {
	struct connector c;
	struct drc_parent parent;
};

struct recovery {
	struct dr_ctx *dr;
	int dir, fd;
	struct mem mem, args; /* args: of the step that is undone */
	struct leftover left;
	size_t writer_at; /* where the last line of the journal names a writer, or 0 */
	/* The step that is being decoded: its next word, and how many follow. */
	const char *word, *saved;
	int n_words;
};

/* ---- The arguments of a step ---- */

const char *recovery_word(struct recovery *r)
{
	const char *word = r->word;

	if (r->n_words-- <= 0)
		return NULL;
	r->word = journal_word_next(word);
	return word;
}

bool recovery_number(struct recovery *r, uint32_t *v)
{
	const char *word = recovery_word(r);

	return word && journal_number(word, v);
}

const struct connector *recovery_connector(struct recovery *r)
{
	struct owned *o = mem_new(&r->args, struct owned);
	bool ok = !mem_check(&r->args) && recovery_number(r, &o->c.drc.index);

	if (!ok)
		return NULL;
	o->c.drc.name = recovery_word(r);
	o->c.drc.type = recovery_word(r);
	ok = recovery_number(r, &o->c.drc.power_domain);
	o->parent.path = recovery_word(r);
	o->c.parent = &o->parent;
	return ok && o->parent.path ? &o->c : NULL;
}

struct mem *recovery_mem(struct recovery *r)
{
	return &r->args;
}

void undo_encode_connector(struct journal_line *line, const void *arg)
{
	journal_put_connector(line, arg);
}

int undo_decode_connector(struct recovery *r, void **arg)
{
	*arg = (void *)(uintptr_t)recovery_connector(r);
	return *arg ? 0 : -EBADMSG;
}

int recovery_fdt(struct recovery *r, struct fdt_frag *frag)
{
	return r->saved ? journal_load_saved(r->dir, r->saved, frag) : -ENOENT;
}

/* ---- Notes of the recovery in the journal ---- */

/* Drop the line of the last writer from the journal. */
static void recovery_forget_writer(struct recovery *r)
{
	if (r->writer_at && !ftruncate(r->fd, (off_t)r->writer_at))
		r->left.size = r->writer_at;
	r->writer_at = 0;
}

/* Append a note to the journal. A note that does not fit is omitted: the next recovery
 * reads the state again. */
static void recovery_note(struct recovery *r, struct journal_line *line)
{
	int err = r->left.size + line->len < JOURNAL_BYTES_MAX
			  ? journal_line_write(r->fd, line)
			  : -E2BIG;

	if (!err)
		r->left.size += line->len;
	else if (ftruncate(r->fd, (off_t)r->left.size))
		err = -errno;
	if (err)
		dr_log_info(r->dr->log, "journal: %s", strerror(-err));
}

/* Record an undone step, so that a later recovery skips it. Steps older than a failed one
 * are not recorded: they depend on the newer step. */
static void recovery_note_undone(struct recovery *r, size_t i)
{
	struct journal_line line;

	journal_line_begin(&line, "undone");
	journal_put(&line, "%zu", i + 1);
	recovery_forget_writer(r);
	recovery_note(r, &line);
}

/* Record a write of this recovery, which may outlive it as well. The one before has ended. */
static void recovery_note_writer(void *priv, const struct kern_writer *writer)
{
	struct recovery *r = priv;
	struct journal_line line;
	size_t at;

	recovery_forget_writer(r);
	at = r->left.size;
	journal_put_writer(&line, "writer", writer);
	recovery_note(r, &line);
	r->writer_at = r->left.size == at ? 0 : at;
}

/* ---- Undo ---- */

/* Run the inverse of a step. */
static int recovery_undo_step(struct recovery *r, struct xact *x,
			      const struct journal_step *step, bool *is_unread)
{
	const struct undo_kind *kind =
		step->n_words ? undo_kind_by_name(step->words) : NULL;
	void *arg = NULL;
	int err;

	if (!kind) { /* older steps are not undone without it */
		*is_unread = true;
		return -EBADMSG;
	}
	r->word = journal_word_next(step->words);
	r->n_words = step->n_words - 1;
	r->saved = step->saved;
	err = kind->decode(r, &arg);
	if (mem_check(&r->args))
		return -ENOMEM;
	if (err)
		return err;
	err = xact_undo_step(x, kind, arg, is_unread) ? 0 : -EUCLEAN;
	while (x->n_undo)
		xact_drop(x);
	return err;
}

static int recovery_undo_all(struct recovery *r, struct dr_interrupted *found)
{
	struct kern_writers *writers = r->dr->root->writers;
	struct kern_writers before = { 0 };
	struct xact x;
	int err = 0;

	if (writers) {
		before = *writers;
		writers->begun = recovery_note_writer;
		writers->priv = r;
	}
	xact_begin(&x, r->dr, &r->mem);
	x.is_undoing = x.is_recovering = r->mem.is_undoing = true;
	for (size_t i = r->left.n_steps; i--;) {
		const struct journal_step *step = &r->left.steps[i];
		bool is_unread = false;

		if (!leftover_step_is_open(&r->left, i))
			continue;
		if (err && dr_is_writing(r->dr, 0))
			break;
		if (!recovery_undo_step(r, &x, step, &is_unread)) {
			found->undone++;
			if (!err)
				recovery_note_undone(r, i);
		} else {
			if (!err)
				snprintf(found->step, sizeof(found->step), "%.31s",
					 step->n_words ? step->words : "");
			err = -EUCLEAN;
		}
		x.led_pushed = NULL; /* it may point to a freed connector */
		mem_end(&r->args);
		if (is_unread)
			break;
	}
	xact_end(&x, 0);
	if (!dr_is_writing(r->dr, 0))
		recovery_forget_writer(r);
	if (writers) {
		writers->begun = before.begun;
		writers->priv = before.priv;
	}
	return err;
}

/* Return true if the run, or its child, lives. A child that had not begun to write ends at
 * once. */
static bool recovery_must_wait(struct recovery *r)
{
	struct deadline dl = deadline_in_ms(WRITER_MS);

	return r->left.state != LEFTOVER_INCOMPLETE &&
	       writer_wait_for(r->dr->root, &r->left.writer, &dl, -1);
}

static void recovered_set(struct dr_interrupted *found, const struct leftover *left)
{
	_cleanup_free_ char *names = leftover_names(left);

	snprintf(found->file, sizeof(found->file), "%s", left->file);
	snprintf(found->connectors, sizeof(found->connectors), "%s", names ? names : "");
	found->pid = left->pid;
	snprintf(found->command, sizeof(found->command), "%s", left->command);
	found->writer = (int)left->writer.pid;
	snprintf(found->writer_path, sizeof(found->writer_path), "%s", left->writer.path);
}

bool recovery_is_needed(const struct dr_ctx *dr)
{
	int found = kern_exists(dr->root, JOURNAL_DIR "/" JOURNAL_FILE);

	/* Only root can look into the folder, and change anything. */
	return found && found != -EACCES;
}

/* List the files with saved nodes that belong to the journal: those of its lines, and if there
 * is no other journal, all of them. A killed run may have saved nodes that no line names. */
static int recovery_list_saved(const struct recovery *r, struct kern_names *saved)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = kern_list(r->dr->root, JOURNAL_DIR, KERN_LIST_FILES, &names);
	bool is_only = !err;

	for (size_t i = 0; i < names.n; i++)
		if (!strncmp(names.name[i], JOURNAL_LEFT_PREFIX,
			     strlen(JOURNAL_LEFT_PREFIX)) ||
		    !strcmp(names.name[i], JOURNAL_FILE))
			is_only &= !strcmp(names.name[i], r->left.file);
	for (size_t i = 0; !err && is_only && i < names.n; i++)
		if (!strncmp(names.name[i], JOURNAL_SAVE_PREFIX,
			     strlen(JOURNAL_SAVE_PREFIX)))
			err = kern_names_add(saved, names.name[i]);
	for (size_t i = 0; !err && !is_only && i < r->left.n_steps; i++)
		if (r->left.steps[i].saved)
			err = kern_names_add(saved, r->left.steps[i].saved);
	return err;
}

/* Unlink the journal, and before it its saved nodes. */
static void recovery_unlink(const struct recovery *r)
{
	_cleanup_names_ struct kern_names saved = { 0 };

	if (recovery_list_saved(r, &saved))
		dr_log_info(r->dr->log, "journal: saved nodes remain");
	for (size_t i = 0; i < saved.n; i++)
		unlinkat(r->dir, saved.name[i], 0);
	unlinkat(r->dir, r->left.file, 0);
}

/* Open and read the journal. Return its error. */
static int recovery_begin(struct recovery *r, struct dr_ctx *dr, const char *file,
			  int flags, struct dr_interrupted *found)
{
	int err;

	*r = (struct recovery){ .dr = dr };
	*found = (struct dr_interrupted){ 0 };
	r->fd = journal_open(dr->root, file, flags, &r->dir);
	err = leftover_load(&r->left, &r->mem, dr->root, file, r->dir, r->fd);
	recovered_set(found, &r->left);
	return err;
}

static void recovery_end(struct recovery *r)
{
	mem_end(&r->args);
	mem_end(&r->mem);
	if (r->fd >= 0)
		close(r->fd);
	if (r->dir >= 0)
		close(r->dir);
}

int recovery_run(struct dr_ctx *dr, const char *file, struct dr_interrupted *found,
		 char **text)
{
	char name[JOURNAL_FILE_MAX];
	struct recovery r;
	struct leftover *left = &r.left;
	int err = recovery_begin(&r, dr, file, O_RDWR | O_APPEND, found);

	if (text)
		*text = NULL;
	if (!err && !left->is_committed) {
		if (recovery_must_wait(&r))
			err = -EINPROGRESS;
		/* A line without an LF would become a part of the next one. */
		else if (ftruncate(r.fd, (off_t)left->size))
			err = -errno;
		else
			err = recovery_undo_all(&r, found);
	}
	if (err == -ESTALE) /* of an earlier boot */
		err = 0;
	if (!err)
		recovery_unlink(&r);
	if (err == -ENOENT) /* an earlier look could not tell whether it exists */
		err = 0;
	if ((err == -EUCLEAN || err == -EINPROGRESS) && !strcmp(file, JOURNAL_FILE)) {
		if (journal_set_aside(r.dir, name))
			dr_log_info(dr->log, "journal: it blocks every change");
		else
			file = name;
	}
	left->err = err;
	if (err == -EUCLEAN || err == -EINPROGRESS)
		leftover_read(left, &r.mem, dr->root, file);
	if (err && text)
		*text = leftover_text(left);
	recovery_end(&r);
	return err;
}

/* ---- Discard ---- */

/* Warn about the open steps, the newest first. */
static void discard_report_steps(const struct dr_ctx *dr, const struct leftover *left)
{
	unsigned int n = 0;

	for (size_t i = left->n_steps; !left->is_committed && i--;) {
		const char *word = left->steps[i].words, *about;
		uint32_t index;
		int n_words = left->steps[i].n_words;

		if (!leftover_step_is_open(left, i) || n++ >= REPORT_MAX || !n_words)
			continue;
		about = n_words > 1 ? journal_word_next(word) : "";
		if (n_words > 2 && journal_number(about, &index))
			about = journal_word_next(about);
		dr_warn(dr, "not undone: %s %s", word, about);
	}
	if (left->err == -ESTALE)
		dr_warn(dr,
			"The journal is of an earlier boot: its changes do not exist any more.");
	else if (left->err)
		dr_warn(dr, "/" JOURNAL_DIR "/%s: %s: it is unknown what%s is incomplete",
			left->file, leftover_reason(left->err), n ? " else" : "");
	if (n > REPORT_MAX)
		dr_warn(dr, "not undone: %u older steps", n - REPORT_MAX);
	if (n)
		dr_warn(dr,
			"An earlier run (PID %d: %s) was interrupted: %u of its steps "
			"may be incomplete.",
			left->pid, left->command, n);
	if (left->state == LEFTOVER_WAITING)
		dr_warn(dr, "Its PID %d is still writing to /%s.", (int)left->writer.pid,
			left->writer.path);
}

/* Make a folder for the journal. One that others can change is renamed as a whole instead. */
static int discard_make_folder(const struct recovery *r, char *path, size_t size)
{
	int dir = r->dir, root = r->dr->root->fd, err = -EEXIST;

	for (int n = 1; err == -EEXIST && n < FOLDERS_MAX; n++) {
		const char *name = path + strlen(JOURNAL_DIR "/");

		snprintf(path, size, JOURNAL_DIR "%cdiscarded-%d", dir < 0 ? '.' : '/',
			 n);
		err = (dir < 0 ? renameat2(root, JOURNAL_DIR, root, path,
					   RENAME_NOREPLACE)
			       : mkdirat(dir, name, 0700))
			      ? -errno
			      : 0;
	}
	return err;
}

/* Move the files with saved nodes and then the journal: if this process is killed, the next
 * discard finds it. Only root can write to the folders. */
static int discard_move_files(const struct recovery *r, int to)
{
	_cleanup_names_ struct kern_names saved = { 0 };
	int err = recovery_list_saved(r, &saved);

	for (size_t i = 0; !err && i < saved.n; i++)
		if (renameat(r->dir, saved.name[i], to, saved.name[i]) && errno != ENOENT)
			err = -errno;
	if (!err && renameat(r->dir, r->left.file, to, JOURNAL_FILE))
		err = -errno;
	return err;
}

int recovery_discard(struct dr_ctx *dr, const char *file, struct dr_interrupted *found)
{
	_cleanup_free_ char *path = text_of(JOURNAL_DIR "/%s", file);
	_cleanup_close_ int to = -1;
	struct recovery r;
	struct stat st;
	int err = recovery_begin(&r, dr, file, O_RDONLY, found);

	if (!path || leftover_is_unread_now(err))
		err = path ? err : -ENOMEM;
	else if (fstatat(dr->root->fd, path, &st, AT_SYMLINK_NOFOLLOW))
		err = -ENOENT;
	else
		err = discard_make_folder(&r, found->moved_to, sizeof(found->moved_to));
	if (!err && r.dir >= 0) {
		const char *name = found->moved_to + strlen(JOURNAL_DIR "/");

		to = openat(r.dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		err = to < 0 ? -errno : discard_move_files(&r, to);
		if (err)
			unlinkat(r.dir, name,
				 AT_REMOVEDIR); /* keep it if it has a file */
	}
	if (err)
		*found->moved_to = '\0';
	else
		discard_report_steps(dr, &r.left);
	recovery_end(&r);
	return err == -ENOENT ? 0 : err;
}
