// SPDX-License-Identifier: LGPL-2.1-or-later
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kern/child.h"
#include "kern/cleanup.h"
#include "kern/hook.h"
#include "kern/own_file.h"
#include "kern/spawn.h"
#include "kern/text.h"

enum {
	HOOK_MS = 60 * 1000,
	TERM_MS = 5 * 1000,	/* from SIGTERM to SIGKILL */
	OUTPUT_MAX = 64 * 1024, /* of a hook's output; more is dropped */
	STATUS_KILLED = 1,
};

struct hook {
	const struct hook_folder *folder;
	const char *name;
	struct spawned child;
	char *output;
	size_t len;
	bool is_cut;	 /* the output is */
	const char *why; /* it was terminated; NULL: it was not */
};

__attribute__((format(printf, 3, 4))) static void
hook_report(const struct hook_folder *f, enum hook_news news, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = vtext_of(fmt, ap);
	va_end(ap);
	f->report(f->priv, news, text_or_reason(text));
}

/* Read output. Return the number of bytes, 0 at the end, or a negative number if no
 * output is ready. */
static ssize_t hook_read(struct hook *hook)
{
	char bytes[4096], *more;
	ssize_t n = read(hook->child.output, bytes, sizeof(bytes));
	size_t len = n > 0 ? (size_t)n : 0, room = OUTPUT_MAX - hook->len;

	if (len > room) {
		hook->is_cut = true;
		len = room;
	}
	more = len ? realloc(hook->output, hook->len + len + 1) : NULL;
	if (more) {
		memcpy(more + hook->len, bytes, len);
		hook->len += len;
		more[hook->len] = '\0';
		hook->output = more;
	}
	return n;
}

/* Wait for the end of the hook. At the deadline, or if it must stop, send SIGTERM, then
 * SIGKILL. Return its exit status. */
static int hook_wait(struct hook *hook)
{
	const struct hook_folder *f = hook->folder;
	struct deadline dl =
		f->limit.at_ns == INT64_MAX ? deadline_in_ms(HOOK_MS) : f->limit;
	struct pollfd fds[] = {
		{ .fd = hook->child.end, .events = POLLIN },
		{ .fd = hook->child.output, .events = POLLIN },
		{ .fd = f->stop_fd, .events = POLLIN },
	};
	int64_t second = 0;
	int status;

	for (;;) {
		struct deadline part = deadline_second(&dl);

		if (f->wait)
			f->wait(f->priv, hook->name, &dl, &second);
		if (poll(fds, 3, deadline_left_ms(&part)) < 0)
			continue;
		if (fds[1].revents && !hook_read(hook))
			fds[1].fd = -1;
		if (fds[0].revents)
			break;
		if (!fds[2].revents && !deadline_has_passed(&dl))
			continue;
		spawned_signal(&hook->child, hook->why ? SIGKILL : SIGTERM);
		dl = hook->why ? deadline_never() : deadline_in_ms(TERM_MS);
		if (!hook->why)
			hook->why = fds[2].revents ? "a signal arrived" : "it timed out";
		fds[2].fd = -1;
	}
	while (!hook->is_cut && hook_read(hook) > 0)
		; /* a limit: processes that the hook started may continue to write */
	status = spawned_status(&hook->child);
	return status < 0 ? STATUS_KILLED : status;
}

/* Report the end of a hook: in one line, and its output. */
static void hook_report_end(struct hook *hook, int status)
{
	const struct hook_folder *f = hook->folder;
	char *rest = hook->output, *line;

	if (hook->why)
		hook_report(f, HOOK_PROBLEM, "hook '%s' was terminated in %s: %s",
			    hook->name, f->phase, hook->why);
	else
		hook_report(f, status ? HOOK_PROBLEM : HOOK_ENDED,
			    "hook '%s' exited with status %d in %s", hook->name, status,
			    f->phase);
	while ((line = strsep(&rest, "\n")))
		if (*line)
			f->report(f->priv, status ? HOOK_OUTPUT_OF_FAILED : HOOK_OUTPUT,
				  line);
	if (hook->is_cut)
		hook_report(f, HOOK_PROBLEM,
			    "hook '%s' printed more than %d bytes: the rest is dropped",
			    hook->name, OUTPUT_MAX);
}

static int hook_start(const struct hook_folder *f, const char *program,
		      struct spawned *child)
{
	const char *argv[] = { program, NULL };

	if (f->input < 0)
		return spawn_apart(argv, f->env, child);
	return lseek(f->input, 0, SEEK_SET)
		       ? -errno
		       : spawn_apart_from(argv, f->env, f->input, child);
}

/* Run a file of the folder. Return true if it failed. */
static bool hook_run(struct hook *hook, const char *path)
{
	const struct hook_folder *f = hook->folder;
	_cleanup_free_ char *program = NULL;
	int err = own_program_find(path, hook->name, &program), status;

	if (err == -EPERM)
		hook_report(f, HOOK_PROBLEM,
			    "hook '%s' is not run: others than root can change it",
			    hook->name);
	if (!program)
		return false;
	err = hook_start(f, program, &hook->child);
	if (err) {
		hook_report(f, HOOK_PROBLEM, "hook '%s' could not be started in %s: %s",
			    hook->name, f->phase, strerror(-err));
		return true;
	}
	hook_report(f, HOOK_STARTED, "Running hook '%s' for %s (PID=%d)", hook->name,
		    f->phase, (int)hook->child.pid);
	status = hook_wait(hook);
	hook_report_end(hook, status);
	free(hook->output);
	return status != 0;
}

static int hook_is_candidate(const struct dirent *entry)
{
	return entry->d_type == DT_REG || entry->d_type == DT_LNK ||
	       entry->d_type == DT_UNKNOWN;
}

int hook_folder_run(const struct hook_folder *f)
{
	_cleanup_free_ char *path = realpath(f->path, NULL);
	struct dirent **entries = NULL;
	bool must_stop = false;
	int n, failed = 0;

	if (!path)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	if (!own_path_is_safe(path)) {
		hook_report(f, HOOK_PROBLEM,
			    "hooks in %s are not run: others than root can change the "
			    "folder",
			    f->name);
		return 0;
	}
	n = scandir(path, &entries, hook_is_candidate, versionsort);
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		struct hook hook = { .folder = f, .name = entries[i]->d_name };

		failed += !must_stop && hook_run(&hook, path);
		must_stop |= hook.why && fd_is_readable(f->stop_fd);
		free(entries[i]);
	}
	free(entries);
	return failed;
}
