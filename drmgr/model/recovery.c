// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>

#include "drmgr/model/journal_words.h"
#include "drmgr/model/recovery.h"
#include "drmgr/model/undo_kinds.h"
#include "kern/own_file.h"
#include "kern/sysfs.h"
#include "wire/number.h"

enum { WORDS_MAX = 64, RECORDS_MAX = 65536 };

/* One step that was begun. */
struct record {
	char *line; /* "begin N OP ARGS...", cut into words when it is undone */
	const char *saved;
	bool is_settled; /* undone already, or meant to stay */
};

/* A connector made of words. */
struct owned {
	struct owned *next;
	struct connector c;
	struct drc_parent parent;
};

struct recovery {
	struct dr_ctx *dr;
	int dir, fd;
	char *text;
	struct record *records;
	size_t n;
	bool is_committed;
	/* the record that is being decoded: */
	char *word[WORDS_MAX];
	size_t n_words, next;
	const char *saved;
	struct owned *owned;
	struct kern_writer writer;
};

/* The step that a line is about; NULL: there is none of this number. */
static struct record *record_of(const struct recovery *r, const char *number)
{
	uint64_t n;

	if (number_read(number, strlen(number), 10, &n) || !n || n > r->n)
		return NULL;
	return &r->records[n - 1];
}

static int add_record(struct recovery *r, char *line, const char *saved)
{
	struct record *records = reallocarray(r->records, r->n + 1, sizeof(*records));

	if (!records)
		return -ENOMEM;
	r->records = records;
	r->records[r->n++] = (struct record){ .line = line, .saved = saved };
	return r->n > RECORDS_MAX ? -E2BIG : 0;
}

static int take_note(struct recovery *r, char *line)
{
	char *word[3];
	struct record *record;

	if (journal_words(line, word, ARRAY_SIZE(word)) != 2)
		return -EBADMSG;
	record = record_of(r, word[1]);
	if (!record)
		return -EBADMSG;
	if (!strcmp(word[0], "commit")) {
		for (struct record *kept = r->records; kept <= record; kept++)
			kept->is_settled = true;
		return 0;
	}
	record->is_settled |= !strcmp(word[0], "undone");
	return record->is_settled || !strcmp(word[0], "done") ? 0 : -EBADMSG;
}

/* It is about the step that the next line begins. */
static int take_save(struct recovery *r, char *line)
{
	char *word[4];

	if (journal_words(line, word, ARRAY_SIZE(word)) != 3 || strchr(word[2], '/'))
		return -EBADMSG;
	r->saved = word[2];
	return 0;
}

static int take_begin(struct recovery *r, char *line)
{
	char *end;
	unsigned long n = strtoul(line + strlen("begin "), &end, 10);
	const char *saved = r->saved;

	r->saved = NULL;
	if (n != r->n + 1 || *end != ' ')
		return -EBADMSG;
	return add_record(r, line, saved);
}

/* The newest one counts: they write one after the other. */
static int take_writer(struct recovery *r, char *line)
{
	char *word[5];
	uint64_t pid;

	if (journal_words(line, word, ARRAY_SIZE(word)) != 4 ||
	    number_read(word[1], strlen(word[1]), 10, &pid) || pid > INT32_MAX ||
	    number_read(word[2], strlen(word[2]), 10, &r->writer.start))
		return -EBADMSG;
	r->writer.pid = (pid_t)pid;
	snprintf(r->writer.path, sizeof(r->writer.path), "%s", word[3]);
	return 0;
}

static int take_line(struct recovery *r, char *line)
{
	if (!strncmp(line, "begin ", 6))
		return take_begin(r, line);
	if (!strncmp(line, "save ", 5))
		return take_save(r, line);
	if (!strncmp(line, "writer ", 7))
		return take_writer(r, line);
	if (!strcmp(line, "commit")) {
		r->is_committed = true;
		return 0;
	}
	return take_note(r, line);
}

/* Whose journal it is. 0; -ESTALE of another boot, -EBADMSG. */
static int take_header(const struct recovery *r, char *line, struct recovered *found)
{
	char *word[WORDS_MAX], boot_id[64];
	size_t used = 0;
	int n = journal_words(line, word, ARRAY_SIZE(word));

	if (n < 4 || strcmp(word[0], "drmgr-journal") != 0 || strcmp(word[1], "1") != 0)
		return -EBADMSG;
	found->pid = (int)strtol(word[3], NULL, 10);
	for (int i = 4; i < n && used < sizeof(found->command); i++)
		used += (size_t)snprintf(found->command + used,
					 sizeof(found->command) - used, "%s%s",
					 i > 4 ? " " : "", word[i]);
	if (sysfs_text(r->dr->root, boot_id, sizeof(boot_id),
		       "proc/sys/kernel/random/boot_id"))
		return -EBADMSG;
	return strcmp(word[2], boot_id) != 0 ? -ESTALE : 0;
}

/* A line without an end was never written. */
static int take_text(struct recovery *r, struct recovered *found)
{
	char *line = r->text, *end = strchr(line, '\n');
	int err = 0;

	if (!end)
		return 0;
	*end = '\0';
	err = take_header(r, line, found);
	for (line = end + 1; !err && (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		err = take_line(r, line);
	}
	return err;
}

const char *recovery_word(struct recovery *r)
{
	return r->next < r->n_words ? r->word[r->next++] : NULL;
}

bool recovery_number(struct recovery *r, uint32_t *v)
{
	const char *word = recovery_word(r);
	uint64_t n;

	if (!word || strncmp(word, "0x", 2) != 0 ||
	    number_read(word + 2, strlen(word + 2), 16, &n) || n > UINT32_MAX)
		return false;
	*v = (uint32_t)n;
	return true;
}

const struct connector *recovery_connector(struct recovery *r)
{
	struct owned *o = calloc(1, sizeof(*o));
	bool ok = o && recovery_number(r, &o->c.drc.index);

	if (ok) {
		o->c.drc.name = recovery_word(r);
		o->c.drc.type = recovery_word(r);
		ok = recovery_number(r, &o->c.drc.power_domain);
		o->parent.path = r->next < r->n_words ? r->word[r->next++] : NULL;
		o->c.parent = &o->parent;
	}
	if (!ok || !o->parent.path) {
		free(o);
		return NULL;
	}
	o->next = r->owned;
	r->owned = o;
	return &o->c;
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
	_cleanup_close_ int fd = -1;
	char *bytes = NULL;
	size_t len;
	int err;

	if (!r->saved)
		return -ENOENT;
	fd = own_file_open(r->dir, r->saved, O_RDONLY, 0);
	err = fd < 0 ? fd : kern_read_fd(fd, &bytes, &len);
	if (!err && fdt_check_full(bytes, len)) {
		free(bytes);
		err = -EBADMSG;
	}
	if (!err)
		*frag = (struct fdt_frag){ .fdt = bytes, .size = len };
	return err;
}

/* Steps that are undone already are no more to do in another try; unless a newer one was
 * not, for what they found is the work of that one. */
static void note_undone(const struct recovery *r, size_t i)
{
	char line[32];
	int len = snprintf(line, sizeof(line), "undone %zu\n", i + 1);

	if (write(r->fd, line, (size_t)len) < 0)
		log_info(r->dr->log, "journal: %m");
}

static int undo_one(struct recovery *r, struct xact *x, const struct record *record,
		    const char **name)
{
	const struct undo_kind *kind;
	void *arg = NULL;
	int err, n = journal_words(record->line, r->word, ARRAY_SIZE(r->word));

	*name = n > 2 ? r->word[2] : "";
	kind = n > 2 ? undo_kind_by_name(r->word[2]) : NULL;
	if (!kind)
		return -EBADMSG;

	r->n_words = (size_t)n;
	r->next = 3;
	r->saved = record->saved;
	err = kind->decode(r, &arg);
	if (err)
		return err;
	err = kind->undo(x, arg);
	if (kind->free_arg)
		kind->free_arg(arg);
	while (x->n_undo)
		xact_drop(x);
	return err;
}

/* A write of this recovery may outlive it as well. */
static void recovery_note_writer(void *priv, const struct kern_writer *writer)
{
	const struct recovery *r = priv;
	struct journal_line line = { .len = 0 };
	int err;

	journal_put_writer(&line, writer);
	err = journal_line_write(r->fd, &line);
	if (err)
		log_info(r->dr->log, "journal: %s", strerror(-err));
}

static bool recovery_is_writing(const struct recovery *r)
{
	struct kern_writers *writers = r->dr->root->writers;
	struct deadline now = deadline_in_ms(0);

	return writers && writers_are_busy(writers, &now);
}

static int undo_all(struct recovery *r, struct recovered *found)
{
	struct xact x;
	const char *name;
	int err = 0;

	xact_begin(&x, r->dr);
	x.is_undoing = x.is_recovering = true;
	for (size_t i = r->n; i--;) {
		if (r->records[i].is_settled)
			continue;
		if (err && recovery_is_writing(r))
			break;
		if (!undo_one(r, &x, &r->records[i], &name)) {
			found->undone++;
			if (!err)
				note_undone(r, i);
			continue;
		}
		if (!err)
			snprintf(found->step, sizeof(found->step), "%s", name);
		err = -EUCLEAN;
	}
	xact_end(&x, 0);
	return err;
}

static int undo_noting_writers(struct recovery *r, struct recovered *found)
{
	struct kern_writers *writers = r->dr->root->writers;
	struct kern_writers before = { 0 };
	int err;

	if (writers) {
		before = *writers;
		writers->begun = recovery_note_writer;
		writers->priv = r;
	}
	err = undo_all(r, found);
	if (writers) {
		writers->begun = before.begun;
		writers->priv = before.priv;
	}
	return err;
}

static int read_and_undo(struct recovery *r, struct recovered *found)
{
	size_t len;
	int err = kern_read_fd(r->fd, &r->text, &len);

	if (!err && strlen(r->text) != len)
		err = -EBADMSG;
	if (!err)
		err = take_text(r, found);
	if (!err && !r->is_committed && writer_is_alive(r->dr->root, &r->writer)) {
		found->writer = r->writer;
		return -EINPROGRESS;
	}
	if (!err && !r->is_committed)
		err = undo_noting_writers(r, found);
	if (err && err != -ESTALE)
		return err;

	journal_unlink(r->dr->root, r->dir, true);
	return 0;
}

static void recovery_free(struct recovery *r)
{
	while (r->owned) {
		struct owned *o = r->owned;

		r->owned = o->next;
		free(o);
	}
	free(r->records);
	free(r->text);
	if (r->fd >= 0)
		close(r->fd);
	if (r->dir >= 0)
		close(r->dir);
}

bool recovery_is_needed(const struct dr_ctx *dr)
{
	return kern_exists(dr->root, JOURNAL_DIR "/" JOURNAL_FILE);
}

int recovery_run(struct dr_ctx *dr, struct recovered *found)
{
	struct recovery r = { .dr = dr, .fd = -1, .dir = -1 };
	int err;

	*found = (struct recovered){ 0 };
	if (!recovery_is_needed(dr))
		return 0;

	r.dir = own_dir_open(dr->root, JOURNAL_DIR);
	err = r.dir < 0 ? r.dir : 0;
	if (!err) {
		r.fd = own_file_open(r.dir, JOURNAL_FILE, O_RDWR | O_APPEND, 0);
		err = r.fd < 0 ? r.fd : 0;
	}
	if (!err)
		err = read_and_undo(&r, found);
	recovery_free(&r);
	return err == -ELOOP ? -EPERM : err;
}
