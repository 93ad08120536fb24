// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon.h"
#include "server.h"

/* The time that a client may need to read its output when the daemon ends. */
#define FLUSH_MS 1000

/* Places in the poll set. The clients are after them. */
enum { P_LISTENER, P_SIGNALS, P_OWNER, P_VM, P_QMP, P_AGENT, P_CLIENTS };

struct daemon {
	int listener;
	int signals;
	int owner;  /* pidfd, -1: none */
	int report; /* the starter reads the result of the boot from it; -1: it has */
	bool end;
	int64_t boot_deadline;
	struct server server;
};

struct sockaddr_un daemon_address(int dir)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/ctl", dir);
	return address;
}

/* The first byte is the status, the following ones are for stderr. */
static void report(struct daemon *d, uint8_t status, const char *text)
{
	if (write(d->report, &status, 1) < 0 || write(d->report, text, strlen(text)) < 0)
		warn("the process that started the guest");
	close(d->report);
	d->report = -1;
	d->boot_deadline = CLOCK_NEVER;
}

static void report_failure(struct daemon *d, const char *why)
{
	char *console = vm_tail(d->server.dir, "console.log");
	char *log = vm_tail(d->server.dir, "guestctl.log");
	char *text;

	if (asprintf(&text, "guestctl: %s%s%s", why, console, log) < 0)
		err(EXIT_HARNESS, "a message");
	report(d, EXIT_HARNESS, text);
	free(text);
	free(log);
	free(console);
}

static void react(struct daemon *d, const struct pollfd *fds)
{
	struct server *s = &d->server;

	if (fds[P_QMP].revents)
		server_qmp(s);
	if (fds[P_AGENT].revents)
		server_agent(s);
	if (fds[P_VM].revents)
		server_vm_ended(s);
	if (fds[P_OWNER].revents || fds[P_SIGNALS].revents)
		d->end = true;
	if (fds[P_LISTENER].revents)
		server_accept(s, d->listener);

	if (clock_ms() >= server_deadline(s))
		server_overdue(s);
	server_settle(s);
}

/* End the start, or everything, if it is time. */
static void review(struct daemon *d)
{
	struct server *s = &d->server;
	bool gone = s->vm.pidfd < 0;

	if (d->report >= 0) {
		if (gone)
			report_failure(d, "the machine ended before its guest was up");
		else if (server_is_ready(s))
			report(d, 0, "");
		else if (clock_ms() >= d->boot_deadline)
			report_failure(d, "the guest did not come up in time");
		else
			return;
		d->end = d->end || !server_is_ready(s);
	}
	d->end = d->end || (gone && s->stopping);
}

static short wanted(size_t pending)
{
	return POLLIN | (pending ? POLLOUT : 0);
}

static void turn(struct daemon *d)
{
	struct server *s = &d->server;
	int64_t until = server_deadline(s);
	struct conn *c, *next;
	struct pollfd *fds;
	size_t n = P_CLIENTS;

	for (c = s->conns; c; c = c->next)
		n++;
	fds = calloc(n, sizeof(*fds));
	if (!fds)
		err(EXIT_HARNESS, "%zu clients", n);

	fds[P_LISTENER] = (struct pollfd){ d->listener, POLLIN, 0 };
	fds[P_SIGNALS] = (struct pollfd){ d->signals, POLLIN, 0 };
	fds[P_OWNER] = (struct pollfd){ d->owner, POLLIN, 0 };
	fds[P_VM] = (struct pollfd){ s->vm.pidfd, POLLIN, 0 };
	fds[P_QMP] = (struct pollfd){ s->qmp.fd, wanted(s->qmp.out.len), 0 };
	fds[P_AGENT] =
		(struct pollfd){ s->link.chan.fd, wanted(s->link.chan.out.len), 0 };
	n = P_CLIENTS;
	for (c = s->conns; c; c = c->next)
		fds[n++] = (struct pollfd){ c->chan.fd, server_client_events(s, c), 0 };

	poll(fds, n, clock_poll_ms(until < d->boot_deadline ? until : d->boot_deadline));

	n = P_CLIENTS;
	for (c = s->conns; c; c = next) {
		next = c->next;
		if (fds[n++].revents & ~POLLOUT)
			server_client(s, c);
	}
	react(d, fds);
	review(d);
	free(fds);
}

/* Answer all waiting clients. */
static void finish(struct daemon *d, int dir)
{
	struct server *s = &d->server;
	int64_t until = clock_ms() + FLUSH_MS;
	struct conn *c;

	unlinkat(dir, "ctl", 0);
	close(d->listener);
	if (s->vm.pidfd >= 0) {
		vm_kill(&s->vm);
		server_vm_ended(s);
	}
	for (c = s->conns; c; c = c->next) {
		if (c->state == CONN_STOP)
			conn_exit(c, 0);
	}

	server_settle(s);
	while ((c = s->conns) && clock_ms() < until) {
		struct pollfd fd = { c->chan.fd, POLLOUT, 0 };

		poll(&fd, 1, clock_poll_ms(until));
		if (c->state == CONN_NEW)
			conn_fail(c, "the guest is being stopped");
		server_settle(s);
	}
}

static int listen_at(int dir)
{
	struct sockaddr_un address = daemon_address(dir);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	mode_t old = umask(077);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(fd, SOMAXCONN) < 0)
		err(EXIT_HARNESS, "ctl");
	umask(old);
	return fd;
}

static int signals_open(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		err(EXIT_HARNESS, "signalfd");
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return fd;
}

/* Close all descriptors of the starter, because a test runner waits for the end of its
 * pipes. The two remaining ones get fixed numbers. */
static void detach(int dir, int to_starter, struct daemon *d)
{
	int null = open("/dev/null", O_RDONLY), log;

	setsid();
	log = openat(dir, "guestctl.log", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
	dir = fcntl(dir, F_DUPFD, 16);
	to_starter = fcntl(to_starter, F_DUPFD, 16);
	if (null < 0 || log < 0 || dir < 0 || to_starter < 0)
		err(EXIT_HARNESS, "guestctl.log");
	dup2(null, 0);
	dup2(log, 1);
	dup2(log, 2);
	d->server.dir = dup3(dir, 3, O_CLOEXEC);
	d->report = dup3(to_starter, 4, O_CLOEXEC);
	close_range(5, ~0U, 0);
}

static void daemon_main(int dir, int to_starter, const struct daemon_options *options)
{
	struct daemon d = { .owner = -1 };
	struct server *s = &d.server;
	int error;

	detach(dir, to_starter, &d);
	dir = s->dir;
	d.boot_deadline = clock_ms() + options->boot_ms;
	d.signals = signals_open();
	if (options->owner)
		d.owner = pidfd_open(options->owner, 0);
	if (options->owner && d.owner < 0) {
		report_failure(&d, "the owner has ended");
		exit(EXIT_HARNESS);
	}

	d.listener = listen_at(dir);
	error = vm_start(&s->vm, dir, options->argv, options->bare);
	if (error) {
		report_failure(&d, strerror(-error));
		unlinkat(dir, "ctl", 0);
		exit(EXIT_HARNESS);
	}
	s->link.boot_ms = options->boot_ms;
	s->link.grace_ms = options->grace_ms;
	server_open(s);

	while (!d.end)
		turn(&d);
	finish(&d, dir);
	server_close(s);
	exit(0);
}

int daemon_start(int dir, const struct daemon_options *options)
{
	char text[4096];
	uint8_t status = EXIT_HARNESS;
	int ends[2];
	ssize_t n;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0 || (pid = fork()) < 0)
		err(EXIT_HARNESS, "cannot start a process");
	if (!pid)
		daemon_main(dir, ends[1], options);
	close(ends[1]);

	if (read(ends[0], &status, 1) != 1)
		warnx("the daemon died; see guestctl.log");
	while ((n = read(ends[0], text, sizeof(text))) > 0)
		fwrite(text, 1, n, stderr);
	close(ends[0]);
	return status;
}
