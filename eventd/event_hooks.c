// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "cli/event_show.h"
#include "cli/json_util.h"
#include "eventd/event_hooks.h"

enum {
	HOOK_MS = 60 * 1000,
	TERM_MS = 5 * 1000,	/* from SIGTERM to SIGKILL */
	READS = 16,		/* of output, in one turn */
	OUTPUT_MAX = 64 * 1024, /* of a hook's output; more is dropped */
};

void event_hooks_init(struct event_hooks *hooks, struct logger *log, const char *folder)
{
	*hooks = (struct event_hooks){ .log = log, .folder = folder };
}

/* ---- Events ---- */

/* Write the document of an event into memory. Return a descriptor at its start, or a
 * negative errno. */
static int event_hooks_document(struct rtas_event *event)
{
	json_object *events = json_new_array(),
		    *document = event_show_document(events, NULL);
	_cleanup_close_ int fd = memfd_create("event", MFD_CLOEXEC);
	int err = fd < 0 ? -errno : 0;

	json_append(events, event_show_json(event));
	if (!err)
		err = json_write(fd, document);
	if (!err && lseek(fd, 0, SEEK_SET))
		err = -errno;
	json_object_put(document);
	return err ? err : steal_fd(&fd);
}

bool event_hooks_add(struct event_hooks *hooks, int slot, struct rtas_event *event)
{
	const struct rtas_event_hdr *header = rtas_get_event_hdr_scn(event);
	struct event_hook_job job = { .slot = slot };

	if (!header)
		return false;
	if (hooks->n_jobs == EVENT_HOOKS_WAITING) {
		logger_print(hooks->log, LOGGER_WARNING,
			     "event #%d: no hook runs: too many events wait for theirs",
			     event->event_no);
		return false;
	}
	job.type = header->type;
	job.input = event_hooks_document(event);
	if (job.input < 0) {
		logger_print(hooks->log, LOGGER_WARNING, "event #%d: no hook runs: %s",
			     event->event_no, strerror(-job.input));
		return false;
	}
	hooks->jobs[hooks->n_jobs++] = job;
	return true;
}

static void event_hooks_free_programs(struct event_hooks *hooks)
{
	for (size_t i = 0; i < hooks->n_programs; i++)
		free(hooks->programs[i]);
	free(hooks->programs);
	hooks->programs = NULL;
	hooks->n_programs = hooks->next = 0;
}

/* The first event has no more hooks. Return its slot. */
static int event_hooks_end_job(struct event_hooks *hooks)
{
	int slot = hooks->jobs[0].slot;

	close(hooks->jobs[0].input);
	hooks->n_jobs--;
	memmove(hooks->jobs, hooks->jobs + 1, hooks->n_jobs * sizeof(hooks->jobs[0]));
	event_hooks_free_programs(hooks);
	return slot;
}

/* ---- Programs ---- */

/* Return the path of a hook, which the caller frees. NULL: it must not run. */
static char *event_hooks_program(const struct event_hooks *hooks, const char *folder,
				 const char *name)
{
	char *path = NULL;

	if (own_program_find(folder, name, &path) == -EPERM)
		logger_print(hooks->log, LOGGER_WARNING,
			     "hook '%s' is not run: others than root can change it",
			     name);
	return path;
}

/* Find the programs for the first event. */
static void event_hooks_find(struct event_hooks *hooks)
{
	_cleanup_free_ char *folder = realpath(hooks->folder, NULL);
	struct dirent **entries = NULL;
	int n;

	if (!folder)
		return;
	if (!own_path_is_safe(folder)) {
		logger_print(hooks->log, LOGGER_WARNING,
			     "hooks in %s are not run: others than root can change the "
			     "folder",
			     hooks->folder);
		return;
	}
	n = scandir(folder, &entries, NULL, versionsort);
	hooks->programs = n > 0 ? calloc((size_t)n, sizeof(*hooks->programs)) : NULL;
	for (int i = 0; i < n; i++) {
		char *program = hooks->programs ? event_hooks_program(hooks, folder,
								      entries[i]->d_name)
						: NULL;

		if (program)
			hooks->programs[hooks->n_programs++] = program;
		free(entries[i]);
	}
	free(entries);
}

/* ---- One hook ---- */

static void event_hooks_start(struct event_hooks *hooks, const char *program)
{
	char type[32];
	const char *argv[] = { program, NULL }, *env[] = { type, NULL };
	int err, input = hooks->jobs[0].input;

	snprintf(type, sizeof(type), "EVENT_TYPE=%u", hooks->jobs[0].type);
	err = lseek(input, 0, SEEK_SET)
		      ? -errno
		      : spawn_apart_from(argv, env, input, &hooks->child);
	if (err) {
		logger_print(hooks->log, LOGGER_WARNING,
			     "hook '%s' could not be started: %s", program,
			     strerror(-err));
		return;
	}
	hooks->is_running = true;
	hooks->is_signalled = false;
	hooks->limit = deadline_in_ms(HOOK_MS);
	hooks->line_len = hooks->output_len = 0;
}

static void event_hooks_flush_line(struct event_hooks *hooks)
{
	if (hooks->line_len)
		logger_print(hooks->log, LOGGER_INFO, "hook: %.*s", (int)hooks->line_len,
			     hooks->line);
	hooks->line_len = 0;
}

/* Log each line of the output. */
static void event_hooks_log(struct event_hooks *hooks, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n && hooks->output_len++ < OUTPUT_MAX; i++) {
		if (bytes[i] != '\n')
			hooks->line[hooks->line_len++] = bytes[i];
		if (bytes[i] == '\n' || hooks->line_len == sizeof(hooks->line))
			event_hooks_flush_line(hooks);
	}
}

/* Read output that is ready. At its end, close the descriptor. A hook that writes without
 * end gets no more than a part of the time. Return true if more may be ready. */
static bool event_hooks_read_output(struct event_hooks *hooks)
{
	char bytes[512];
	ssize_t n = -1;

	for (int i = 0; i < READS && hooks->child.output >= 0; i++) {
		n = read(hooks->child.output, bytes, sizeof(bytes));
		if (n <= 0)
			break;
		event_hooks_log(hooks, bytes, (size_t)n);
	}
	if (!n) {
		close(hooks->child.output);
		hooks->child.output = -1;
	}
	return n > 0;
}

/* Stop a hook that is late. */
static void event_hooks_stop(struct event_hooks *hooks)
{
	const char *program = hooks->programs[hooks->next - 1];

	if (!hooks->is_signalled)
		logger_print(hooks->log, LOGGER_WARNING,
			     "hook '%s' is terminated: it timed out", program);
	spawned_signal(&hooks->child, hooks->is_signalled ? SIGKILL : SIGTERM);
	hooks->limit = hooks->is_signalled ? deadline_never() : deadline_in_ms(TERM_MS);
	hooks->is_signalled = true;
}

/* Return true if the hook has ended. */
static bool event_hooks_reap(struct event_hooks *hooks)
{
	int status;

	/* the output of a hook that has ended, up to the limit, comes first */
	if (event_hooks_read_output(hooks) && hooks->output_len <= OUTPUT_MAX)
		return false;
	status = spawned_status(&hooks->child);
	if (status == -EAGAIN) {
		if (deadline_has_passed(&hooks->limit))
			event_hooks_stop(hooks);
		return false;
	}
	event_hooks_flush_line(hooks);
	if (hooks->output_len > OUTPUT_MAX)
		logger_print(hooks->log, LOGGER_WARNING,
			     "hook '%s' printed more than %d bytes: the rest is dropped",
			     hooks->programs[hooks->next - 1], OUTPUT_MAX);
	hooks->is_running = false;
	if (status)
		logger_print(hooks->log, LOGGER_WARNING,
			     status < 0 ? "hook '%s' was ended by a signal"
					: "hook '%s' exited with status %d",
			     hooks->programs[hooks->next - 1], status);
	return true;
}

int event_hooks_continue(struct event_hooks *hooks)
{
	if (hooks->is_running && !event_hooks_reap(hooks))
		return -1;
	while (hooks->n_jobs && !hooks->is_running) {
		if (!hooks->next)
			event_hooks_find(hooks);
		if (hooks->next < hooks->n_programs)
			event_hooks_start(hooks, hooks->programs[hooks->next++]);
		else
			return event_hooks_end_job(hooks);
	}
	return -1;
}

int event_hooks_end_fd(const struct event_hooks *hooks)
{
	return hooks->is_running ? hooks->child.end : -1;
}

int event_hooks_output_fd(const struct event_hooks *hooks)
{
	return hooks->is_running ? hooks->child.output : -1;
}

int event_hooks_wait_ms(const struct event_hooks *hooks)
{
	if (hooks->is_running)
		return deadline_left_ms(&hooks->limit);
	return hooks->n_jobs ? 0 : -1;
}

void event_hooks_close(struct event_hooks *hooks)
{
	struct pollfd end = { .fd = event_hooks_end_fd(hooks), .events = POLLIN };

	if (hooks->is_running) {
		spawned_signal(&hooks->child, SIGKILL);
		poll(&end, 1, TERM_MS);
		spawned_status(&hooks->child);
	}
	for (size_t i = 0; i < hooks->n_jobs; i++)
		close(hooks->jobs[i].input);
	event_hooks_free_programs(hooks);
	hooks->n_jobs = 0;
	hooks->is_running = false;
}
