// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/journal_words.h"
#include "libdrmgr/core/leftover.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/core/undo_kinds.h"

/* A child ends in this time if its drmgr was killed before the child wrote. */
enum { WRITER_MS = 500 };

/* A connector that was read from the journal. */
struct owned {
	struct connector c;
	struct drc_parent parent;
};

struct recovery {
	struct dr_ctx *dr;
	const char *file;
	int dir, fd;
	struct mem mem, args; /* args: of the step that is undone */
	struct leftover left;
	uint32_t writer_at; /* where the last line of the journal names a writer, or 0 */
	/* The step that is being decoded. */
	char line[JOURNAL_LINE_MAX], save_line[JOURNAL_LINE_MAX];
	char *word[JOURNAL_WORDS_MAX];
	size_t n_words, next;
	const char *saved;
};

const char *recovery_word(struct recovery *r)
{
	return r->next < r->n_words ? r->word[r->next++] : NULL;
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

/* Drop the line of the last writer from the journal. */
static void recovery_forget_writer(struct recovery *r)
{
	if (r->writer_at && !ftruncate(r->fd, (off_t)r->writer_at))
		r->left.read.size = r->writer_at;
	r->writer_at = 0;
}

/* Append a note to the journal. A note that does not fit is omitted: the next recovery
 * reads the state again. */
static void recovery_note(struct recovery *r, struct journal_line *line)
{
	int err = r->left.read.size + line->len < JOURNAL_BYTES_MAX
			  ? journal_line_write(r->fd, line)
			  : -E2BIG;

	if (!err)
		r->left.read.size += (uint32_t)line->len;
	else if (ftruncate(r->fd, (off_t)r->left.read.size))
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

/* Run the inverse of a step. *name receives its kind. */
static int recovery_undo_step(struct recovery *r, struct xact *x, size_t i,
			      const char **name, bool *is_unread)
{
	const struct undo_kind *kind;
	void *arg = NULL;
	int err, n = journal_step_words(&r->left.read, i, r->line, r->word);

	*name = n > 2 ? r->word[2] : "";
	kind = n > 2 ? undo_kind_by_name(r->word[2]) : NULL;
	if (!kind) { /* older steps are not undone without it */
		*is_unread = true;
		return -EBADMSG;
	}

	r->n_words = (size_t)n;
	r->next = 3;
	r->saved = journal_step_saved(&r->left.read, i, r->save_line);
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

/* Record a write of this recovery, which may outlive it as well. The one before has ended. */
static void recovery_note_writer(void *priv, const struct kern_writer *writer)
{
	struct recovery *r = priv;
	struct journal_line line;
	uint32_t at;

	recovery_forget_writer(r);
	at = (uint32_t)r->left.read.size;
	journal_put_writer(&line, "writer", writer);
	recovery_note(r, &line);
	r->writer_at = r->left.read.size == at ? 0 : at;
}

static bool recovery_is_writing(const struct recovery *r)
{
	struct kern_writers *writers = r->dr->root->writers;
	struct deadline now = deadline_in_ms(0);

	return writers && writers_are_busy(writers, &now);
}

static int recovery_undo_all(struct recovery *r, struct recovered *found)
{
	struct kern_writers *writers = r->dr->root->writers;
	struct kern_writers before = { 0 };
	struct xact x;
	const char *name;
	int err = 0;

	if (writers) {
		before = *writers;
		writers->begun = recovery_note_writer;
		writers->priv = r;
	}
	xact_begin(&x, r->dr, &r->mem);
	x.is_undoing = x.is_recovering = r->mem.is_undoing = true;
	for (size_t i = r->left.read.n; i--;) {
		bool is_unread = false;
		int step_err;

		if (!journal_step_is_open(&r->left.read, i))
			continue;
		if (err && recovery_is_writing(r))
			break;
		step_err = recovery_undo_step(r, &x, i, &name, &is_unread);
		if (!step_err) {
			found->undone++;
			if (!err)
				recovery_note_undone(r, i);
		} else {
			if (!err)
				snprintf(found->step, sizeof(found->step), "%s", name);
			err = -EUCLEAN;
		}
		x.led_pushed = NULL; /* it may point to a freed connector */
		mem_end(&r->args);
		if (is_unread)
			break;
	}
	xact_end(&x, 0);
	if (!recovery_is_writing(r))
		recovery_forget_writer(r);
	if (writers) {
		writers->begun = before.begun;
		writers->priv = before.priv;
	}
	return err;
}

/* Test whether the child of the killed run still writes. A child that had not begun to
 * write ends at once. */
static bool recovery_has_writer(const struct recovery *r,
				const struct kern_writer *writer)
{
	struct deadline dl = deadline_in_ms(WRITER_MS);
	int pause = 0;

	while (writer_is_alive(r->dr->root, writer)) {
		if (deadline_has_passed(&dl))
			return true;
		pause = deadline_backoff_ms(pause);
		deadline_wait_ms(&dl, pause);
	}
	return false;
}

/* Read the journal, and prepare it for notes of this recovery. */
static int recovery_open_journal(struct recovery *r, struct recovered *found)
{
	struct journal_read *j = &r->left.read;
	_cleanup_free_ char *names = NULL;
	int err;

	leftover_read_open(&r->left, &r->mem, r->dr->root, r->fd, NULL, NULL);
	err = r->left.err;
	names = leftover_names(&r->left);
	snprintf(found->connectors, sizeof(found->connectors), "%s", names ? names : "");
	found->pid = j->pid;
	snprintf(found->command, sizeof(found->command), "%s", j->command);
	/* The leftover has the waiter in its place, if there is one. */
	if (!err && !j->is_committed && recovery_has_writer(r, &j->writer)) {
		found->writer = j->writer;
		return -EINPROGRESS;
	}
	/* A line without an LF would become a part of the next one. */
	if (!err && !j->is_committed && ftruncate(r->fd, (off_t)j->size))
		err = -errno;
	return err;
}

static void recovery_free(struct recovery *r)
{
	mem_end(&r->args);
	mem_end(&r->mem);
	if (r->fd >= 0)
		close(r->fd);
	if (r->dir >= 0)
		close(r->dir);
}

/* Unlink the journal, and before it its saved nodes. */
static void recovery_unlink(struct recovery *r)
{
	_cleanup_names_ struct kern_names saved = { 0 };

	if (journal_list_saved(&r->left.read, r->dr->root, r->file, &saved))
		dr_log_info(r->dr->log, "journal: saved nodes remain");
	for (size_t i = 0; i < saved.n; i++)
		unlinkat(r->dir, saved.name[i], 0);
	unlinkat(r->dir, r->file, 0);
}

bool recovery_is_needed(const struct dr_ctx *dr)
{
	int found = kern_exists(dr->root, JOURNAL_DIR "/" JOURNAL_FILE);

	/* Only root can look into the folder, and change anything. */
	return found && found != -EACCES;
}

static void recovery_read_left(const struct dr_ctx *dr, const char *file,
			       struct recovered *found)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct leftover left;

	leftover_read(&left, &m, dr->root, file, NULL, NULL);
	found->text = leftover_text(&left);
}

int recovery_run(struct dr_ctx *dr, const char *file, struct recovered *found)
{
	struct recovery r = { .dr = dr, .file = file, .fd = -1, .dir = -1 };
	char name[JOURNAL_FILE_MAX] = "";
	int err;

	*found = (struct recovered){ 0 };
	r.fd = journal_open(dr->root, file, O_RDWR | O_APPEND, &r.dir);
	if (r.fd == -ENOENT) { /* its absence was not certain before */
		recovery_free(&r);
		return 0;
	}
	err = r.fd < 0 ? r.fd : recovery_open_journal(&r, found);
	if (!err && !r.left.read.is_committed)
		err = recovery_undo_all(&r, found);
	if (err == -ESTALE) /* of an earlier boot */
		err = 0;
	if (!err)
		recovery_unlink(&r);
	else if ((err == -EUCLEAN || err == -EINPROGRESS) &&
		 !strcmp(file, JOURNAL_FILE) && journal_set_aside(r.dir, name))
		dr_log_info(dr->log, "journal: it blocks every change");
	recovery_free(&r);
	if (err == -EUCLEAN || err == -EINPROGRESS)
		recovery_read_left(dr, *name ? name : file, found);
	return err;
}
