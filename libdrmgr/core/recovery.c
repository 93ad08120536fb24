// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "libdrmgr/core/leftover.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/pci.h"
#include "kern/sysfs.h"
#include "kern/text.h"
#include "wire/number.h"

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
	/* The step that is being decoded: its next word, and how many follow. */
	const char *word;
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
	const char *word = recovery_word(r);

	return word ? journal_decode_fdt(word, frag) : -ENOENT;
}

/* ---- What another process has changed since ---- */

static void recovered_set_writer(struct dr_interrupted *found,
				 const struct leftover *left)
{
	found->writer = (int)left->writer.pid;
	snprintf(found->writer_path, sizeof(found->writer_path), "%s", left->writer.path);
}

static void recovered_set(struct dr_interrupted *found, const struct leftover *left)
{
	_cleanup_free_ char *names = leftover_names(left);

	snprintf(found->file, sizeof(found->file), "%s", left->file);
	snprintf(found->connectors, sizeof(found->connectors), "%s", names ? names : "");
	found->pid = left->pid;
	snprintf(found->command, sizeof(found->command), "%s", left->command);
}

static const char *leftover_node(const struct leftover *left, uint32_t index)
{
	for (size_t i = 0; i < left->n; i++)
		if (left->list[i].index == index)
			return left->list[i].node;
	return NULL;
}

/* Return true if a later step of this run attaches the node again, by its path or connector. */
static bool recovery_attaches_again(const struct recovery *r, size_t at, const char *node)
{
	struct left_connector c, own;
	bool is_one = step_connector(&r->left.steps[at], &own);

	while (++at < r->left.n_steps) {
		const struct journal_step *step = &r->left.steps[at];
		const struct undo_kind *kind = undo_kind_by_name(step->words);
		const char *word = step->words;

		if (!kind || !kind->attaches)
			continue;
		if (is_one && step_connector(step, &c) && c.index == own.index)
			return true;
		for (int i = 1; i < step->n_words; i++) {
			word = journal_word_next(word);
			if (!strcmp(word, node))
				return true;
		}
	}
	return false;
}

/* Find the node of a step that another process has attached since. Without its number, so at
 * the last step before the kill, it is another's if Linux has a device of it: this run would
 * have begun a later step first. has_device: it had begun one. Return 1 and the node, 0, or a
 * negative errno. */
static int recovery_others_node(const struct recovery *r, size_t at, bool has_device,
				const char **node)
{
	const struct journal_step *step = &r->left.steps[at];
	const char *word = step->inodes;
	uint64_t inode, wanted = 0;
	struct left_connector c;
	bool is_one = step_connector(step, &c);
	int err;

	*node = step->words;
	if (is_one && r->left.nodes_err)
		return r->left.nodes_err;
	for (int i = 0; i < (is_one ? 1 : step->n_words - 1); i++) {
		bool is_known = i < step->n_inodes &&
				!number_read(word, strlen(word), 10, &wanted);

		*node = is_one ? leftover_node(&r->left, c.index)
			       : journal_word_next(*node);
		if (is_known)
			word = journal_word_next(word);
		err = *node ? node_inode(r->dr->root, *node, &inode) : -ENOENT;
		if (kern_read_failure(err))
			return err;
		if (err || (!is_known && (has_device || at + 1 < r->left.n_steps)))
			continue;
		err = is_known ? inode != wanted
			       : pci_node_has_device(r->dr->root, *node);
		if (err && !(is_known && recovery_attaches_again(r, at, *node)))
			return err;
	}
	return 0;
}

/* Leave the steps of a connector that another process has configured since, and those of
 * connectors below its node. Steps without a connector belong to the one before them. */
static void recovery_leave(struct recovery *r, uint32_t index, const char *node)
{
	struct leftover *left = &r->left;
	bool is_in = !index;
	struct left_connector c;
	size_t n = 0;

	for (size_t i = 0; i < left->n_steps; i++) {
		if (step_connector(&left->steps[i], &c))
			is_in = c.index == index ||
				(c.parent && pci_node_is_under(c.parent, node));
		left->steps[i].is_others |= is_in;
	}
	for (size_t i = 0; i < left->n; i++)
		if (left->list[i].index != index)
			left->list[n++] = left->list[i];
	left->n = n;
}

/* Find the connectors that other processes have configured since. Return 0, or a negative
 * errno: then undo nothing. */
static int recovery_find_others(struct recovery *r, struct dr_interrupted *found)
{
	struct left_connector c = { .name = "" }, next;
	struct leftover *left = &r->left;
	bool has_device = false, has_detached = false;
	int others = 0;

	for (size_t i = 0; i < left->n_steps; i++) {
		const struct journal_step *step = &left->steps[i];
		const struct undo_kind *kind = undo_kind_by_name(step->words);
		const char *node;

		if (step_connector(step, &next)) {
			has_detached &= next.index == c.index;
			/* Devices below a bridge come with it. */
			has_device &= next.index == c.index ||
				      (next.parent && c.parent &&
				       strcmp(next.parent, c.parent) != 0 &&
				       pci_node_is_under(next.parent, c.parent));
			c = next;
		}
		if (!kind || !leftover_step_is_open(left, i) || step->is_others)
			continue;
		has_device |= kind->configures;
		/* An undo has perhaps attached the nodes again. */
		has_detached |= kind == &undo_detach;
		others = kind->attaches && !has_detached
				 ? recovery_others_node(r, i, has_device, &node)
				 : 0;
		if (others < 0)
			return others;
		if (!others)
			continue;
		dr_warn(r->dr,
			"%s (0x%08x): another process has configured %s since: it stays",
			c.name, c.index, node);
		recovery_leave(r, c.index, node);
		recovered_set(found, left);
		if (!left->n)
			*found->connectors = '\0';
	}
	return 0;
}

/* ---- Undo ---- */

/* Run the inverse of a step. */
static int recovery_undo_step(struct recovery *r, struct xact *x,
			      const struct journal_step *step, bool *is_unread)
{
	const struct undo_kind *kind = undo_kind_by_name(step->words);
	void *arg = NULL;
	int err;

	if (!kind) { /* older steps are not undone without it */
		*is_unread = true;
		return -EBADMSG;
	}
	r->word = journal_word_next(step->words);
	r->n_words = step->n_words - 1;
	err = kind->decode(r, &arg);
	if (mem_check(&r->args))
		err = -ENOMEM;
	*is_unread = err == -ENOMEM;
	if (err)
		return err;
	err = xact_undo_step(x, kind, arg, is_unread) ? 0 : -EUCLEAN;
	while (x->n_undo)
		xact_drop(x);
	return err;
}

/* Undo the open steps. Steps older than a failed one are undone, too, but not recorded as
 * undone: they depend on the newer step. */
static int recovery_undo_all(struct recovery *r, struct dr_interrupted *found)
{
	struct journal *before = r->dr->journal, journal;
	struct leftover *left = &r->left;
	struct xact x;
	int err = 0;

	journal_init(&journal, r->dr->root, 0, NULL);
	journal.fd = r->fd;
	journal.size = (off_t)left->size;
	journal.is_batch = journal.is_recovery = true;
	if (recovery_find_others(r, found))
		return -EUCLEAN;
	r->dr->journal = &journal;
	xact_begin(&x, r->dr, &r->mem);
	x.is_undoing = x.is_recovering = r->mem.is_undoing = true;
	for (size_t i = left->n_steps; i--;) {
		const struct journal_step *step = &left->steps[i];
		bool is_unread = false;

		if (!leftover_step_is_open(left, i))
			continue;
		if (err && dr_is_writing(r->dr, 0))
			break;
		if (step->is_others || !recovery_undo_step(r, &x, step, &is_unread)) {
			found->undone++;
			if (!err)
				journal_note(r->dr, "undone", (unsigned int)i + 1);
		} else {
			if (!err)
				snprintf(found->step, sizeof(found->step), "%.31s",
					 step->words);
			err = -EUCLEAN;
		}
		x.led_pushed = NULL; /* it may point to a freed connector */
		mem_end(&r->args);
		if (is_unread)
			break;
	}
	if (err)
		journal_note_idle(r->dr);
	r->dr->journal = before;
	return err;
}

/* Return true if the run, or its child, lives. A child that had not begun to write ends at
 * once. */
static bool recovery_must_wait(struct recovery *r)
{
	struct deadline dl = deadline_in_ms(WRITER_MS);

	return r->left.state != LEFTOVER_INCOMPLETE &&
	       (r->left.has_run ||
		writer_wait_for(r->dr->root, &r->left.writer, &dl, -1));
}

bool recovery_is_needed(const struct dr_ctx *dr)
{
	int found = kern_exists(dr->root, JOURNAL_DIR "/" JOURNAL_FILE);

	/* Only root can look into the folder, and change anything. */
	return found && found != -EACCES;
}

/* Open and read the journal. Return its error. */
static int recovery_begin(struct recovery *r, struct dr_ctx *dr, const char *file,
			  int flags, struct dr_interrupted *found)
{
	int err;

	*r = (struct recovery){ .dr = dr };
	*found = (struct dr_interrupted){ 0 };
	r->fd = journal_open(dr->root, file, flags, &r->dir);
	err = leftover_load(&r->left, &r->mem, dr->root, file, r->fd);
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
	if (!err && leftover_open_step(left)) {
		if (recovery_must_wait(&r)) {
			recovered_set_writer(found, left);
			err = -EINPROGRESS;
		}
		/* A line without an LF would become a part of the next one. */
		else if (ftruncate(r.fd, (off_t)left->size))
			err = -errno;
		else
			err = recovery_undo_all(&r, found);
	}
	if (err == -ESTALE) /* of an earlier boot */
		err = 0;
	if (!err)
		unlinkat(r.dir, left->file, 0);
	if (r.fd == -ENOENT) /* an earlier look could not tell whether it exists */
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

	for (size_t i = left->n_steps; i--;) {
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
		err = to < 0 || renameat(r.dir, file, to, JOURNAL_FILE) ? -errno : 0;
		if (err)
			unlinkat(r.dir, name,
				 AT_REMOVEDIR); /* keep it if it has a file */
	}
	if (err)
		*found->moved_to = '\0';
	else
		discard_report_steps(dr, &r.left);
	if (r.left.state != LEFTOVER_INCOMPLETE)
		recovered_set_writer(found, &r.left);
	recovery_end(&r);
	return err == -ENOENT ? 0 : err;
}
