// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/session.h"
#include "kern/claim.h"
#include "kern/dm.h"
#include "kern/cleanup.h"
#include "kern/lock.h"
#include "kern/open_devices.h"
#include "kern/rtnetlink.h"
#include "kern/text.h"
#include "kern/new_devices.h"
#include "librtas/trace_text.h"

enum { YIELD_SECONDS = 5 };

/* Release the lock while the kernel makes this run wait, or acquire it again. */
static int session_turn(void *priv, const struct deadline *dl)
{
	struct session *s = priv;
	struct lock_holder holder;

	if (dl)
		return session_lock(s, s->command, deadline_left_ms(dl), &holder);
	lock_release(&s->lock);
	s->dr.has_yielded = true;
	if (s->dr.report.yield)
		s->dr.report.yield(s->dr.report.priv);
	return 0;
}

static void session_on_write(void *priv, const struct kern_writer *writer,
			     const struct deadline *dl)
{
	struct session *s = priv;

	if (++s->waited >= YIELD_SECONDS && s->dr.may_yield && !s->has_yielded &&
	    s->lock.fd >= 0 && !journal_put_aside(&s->dr)) {
		s->has_yielded = true;
		session_turn(s, NULL);
	}
	dr_report_wait(&s->dr, dl, "the kernel, which handles a write to /%s",
		       writer->path);
}

/* Without the lock nothing may be changed, or undone. */
static bool session_on_written(void *priv)
{
	struct deadline dl = deadline_in_ms(DR_CALL_MS);
	struct session *s = priv;

	s->waited = 0;
	if (!s->has_yielded)
		return true;
	if (session_turn(s, &dl))
		return false;
	journal_take_up(&s->dr);
	return true;
}

static void session_on_busy(void *priv, enum rtas_call call, const struct deadline *dl)
{
	dr_report_wait(priv, dl, "firmware, which is busy with %s",
		       rtas_desc(call)->name);
}

int session_open(struct session *s, const char *sysroot, const struct dr_log *log,
		 const struct dr_report *report)
{
	int err;

	*s = (struct session){
		.dr = { .root = &s->root,
			.log = log,
			.report = *report,
			.limit = deadline_never(),
			.stop_fd = -1,
			.turn = session_turn,
			.turn_priv = s,
			.net = sysroot ? NULL : &rtnetlink_facts,
			.dm = sysroot ? NULL : &dm_control_facts,
			.claims = sysroot ? NULL : &claim_open_facts,
			.open = sysroot ? NULL : &open_proc_facts },
		.lock = { -1, -1 },
	};
	err = kern_root_open(&s->root, sysroot);
	if (!err)
		kern_root_keep_tree(&s->root);
	s->root.unread = &s->unread;
	s->root.overlay_max = &s->overlay_max;
	s->root.writers = &s->writers;
	s->writers.waiting = session_on_write;
	s->writers.waited = session_on_written;
	s->writers.waiting_priv = s;
	return err;
}

void session_close(struct session *s)
{
	if (s->dr.engine)
		rtas_transport_close(&s->engine.transport);
	if (s->dr.journal)
		journal_close(s->dr.journal);
	new_devices_close(s->dr.new_devices);
	writers_close(&s->writers);
	lock_release(&s->lock);
	free(s->command);
	kern_root_close(&s->root);
}

static void session_trace_call(void *priv, const struct rtas_trace *trace)
{
	const struct session *s = priv;
	char text[RTAS_TRACE_TEXT_MAX];

	rtas_trace_text(trace, text, sizeof(text));
	dr_log(s->dr.log, DR_LEVEL_TRACE, "trace: %s%s",
	       trace->kind == TRACE_CALL ? "rtas " : "", text);
}

/* Return the text of a write. A dry run prints the same. The caller frees it; NULL: no
 * memory. */
static char *session_write_text(const struct kern_root *root, const char *path,
				size_t len)
{
	static const char word[] = "write /";
	const char *step = root->write_text, *file = step ? step + strlen(word) : NULL;
	size_t path_len = strlen(path);

	if (step && !strncmp(step, word, strlen(word)) &&
	    !strncmp(file, path, path_len) && file[path_len] == ' ')
		return strdup(step);
	return text_of("write /%s %zu bytes", path, len);
}

static ssize_t session_trace_write(const struct kern_root *root, const char *path,
				   const void *buf, size_t len, const struct deadline *dl)
{
	_cleanup_free_ char *text = session_write_text(root, path, len);
	const struct session *s = root->priv;
	int64_t begin = deadline_now_ns();
	ssize_t n = kern_write_once(root, path, buf, len, dl);
	double ms = (double)(deadline_now_ns() - begin) / 1e6;

	if (n < 0)
		dr_log(s->dr.log, DR_LEVEL_TRACE, "trace: %s = %s %.3f ms",
		       text ? text : path, strerrorname_np((int)-n), ms);
	else
		dr_log(s->dr.log, DR_LEVEL_TRACE, "trace: %s = %zd %.3f ms",
		       text ? text : path, n, ms);
	return n;
}

int session_open_firmware(struct session *s, bool trace)
{
	struct rtas_transport transport;
	int err = rtas_transport_open(&transport, &s->root);

	if (err)
		return err;

	engine_init(&s->engine, &transport, &s->root);
	s->engine.busy = session_on_busy;
	s->engine.busy_priv = &s->dr;
	s->dr.engine = &s->engine;
	if (trace) {
		s->engine.trace = session_trace_call;
		s->engine.trace_priv = s;
		s->root.write = session_trace_write;
		s->root.priv = s;
	}
	return 0;
}

int session_lock(struct session *s, const char *command, int64_t ms,
		 struct lock_holder *holder)
{
	struct deadline dl = deadline_in_ms(ms), part;
	bool is_last;
	int err;

	do {
		part = deadline_second(&dl);
		is_last = part.at_ns == dl.at_ns;
		err = lock_acquire(&s->lock, &s->root, LOCK_DR_FILE, command, &part,
				   holder);
		if (err == -EAGAIN && !is_last)
			dr_report_wait(&s->dr, &dl, "the lock, which PID %d (%s) has",
				       (int)holder->pid, holder->command);
	} while (err == -EAGAIN && !is_last);
	if (err)
		return err;
	if (command != s->command) {
		free(s->command);
		s->command = command ? strdup(command) : NULL;
	}
	s->has_yielded = s->writers.is_cut_off = false;
	return 0;
}

static void session_note_writer(void *priv, const struct kern_writer *writer)
{
	const struct session *s = priv;

	journal_note_writer(&s->dr, writer);
}

void session_keep_journal(struct session *s, int argc, char *const argv[])
{
	journal_init(&s->journal, &s->root, argc, argv);
	s->dr.journal = &s->journal;
	s->writers.begun = session_note_writer;
	s->writers.priv = s;
}
