// SPDX-License-Identifier: LGPL-2.1-or-later
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/core/hooks.h"
#include "kern/own_file.h"
#include "kern/spawn.h"
#include "kern/text.h"

#define HOOKS_DIR "etc/drmgr.d"

enum {
	HOOK_MS = 60 * 1000,
	TERM_MS = 5 * 1000,	/* from SIGTERM to SIGKILL */
	OUTPUT_MAX = 64 * 1024, /* of a hook's output; more is dropped */
	STATUS_KILLED = 1,
};

static const char *const phase_names[] = {
	[HOOK_CHECK] = "check",
	[HOOK_UNDOCHECK] = "undocheck",
	[HOOK_PRE] = "pre",
	[HOOK_POST] = "post",
};

/* ---- Find the hooks ---- */

/* Return the path of the program, which the caller frees. NULL: it must not run. */
static char *hook_program(const struct dr_ctx *dr, const char *dir, const char *name)
{
	char *path = NULL;

	if (own_program_find(dir, name, &path) == -EPERM)
		dr_warn(dr, "hook '%s' is not run: others than root can change it", name);
	return path;
}

bool hooks_exist(const struct dr_ctx *dr)
{
	return !dr->dry_run && kern_exists(dr->root, HOOKS_DIR);
}

/* Find the folder, as an absolute path without links, which the caller frees. NULL: it does
 * not exist, or is unsafe. Return 0, or the errno of the reading. */
static int hooks_folder(const struct dr_ctx *dr, const char *type, char **folder)
{
	char root[4096] = "";
	_cleanup_free_ char *self = NULL, *dir = NULL, *path = NULL;
	ssize_t n = 0;

	if (!dr->root->is_system) {
		self = text_of("/proc/self/fd/%d", dr->root->fd);
		n = self ? readlink(self, root, sizeof(root)) : -1;
	}
	*folder = NULL;
	if (n < 0 || n >= (ssize_t)sizeof(root))
		return -ENAMETOOLONG;
	dir = text_of("%.*s/" HOOKS_DIR "/%s", (int)n, root, type);
	path = dir ? realpath(dir, NULL) : NULL;
	if (!path)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	if (own_path_is_safe(path))
		*folder = steal_ptr(&path);
	else
		dr_warn(dr,
			"hooks in /" HOOKS_DIR "/%s are not run: others than root can "
			"change the folder",
			type);
	return 0;
}

static int hook_is_candidate(const struct dirent *entry)
{
	return entry->d_type == DT_REG || entry->d_type == DT_LNK ||
	       entry->d_type == DT_UNKNOWN;
}

/* ---- Run a hook ---- */

struct output {
	char *text;
	size_t len;
};

/* Read output. Return the number of bytes, 0 at the end, or a negative number if no
 * output is ready. */
static ssize_t output_read(struct output *out, int fd)
{
	char buf[4096];
	ssize_t n = read(fd, buf, sizeof(buf));
	size_t len = n > 0 ? (size_t)n : 0;
	char *text;

	if (len > OUTPUT_MAX - out->len)
		len = OUTPUT_MAX - out->len;
	text = len ? realloc(out->text, out->len + len + 1) : NULL;
	if (text) {
		memcpy(text + out->len, buf, len);
		out->len += len;
		text[out->len] = '\0';
		out->text = text;
	}
	return n;
}

/* A phase after the change has its own deadline, independent of -w and signals. */
static bool phase_is_after_change(enum hook_phase phase)
{
	return phase == HOOK_POST || phase == HOOK_UNDOCHECK;
}

/* Wait for the end of the hook. At the deadline, or on a signal, send SIGTERM, then
 * SIGKILL, and set *why to the reason. */
static int hook_wait(const struct dr_ctx *dr, const char *name, enum hook_phase phase,
		     struct spawned *child, struct output *out, const char **why)
{
	struct deadline dl = phase_is_after_change(phase) ? deadline_in_ms(HOOK_MS)
							  : dr_wait_until(dr, HOOK_MS);
	struct pollfd fds[] = {
		{ .fd = child->end, .events = POLLIN },
		{ .fd = child->output, .events = POLLIN },
		{ .fd = phase_is_after_change(phase) ? -1 : dr->stop_fd,
		  .events = POLLIN },
	};
	int64_t second = 0;

	*why = NULL;
	for (;;) {
		struct deadline part = deadline_second(&dl);

		dr_tell_wait(dr, &dl, &second, "hook %s to end", name);
		if (poll(fds, ARRAY_SIZE(fds), deadline_left_ms(&part)) < 0)
			continue;
		if (fds[1].revents && !output_read(out, child->output))
			fds[1].fd = -1;
		if (fds[0].revents)
			break;
		if (!fds[2].revents && !deadline_has_passed(&dl))
			continue;
		spawned_signal(child, *why ? SIGKILL : SIGTERM);
		dl = *why ? deadline_never() : deadline_in_ms(TERM_MS);
		if (!*why)
			*why = fds[2].revents ? "a signal arrived" : "it timed out";
		fds[2].fd = -1;
	}
	while (out->len < OUTPUT_MAX && output_read(out, child->output) > 0)
		; /* a limit: processes that the hook started may continue to write */
	return spawned_status(child);
}

static int hook_start(const char *program, const struct hook_event *event,
		      struct spawned *child)
{
	const struct drc *drc = event->drc;
	_cleanup_free_ char *type = text_of("DRC_TYPE=%s", event->type),
			    *count = text_of("DRC_COUNT=%u", event->count),
			    *action = text_of("ACTION=%s", event->action),
			    *phase = text_of("PHASE=%s", phase_names[event->phase]),
			    *name = drc ? text_of("DRC_NAME=%s", drc->name) : NULL,
			    *index = drc ? text_of("DRC_INDEX=0x%08x", drc->index) : NULL;
	const char *argv[] = { program, NULL },
		   *env[] = { type, count, action, phase, name, index, NULL };

	if (!type || !count || !action || !phase || (drc && (!name || !index)))
		return -ENOMEM;
	return spawn_apart(argv, env, child);
}

/* Report the end of a hook: in one line, with its phase. why: it was terminated. */
static void hook_report(const struct dr_ctx *dr, const char *name, const char *phase,
			int status, const char *why)
{
	if (why)
		dr_warn(dr, "hook '%s' was terminated in phase %s: %s", name, phase, why);
	else if (status)
		dr_warn(dr, "hook '%s' exited with status %d in phase %s", name, status,
			phase);
	else
		dr_log_info(dr->log, "hook '%s' exited with status 0 in phase %s", name,
			    phase);
}

/* Run a hook. Return true if it failed. */
static bool hook_run(const struct dr_ctx *dr, const struct hook_event *event,
		     const char *name, const char *program)
{
	const char *phase = phase_names[event->phase], *why;
	_cleanup_free_ char *text = NULL;
	struct output out = { 0 };
	struct spawned child;
	char *rest, *line;
	int status, err = hook_start(program, event, &child);

	if (err) {
		dr_warn(dr, "hook '%s' could not be started in phase %s: %s", name, phase,
			strerror(-err));
		return true;
	}
	dr_log_debug(dr->log, "Running hook '%s' for phase %s (PID=%d)", name, phase,
		     (int)child.pid);
	status = hook_wait(dr, name, event->phase, &child, &out, &why);
	rest = text = out.text;
	if (status < 0)
		status = STATUS_KILLED;
	hook_report(dr, name, phase, status, why);
	while ((line = strsep(&rest, "\n")))
		if (*line)
			dr_log(dr->log, status ? DR_LEVEL_TRACE : DR_LEVEL_DEBUG, "%s",
			       line);
	return status != 0;
}

unsigned int hooks_run(const struct dr_ctx *dr, const struct hook_event *event)
{
	_cleanup_free_ char *dir = NULL;
	struct dirent **entries = NULL;
	unsigned int failed = 0;
	int n = dr->dry_run ? 0 : hooks_folder(dr, event->type, &dir);

	if (dir)
		n = scandir(dir, &entries, hook_is_candidate, versionsort);
	if (n < 0) {
		dr_warn(dr, "hooks in /" HOOKS_DIR "/%s are not run: %s", event->type,
			strerror(dir ? errno : -n));
		return 1;
	}

	for (int i = 0; i < n; i++) {
		_cleanup_free_ char *program = hook_program(dr, dir, entries[i]->d_name);

		if (program)
			failed += hook_run(dr, event, entries[i]->d_name, program);
		free(entries[i]);
	}
	free(entries);
	return failed;
}
