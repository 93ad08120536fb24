// SPDX-License-Identifier: GPL-2.0-or-later
#include <curses.h>
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "drmon/keys.h"
#include "drmon/monitor.h"
#include "drmon/programs.h"
#include "drmon/screen.h"

enum { NEWS_MS = 100, OLD_MS = 300, SECOND_MS = 1000 };

#define PLATFORM_LOG "/var/log/platform"
#define DRMGR_LOG    "/var/log/drmgr"

void monitor_message(struct monitor *m, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(m->message, sizeof(m->message), fmt, ap);
	va_end(ap);
}

void monitor_stale(struct monitor *m)
{
	if (!m->is_stale)
		m->stale = deadline_in_ms(NEWS_MS);
	m->is_stale = true;
}

/* ---- Reading ---- */

/* The daemons that handle plug events. papr-eventd steps aside while rtas_errd runs. */
static const char *const daemons[] = { "rtas_errd", "papr-eventd" };

/* Return the position of a process in daemons, or their number. */
static size_t monitor_daemon_of(const char *pid)
{
	char path[64], name[32] = "";
	size_t i = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	file = fopen(path, "re");
	if (!file)
		return ARRAY_SIZE(daemons);
	if (fgets(name, sizeof(name), file))
		name[strcspn(name, "\n")] = '\0';
	fclose(file);
	while (i < ARRAY_SIZE(daemons) && strcmp(name, daemons[i]) != 0)
		i++;
	return i;
}

/* Return the name of the daemon that handles plug events; NULL: none runs. */
static const char *monitor_find_daemon(void)
{
	size_t found = ARRAY_SIZE(daemons);
	const struct dirent *entry;
	DIR *proc = opendir("/proc");

	while (proc && found && (entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9') {
			size_t i = monitor_daemon_of(entry->d_name);

			found = i < found ? i : found;
		}
	if (proc)
		closedir(proc);
	return found < ARRAY_SIZE(daemons) ? daemons[found] : NULL;
}

/* Read everything again. After an error, the old data stays on the screen. */
static void monitor_read_all(struct monitor *m)
{
	struct inventory inv, old = m->inventory;
	int err = inventory_read(&inv, m->dr);

	m->is_stale = false;
	if (err) {
		inventory_free(&inv);
		monitor_message(m, "%s",
				err == -ENOMEM ? "out of memory"
					       : dr_get_error_text(m->dr));
		return;
	}
	m->inventory = inv;
	if (view_build(&m->view, &m->inventory)) {
		m->inventory = old;
		inventory_free(&inv);
		monitor_message(m, "out of memory");
		return;
	}
	inventory_free(&old);
	m->daemon = monitor_find_daemon();
	m->backend = dr_get_backend(m->dr);
}

/* ---- Events ---- */

static void monitor_log_line(void *priv, const char *line)
{
	struct monitor *m = priv;
	bool was_logged = m->operation.is_logged;

	lights_log_line(&m->lights, line);
	operation_log_line(&m->operation, line);
	if (was_logged && !m->operation.is_logged)
		events_add(&m->events, NULL, "%s: %s%s", m->operation.command,
			   *m->operation.error ? "failed: " : "done", m->operation.error);
}

static void monitor_event_line(void *priv, const char *line)
{
	struct monitor *m = priv;

	/* rtas-event prints the existing events first, so they have no time. */
	events_add(&m->events, deadline_has_passed(&m->is_old) ? NULL : "", "%s", line);
	monitor_stale(m);
}

/* Start rtas-event on the log. is_new: the log was just created, so all its events are
 * new. */
static void monitor_start_follower(struct monitor *m, bool is_new)
{
	static const char *const env[] = { NULL };
	char program[512];
	const char *const argv[] = { program, "--follow", "--line", PLATFORM_LOG, NULL };

	if (m->follower_out.fd >= 0 || access(PLATFORM_LOG, R_OK) ||
	    program_path(PROGRAM_RTAS_EVENT, program, sizeof(program)) ||
	    spawn_apart(argv, env, &m->follower))
		return;
	tail_pipe(&m->follower_out, m->follower.output);
	m->is_old = deadline_in_ms(is_new ? 0 : OLD_MS);
}

static void monitor_stop_follower(struct monitor *m)
{
	if (m->follower_out.fd < 0)
		return;
	spawned_signal(&m->follower, SIGTERM);
	m->follower_out.fd = -1;
	while (spawned_status(&m->follower) == -EAGAIN)
		poll(&(struct pollfd){ .fd = m->follower.end, .events = POLLIN }, 1,
		     SECOND_MS);
}

static void monitor_read_changes(struct monitor *m)
{
	unsigned int what = watch_read(&m->watch, &m->events);

	if (what & WATCH_DEVICES)
		monitor_stale(m);
	/* The kernel reports the close of the lock file before it releases the lock. Read
	 * the lock again as long as it has a holder, and the rest of a run until its process
	 * has ended its write. */
	if (what & WATCH_DRMGR || m->operation.holder || m->operation.n_left) {
		enum operation_state before = m->operation.state;

		tail_read(&m->log, monitor_log_line, m);
		operation_refresh(&m->operation, m->dr);
		if (m->operation.state != before || m->operation.state == OPERATION_ENDED)
			monitor_stale(m);
	}
	if (what & WATCH_PLATFORM)
		monitor_start_follower(m, true);
	tail_read(&m->follower_out, monitor_event_line, m);
	action_ended(m);
}

/* ---- Main loop ---- */

/* Return how long to wait: until the next full second if a clock is shown, drmgr runs or
 * something is left, until the connectors must be read, or without limit (-1). */
static int monitor_wait_ms(const struct monitor *m)
{
	struct timespec now;
	int ms = -1;

	clock_gettime(CLOCK_REALTIME, &now);
	if (!m->options->no_clock || m->operation.holder || m->operation.n_left)
		ms = SECOND_MS - (int)(now.tv_nsec / 1000000);
	if (m->is_stale) {
		int left = deadline_left_ms(&m->stale);

		ms = ms < 0 || left < ms ? left : ms;
	}
	return ms;
}

/* Wait for events. Return false if a signal or the terminal ends the program. */
static bool monitor_wait(struct monitor *m)
{
	struct pollfd fds[] = {
		{ .fd = m->stop_fd, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = m->watch.files, .events = POLLIN },
		{ .fd = m->watch.devices, .events = POLLIN },
		{ .fd = m->follower_out.fd, .events = POLLIN },
		{ .fd = m->action.child.is_running ? m->action.child.process.end : -1,
		  .events = POLLIN },
	};

	/* interrupted by a signal, such as a resize, which is read below as a key */
	if (poll(fds, ARRAY_SIZE(fds), monitor_wait_ms(m)) < 0)
		return true;
	if (fds[1].revents & (POLLHUP | POLLERR))
		return false;
	if (fds[4].revents & (POLLHUP | POLLERR) && !(fds[4].revents & POLLIN))
		monitor_stop_follower(m);
	return !fds[0].revents;
}

static void monitor_loop(struct monitor *m)
{
	int key;

	while (!m->must_quit) {
		screen_draw(m);
		if (!monitor_wait(m))
			break;
		monitor_read_changes(m);
		while ((key = screen_key()) != ERR)
			key_handle(m, key);
		if (m->is_stale && deadline_has_passed(&m->stale))
			monitor_read_all(m);
	}
}

static void monitor_start(struct monitor *m, const struct options *options)
{
	view_init(&m->view);
	m->view.type = options->type;
	m->view.with_all = options->with_all;
	snprintf(m->view.filter, sizeof(m->view.filter), "%s", options->filter);
	child_init(&m->action.child);
	m->follower_out.fd = -1;
	tail_file(&m->log, DRMGR_LOG);
	lights_read_log(&m->lights, DRMGR_LOG);
	operation_refresh(&m->operation, m->dr);
	monitor_read_all(m);
	monitor_start_follower(m, false);
}

static void monitor_stop(struct monitor *m)
{
	monitor_stop_follower(m);
	action_close(&m->action);
	tail_close(&m->log);
	watch_close(&m->watch);
	window_close(&m->window);
	view_free(&m->view);
	inventory_free(&m->inventory);
}

int monitor_run(const struct options *options, struct dr *dr, int stop_fd)
{
	static struct monitor m; /* static because it is large: it contains the events */
	int err;

	m = (struct monitor){ .options = options, .dr = dr, .stop_fd = stop_fd };
	err = watch_open(&m.watch);
	if (err)
		return err;
	monitor_start(&m, options);
	monitor_loop(&m);
	monitor_stop(&m);
	return 0;
}
