// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>

#include "cli/common.h"
#include "cli/event_show.h"
#include "cli/json_util.h"
#include "cli/leftover.h"
#include "cli/signals.h"
#include "cli/system.h"
#include "eventd/daemon.h"
#include "eventd/dump.h"
#include "eventd/epow.h"
#include "eventd/errd.h"
#include "eventd/event_hooks.h"
#include "eventd/notify.h"
#include "eventd/pending.h"
#include "eventd/platform_log.h"
#include "eventd/status.h"
#include "eventd/worker.h"

#define ERROR_LOG    "/proc/ppc64/rtas/error_log"
#define PLATFORM_LOG "/var/log/platform"

enum {
	MEMORY_RETRY_MS = 1000, /* an event whose parse needs more memory */
	END_MS = 60 * 1000,	/* for a worker whose write the kernel holds */
};

struct daemon {
	struct logger log;
	struct notify notify;
	struct event_log events;
	struct errd errd;
	struct workers workers;
	struct pendings pendings;
	struct epow epow;
	int signals, status;
	uint64_t received, damaged, lost;
	struct deadline take; /* no event is taken before */
	bool has_failed_to_save;
	struct deadline sign_of_life;
	bool must_end, has_failed;
	struct deadline end; /* must_end: not later */
};

/* ---- Service manager ---- */

static void daemon_notify(const struct daemon *d, const char *more)
{
	if (d->errd.pid)
		notify_send(&d->notify, "%sSTATUS=Standing aside for rtas_errd, PID %d",
			    more, d->errd.pid);
	else
		notify_send(&d->notify,
			    "%sSTATUS=%llu events, %llu requests done, %llu failed", more,
			    (unsigned long long)d->received,
			    (unsigned long long)d->pendings.done,
			    (unsigned long long)d->pendings.failed);
}

/* ---- End ---- */

/* The workers stop. Until they have ended, events are read, and power events handled. */
static void daemon_stop(struct daemon *d)
{
	if (d->must_end)
		return;
	d->must_end = true;
	d->end = deadline_in_ms(END_MS);
	notify_send(&d->notify, "STOPPING=1");
	workers_stop(&d->workers);
}

/* The worker is left to its write, and the next daemon to its journal. */
static void daemon_report_held(struct daemon *d)
{
	_cleanup_free_ char *file = NULL;
	struct dr_journal *journal = NULL;
	const char *path = NULL;
	struct dr *dr = NULL;
	int pid = 0;

	/* After 5 s its journal is a leftover. */
	if (!dr_new(&dr, NULL) && !dr_journal_read(dr, &journal))
		pid = dr_journal_get_writer(journal, &path);
	for (size_t i = 0; dr && !pid; i++) {
		dr_journal_free(journal);
		journal = NULL;
		if (dr_leftover_read(dr, i, &journal))
			break;
		pid = dr_journal_get_writer(journal, &path);
	}
	if (pid)
		file = text_of("PID %d still writes to /%s", pid, path);
	logger_print(&d->log, LOGGER_WARNING,
		     "the worker (PID %d) has not ended: %s; /run/drmgr has its steps",
		     workers_remain(&d->workers), file ? file : "its change goes on");
	dr_journal_free(journal);
	dr_unref(dr);
}

static bool daemon_has_ended(struct daemon *d)
{
	if (!d->must_end || !workers_remain(&d->workers))
		return d->must_end;
	if (!deadline_has_passed(&d->end))
		return false;
	daemon_report_held(d);
	return true;
}

/* ---- Read ---- */

static void daemon_look_for_errd(struct daemon *d)
{
	if (!errd_look(&d->errd))
		return;
	if (d->errd.pid)
		logger_print(&d->log, LOGGER_NOTICE,
			     "rtas_errd runs (PID %d): it reads the events", d->errd.pid);
	else
		logger_print(&d->log, LOGGER_NOTICE,
			     "rtas_errd has ended: reading the events");
	/* It reads the records between ours, which are not lost. */
	event_log_forget_sequence(&d->events);
	daemon_notify(d, "");
}

/* Read all records that the kernel has. rtas_errd may start before each read. */
static void daemon_read(struct daemon *d)
{
	struct pollfd source = { .fd = d->events.fd, .events = POLLIN };
	int n = 1;

	while (n > 0 && !d->has_failed && !event_log_is_full(&d->events) &&
	       poll(&source, 1, 0) > 0) {
		daemon_look_for_errd(d);
		if (d->errd.pid)
			return;
		n = event_log_read(&d->events);
	}
	if (n < 0) {
		logger_print(&d->log, LOGGER_ERROR, ERROR_LOG ": %s", strerror(-n));
		d->has_failed = true;
		daemon_stop(d);
	}
}

/* ---- Handle events ---- */

static enum logger_priority daemon_priority(const struct rtas_event_hdr *header)
{
	if (!header || header->severity == RTAS_HDR_SEV_WARNING)
		return LOGGER_WARNING;
	return header->severity == RTAS_HDR_SEV_ERROR ||
			       header->severity == RTAS_HDR_SEV_ERROR_SYNC ||
			       header->severity == RTAS_HDR_SEV_FATAL
		       ? LOGGER_ERROR
		       : LOGGER_NOTICE;
}

static void daemon_log_event(struct daemon *d, struct rtas_event *re,
			     const struct event_record *record)
{
	const struct rtas_event_hdr *header = rtas_get_event_hdr_scn(re);
	char type[32], sequence[32];
	const char *const fields[] = { type, sequence, NULL };
	_cleanup_free_ char *line = NULL;
	size_t size;
	FILE *to = open_memstream(&line, &size);

	if (to && record->is_again)
		fputs("again after a restart: ", to);
	if (to)
		event_show_line(to, re);
	snprintf(type, sizeof(type), "EVENT_TYPE=%u", header ? header->type : 0);
	snprintf(sequence, sizeof(sequence), "EVENT_SEQUENCE=%d", record->sequence);
	logger_send(&d->log, daemon_priority(header),
		    to && text_close(to, &line) ? line : strerror(ENOMEM), fields);
}

static void daemon_count_damage(struct daemon *d, const struct event_record *record,
				const char *problem)
{
	d->damaged++;
	logger_print(&d->log, LOGGER_WARNING, "event #%d is damaged: %s",
		     record->sequence, problem);
}

static void daemon_dispatch(struct daemon *d, const struct event_record *record,
			    struct rtas_event *re)
{
	const struct rtas_event_hdr *header = rtas_get_event_hdr_scn(re);
	const struct rtas_hotplug_scn *hp = rtas_get_hotplug_scn(re);
	const struct rtas_epow_scn *epow = rtas_get_epow_scn(re);
	const struct rtas_dump_scn *dump = rtas_get_dump_scn(re);
	bool has_hooks = header && !access(EVENT_HOOKS, F_OK);

	if (header && header->type == RTAS_HDR_TYPE_HOTPLUG) {
		if (hp)
			d->lost +=
				pendings_add_request(&d->pendings, record, hp) == -ENOSPC;
		else
			daemon_count_damage(d, record, "no hotplug section");
		return;
	}
	if (epow)
		epow_event(&d->epow, epow);
	pendings_add(&d->pendings, record->slot, has_hooks, dump && dump_is_ours(dump));
}

/* Save the bytes of an event; re NULL: it cannot be parsed. An error is logged once. */
static void daemon_save_event(struct daemon *d, const struct event_record *record,
			      const struct rtas_event *re)
{
	int err = platform_log_append(PLATFORM_LOG, record->sequence, record->bytes,
				      re ? re->event_length : record->len);

	if (err && !d->has_failed_to_save)
		logger_print(&d->log, LOGGER_WARNING,
			     PLATFORM_LOG ": events are not saved: %s", strerror(-err));
	d->has_failed_to_save = err;
}

/* Return 0, or -ENOMEM: nothing was done. */
static int daemon_handle(struct daemon *d, const struct event_record *record)
{
	struct rtas_event *re;

	errno = 0;
	re = parse_rtas_event(record->bytes, (int)record->len);
	if (!re && errno == ENOMEM)
		return -ENOMEM;
	d->received++;
	d->lost += record->lost;
	daemon_save_event(d, record, re);
	if (record->lost)
		logger_print(&d->log, LOGGER_ERROR,
			     "the kernel has dropped %u events before #%d: configuring "
			     "all that is present",
			     record->lost, record->sequence);
	if (!re) {
		daemon_count_damage(d, record, "its headers are incomplete or unknown");
		return 0;
	}
	re->event_no = record->sequence;
	daemon_log_event(d, re, record);
	if (event_show_damage(re))
		daemon_count_damage(d, record, "a section has an impossible length");
	daemon_dispatch(d, record, re);
	cleanup_rtas_event(re);
	return 0;
}

static void daemon_take(struct daemon *d)
{
	struct event_record record;
	bool has_taken = false;

	while (deadline_has_passed(&d->take) && event_log_take(&d->events, &record)) {
		if (daemon_handle(d, &record)) {
			d->take = deadline_in_ms(MEMORY_RETRY_MS);
			event_log_give_back(&d->events, record.slot);
			break;
		}
		if (!pendings_has(&d->pendings, record.slot))
			event_log_free(&d->events, record.slot);
		has_taken = true;
	}
	if (has_taken)
		daemon_notify(d, "");
}

/* ---- Status ---- */

/* Put the file of the dump that is being saved. */
static void daemon_put_dump(const struct daemon *d, json_object *document)
{
	char name[DUMP_NAME_MAX];
	struct event_record record;
	struct rtas_event *re = NULL;
	int slot;

	if (pendings_count(&d->pendings, WORK_DUMP, &slot)) {
		event_log_get_record(&d->events, slot, &record);
		re = parse_rtas_event(record.bytes, (int)record.len);
	}
	if (re)
		dump_set_name(name, rtas_get_dump_scn(re));
	json_put_text(document, "dump", re ? name : NULL);
	cleanup_rtas_event(re);
}

static json_object *daemon_document(const struct daemon *d)
{
	json_object *document = json_new_object();
	int64_t left = epow_seconds_left(&d->epow);
	struct dr *dr = NULL;
	int first;

	json_put_text(document, "schema", "papr.eventd/1");
	json_put_text(document, "state", d->errd.pid ? "aside" : "reading");
	json_put_text(document, "version", PACKAGE_VERSION);
	json_put_int(document, "pid", getpid());
	json_put(document, "worker",
		 workers_remain(&d->workers) ? json_new_int(workers_remain(&d->workers))
					     : NULL);
	json_put_bool(document, "stopping", d->must_end);
	json_put(document, "rtas_errd", d->errd.pid ? json_new_int(d->errd.pid) : NULL);
	json_put_int(document, "received", (int64_t)d->received);
	json_put_int(document, "damaged", (int64_t)d->damaged);
	json_put_int(document, "lost", (int64_t)d->lost);
	json_put_int(document, "done", (int64_t)d->pendings.done);
	json_put_int(document, "failed", (int64_t)d->pendings.failed);
	json_put(document, "shutdown_in", left < 0 ? NULL : json_new_int(left));
	daemon_put_dump(d, document);
	json_put_int(document, "hooks",
		     (int64_t)pendings_count(&d->pendings, WORK_HOOKS, &first));
	json_put(document, "waiting", pendings_waiting(&d->pendings));
	json_put(document, "recent", pendings_recent(&d->pendings));
	/* What changes of this daemon, or of another program, left incomplete. */
	leftover_put(document, dr_new(&dr, NULL) ? NULL : dr);
	dr_unref(dr);
	return document;
}

static void daemon_answer(struct daemon *d)
{
	int client = status_accept(d->status);

	if (client < 0)
		return;
	daemon_look_for_errd(d);
	status_send(client, daemon_document(d));
}

/* ---- Workers ---- */

/* -1: without limit */
static int64_t daemon_sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* Give workers the next jobs. Return how long to wait in ms until one can have another job;
 * -1: without limit. */
static int64_t daemon_give(struct daemon *d)
{
	int64_t wait = -1, ready;
	struct worker *worker;
	struct work_job job;

	for (enum work_kind kind = WORK_CHANGE; kind < WORK_KINDS; kind++) {
		int64_t ms = pendings_next(&d->pendings, kind, &job);

		if (!ms && (worker = workers_get(&d->workers)) &&
		    workers_give(&d->workers, worker, &job))
			pendings_begin(&d->pendings, &job, worker->pid);
		else
			wait = daemon_sooner(wait, ms);
	}
	if (!workers_remain(&d->workers))
		(void)workers_get(&d->workers); /* for the next event */
	ready = workers_wait_ms(&d->workers);
	if (!workers_remain(&d->workers))
		return ready;
	return wait < 0 || ready < 0 ? -1 : wait > ready ? wait : ready;
}

/* Handle what workers say. */
static void daemon_hear(struct daemon *d)
{
	struct work_answer answer;
	bool has_result = false;

	while (workers_receive(&d->workers, &answer))
		has_result |= pendings_hear(&d->pendings, &answer);
	if (has_result)
		daemon_notify(d, "");
}

/* ---- Main loop ---- */

static void daemon_read_signals(struct daemon *d)
{
	struct signalfd_siginfo info;

	while (read(d->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo != SIGHUP) {
			daemon_stop(d);
			continue;
		}
		notify_reloading(&d->notify);
		d->errd.has_looked = false;
		daemon_look_for_errd(d);
		logger_print(&d->log, LOGGER_INFO, "reloaded");
		daemon_notify(d, "READY=1\n");
	}
}

/* Return how long to wait for descriptors. */
static int daemon_wait_ms(struct daemon *d, int64_t give_ms)
{
	int64_t wait = daemon_sooner(give_ms, workers_limit(&d->workers));

	if (!deadline_has_passed(&d->take))
		wait = daemon_sooner(wait, deadline_left_ms(&d->take));
	wait = daemon_sooner(wait, epow_wait_ms(&d->epow));
	if (d->must_end)
		wait = daemon_sooner(wait, deadline_left_ms(&d->end));
	if (d->notify.watchdog_ms)
		wait = daemon_sooner(wait, deadline_left_ms(&d->sign_of_life));
	return wait > INT_MAX ? INT_MAX : (int)wait;
}

static void daemon_wait(struct daemon *d, int64_t give_ms)
{
	bool reads = !d->errd.pid && !event_log_is_full(&d->events) && !d->has_failed;
	struct pollfd fds[6 + WORKER_POLLS] = {
		{ .fd = d->signals, .events = POLLIN },
		{ .fd = reads ? d->events.fd : -1, .events = POLLIN },
		{ .fd = d->errd.end, .events = POLLIN },
		{ .fd = d->errd.opens, .events = POLLIN },
		{ .fd = d->status, .events = POLLIN },
		{ .fd = epow_end_fd(&d->epow), .events = POLLIN },
	};

	workers_poll(&d->workers, fds + 6);
	poll(fds, ARRAY_SIZE(fds), daemon_wait_ms(d, give_ms));
}

/* Nothing here waits but daemon_wait(). */
static void daemon_loop(struct daemon *d)
{
	while (!daemon_has_ended(d)) {
		daemon_take(d); /* what an earlier daemon left */
		daemon_wait(d, daemon_give(d));
		daemon_read_signals(d);
		daemon_look_for_errd(d);
		daemon_read(d);
		daemon_take(d);
		epow_continue(&d->epow);
		daemon_answer(d);
		daemon_hear(d);
		if (d->notify.watchdog_ms && deadline_has_passed(&d->sign_of_life)) {
			notify_send(&d->notify, "WATCHDOG=1");
			d->sign_of_life = deadline_in_ms(d->notify.watchdog_ms / 2);
		}
	}
}

/* ---- Start ---- */

/* Open the folder of the daemon. Return a descriptor, or a negative errno. */
static int daemon_open_folder(void)
{
	struct kern_root root;
	int fd, err = kern_root_open(&root, NULL);

	if (err)
		return err;
	fd = own_dir_make(&root, DAEMON_FOLDER);
	kern_root_close(&root);
	return fd;
}

static int daemon_fail(struct daemon *d, const char *what, int err)
{
	logger_print(&d->log, LOGGER_ERROR, "%s: %s", what, strerror(-err));
	return err;
}

static int daemon_open(struct daemon *d)
{
	_cleanup_close_ int folder = -1;
	int err;

	/* Outside of a partition, nothing is made. */
	if (access(ERROR_LOG, F_OK))
		return daemon_fail(d, ERROR_LOG, -errno);
	folder = daemon_open_folder();
	if (folder < 0)
		return daemon_fail(d, "/" DAEMON_FOLDER, folder);
	err = event_log_open(&d->events, folder, ERROR_LOG);
	if (err == -EAGAIN) {
		logger_print(&d->log, LOGGER_ERROR, "another papr-eventd runs");
		return err;
	}
	errd_open(&d->errd, ERROR_LOG);
	if (err)
		return daemon_fail(
			d, d->events.file ? ERROR_LOG : "/" DAEMON_FOLDER "/events", err);
	d->status = status_listen(DAEMON_STATUS_PATH);
	if (d->status < 0)
		return daemon_fail(d, DAEMON_STATUS_PATH, d->status);
	/* status_accept() must not wait */
	if (fcntl(d->status, F_SETFL, O_NONBLOCK))
		return daemon_fail(d, DAEMON_STATUS_PATH, -errno);
	/* nohup(1) and some scripts ignore these, which must still reload and end it. */
	signal(SIGHUP, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	d->signals = signals_catch();
	return d->signals < 0 ? daemon_fail(d, "signals", d->signals) : 0;
}

static void daemon_begin(struct daemon *d, const struct daemon_options *options)
{
	logger_open(&d->log, options->is_verbose);
	notify_open(&d->notify);
	workers_init(&d->workers, &d->log, &d->events);
	pendings_init(&d->pendings, &d->log, &d->events);
	d->take = deadline_in_ms(0);
	d->events.fd = d->events.file_fd = d->status = d->signals = d->errd.end =
		d->errd.opens = -1;
	d->sign_of_life = deadline_in_ms(0);
	epow_init(&d->epow, &d->log, &d->events, options->ups_delay_s);
}

static void daemon_end(struct daemon *d)
{
	workers_close(&d->workers);
	if (d->status >= 0) {
		unlink(DAEMON_STATUS_PATH);
		close(d->status);
	}
	if (d->signals >= 0)
		close(d->signals);
	errd_close(&d->errd);
	event_log_close(&d->events);
	notify_close(&d->notify);
	logger_close(&d->log);
	free(d);
}

/* Report that events are read from now on. */
static void daemon_report_ready(struct daemon *d, int fd)
{
	daemon_look_for_errd(d);
	daemon_notify(d, "READY=1\n");
	if (fd < 0)
		return;
	(void)!write(fd, "", 1);
	close(fd);
}

int daemon_run(const struct daemon_options *options)
{
	struct daemon *d = calloc(1, sizeof(*d));
	int err;

	if (!d) {
		fprintf(stderr, "papr-eventd: %s\n", strerror(ENOMEM));
		return -ENOMEM;
	}
	daemon_begin(d, options);
	err = daemon_open(d);
	if (!err) {
		daemon_report_ready(d, options->ready_fd);
		daemon_loop(d);
	}
	if (d->has_failed)
		err = -EIO;
	daemon_end(d);
	return err;
}
