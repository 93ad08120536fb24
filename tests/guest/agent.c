// SPDX-License-Identifier: GPL-2.0-or-later
/* links: */
/*
 * agent - run commands in a guest for guestctl, over one line and one at a time
 *
 *   agent PATH     PATH is a terminal line (/dev/hvc1): made raw, then used
 *   agent -f FD    FD is a connected socket that was inherited
 *
 * An answer is complete when the command itself has ended and the contents of its pipes
 * were sent. It does not wait for children in the background, even if they have its
 * stdout. It ends when the line does, and /init starts it again.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "chan.h"
#include "clock.h"

/* If more than this is queued for the host, the command must wait with its output. */
#define BACKLOG_BYTES (256 * 1024)
/* Time that a killed command may need to end: it cannot if it hangs in the kernel. */
#define KILL_MS 5000

enum { STREAM_OUT, STREAM_ERR, STREAMS };

struct job {
	pid_t pid; /* 0: no command is running */
	uint32_t id;
	int in, out[STREAMS]; /* our ends of its pipes, -1: closed */
	struct bytes input;
	bool input_ended;
	bool timed_out;
	int64_t deadline;
};

static const enum frame_type stream_frame[STREAMS] = { FRAME_STDOUT, FRAME_STDERR };

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void set_nonblock(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static void job_end(struct chan *host, struct job *job, int status)
{
	chan_send_u32(host, FRAME_EXIT, job->id, job->timed_out ? EXIT_TIMEOUT : status);
	close_fd(&job->in);
	close_fd(&job->out[STREAM_OUT]);
	close_fd(&job->out[STREAM_ERR]);
	bytes_free(&job->input);
	job->pid = 0;
}

static void job_fail(struct chan *host, struct job *job, const char *what)
{
	char text[256];
	int len = snprintf(text, sizeof(text), "agent: %s: %s\n", what, strerror(errno));

	chan_send(host, FRAME_STDERR, job->id, text, len);
	job_end(host, job, EXIT_HARNESS);
}

static void child_exec(char **argv, const int fds[3])
{
	sigset_t none;
	int fd, saved;

	/* A group, not a session: a session leader that opens a terminal without
	 * O_NOCTTY would own it. The agent's own session is led by /init. */
	setpgid(0, 0);
	for (fd = 0; fd < 3; fd++)
		dup2(fds[fd], fd);
	close_range(3, ~0U, 0);

	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);

	execvp(argv[0], argv);
	saved = errno;
	warn("%s", argv[0]);
	_exit(saved == ENOENT ? EXIT_NOTFOUND : EXIT_NOEXEC);
}

/* Our end [ours] of a new pipe; the other end is for the command. */
static int pipe_make(int ours, int *mine, int *its)
{
	int ends[2], fd;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;

	/* dup2() in the child must not close an end that is moved later. */
	fd = fcntl(ends[!ours], F_DUPFD_CLOEXEC, 3);
	close(ends[!ours]);
	*its = fd;
	*mine = ends[ours];
	set_nonblock(*mine);
	return 0;
}

static void job_spawn(struct chan *host, struct job *job, char **argv, bool with_input)
{
	int its[3] = { -1, -1, -1 }, err = 0, fd;

	if (with_input)
		err = pipe_make(1, &job->in, &its[0]);
	else
		its[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (!err)
		err = pipe_make(0, &job->out[STREAM_OUT], &its[1]);
	if (!err)
		err = pipe_make(0, &job->out[STREAM_ERR], &its[2]);

	if (!err) {
		job->pid = fork();
		if (!job->pid)
			child_exec(argv, its);
	}
	if (err || job->pid < 0) {
		job_fail(host, job, "cannot start a process");
	} else {
		/* Do it on both sides, because a time limit could pass before the child
		 * did it. */
		setpgid(job->pid, job->pid);
	}

	for (fd = 0; fd < 3; fd++)
		close_fd(&its[fd]);
}

static void job_start(struct chan *host, struct job *job, const struct frame *f)
{
	const uint8_t *p = f->data;
	size_t len = f->len;
	uint32_t limit_ms, flags;
	char **argv = NULL;

	*job = (struct job){ .id = f->id, .in = -1, .out = { -1, -1 } };
	if (proto_take_u32(&p, &len, &limit_ms) || proto_take_u32(&p, &len, &flags) ||
	    proto_split(p, len, &argv) < 1) {
		errno = EBADMSG;
		job_fail(host, job, "request");
	} else {
		job->deadline = clock_ms() + limit_ms;
		job_spawn(host, job, argv, flags & RUN_STDIN);
	}
	free(argv);
}

static void job_input(struct job *job, const struct frame *f)
{
	if (!f->len)
		job->input_ended = true;
	else if (job->in >= 0)
		bytes_append(&job->input, f->data, f->len);
}

/* Write input to the command as far as it reads. It may have closed its end. */
static void job_feed(struct job *job)
{
	ssize_t n = 0;

	if (job->in < 0)
		return;

	if (job->input.len)
		n = write(job->in, job->input.data, job->input.len);
	if (n > 0)
		bytes_drop(&job->input, n);
	if ((n < 0 && errno != EAGAIN) || (!job->input.len && job->input_ended)) {
		close_fd(&job->in);
		bytes_free(&job->input);
	}
}

/* Send at most len bytes, or fewer if the pipe has fewer. */
static void job_output(struct chan *host, struct job *job, int stream, size_t len)
{
	uint8_t buf[16384];
	ssize_t n;

	while (len && job->out[stream] >= 0) {
		n = read(job->out[stream], buf, len < sizeof(buf) ? len : sizeof(buf));
		if (n > 0)
			chan_send(host, stream_frame[stream], job->id, buf, n);
		if (n == 0 || (n < 0 && errno != EAGAIN))
			close_fd(&job->out[stream]);
		if (n <= 0)
			return;
		len -= n;
	}
}

/* Send only the bytes that were in the pipes when the command ended. A child in the
 * background may write for ever. */
static void job_drain(struct chan *host, struct job *job)
{
	int stream, held;

	for (stream = 0; stream < STREAMS; stream++) {
		if (job->out[stream] >= 0 &&
		    ioctl(job->out[stream], FIONREAD, &held) == 0)
			job_output(host, job, stream, held);
	}
}

static void reap(struct chan *host, struct job *job, int sigfd)
{
	struct signalfd_siginfo ignored;
	int status;
	pid_t pid;

	while (read(sigfd, &ignored, sizeof(ignored)) > 0)
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (!job->pid || pid != job->pid)
			continue;
		job_drain(host, job);
		job_end(host, job,
			WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status)
					    : WEXITSTATUS(status));
	}
}

static void job_overdue(struct chan *host, struct job *job)
{
	if (!job->timed_out) {
		job->timed_out = true;
		job->deadline = clock_ms() + KILL_MS;
		kill(-job->pid, SIGKILL);
		return;
	}

	warnx("process %d does not end", (int)job->pid);
	job_drain(host, job);
	job_end(host, job, EXIT_TIMEOUT);
}

static void request(struct chan *host, struct job *job, const struct frame *f)
{
	switch (f->type) {
	case FRAME_PING:
		chan_send(host, FRAME_PONG, f->id, NULL, 0);
		break;
	case FRAME_RUN:
		/* The host sends the next command after the end of the last one. */
		if (!job->pid)
			job_start(host, job, f);
		break;
	case FRAME_STDIN:
		if (job->pid && f->id == job->id)
			job_input(job, f);
		break;
	case FRAME_KILL:
		if (job->pid && f->id == job->id)
			job->deadline = 0;
		break;
	default:
		warnx("frame of type 0x%02x", f->type);
	}
}

static int serve_once(struct chan *host, struct job *job, int sigfd)
{
	bool hold = host->out.len > BACKLOG_BYTES;
	/* poll() skips an fd of -1. */
	struct pollfd fds[] = {
		{ host->fd, POLLIN | (host->out.len ? POLLOUT : 0), 0 },
		{ sigfd, POLLIN, 0 },
		{ job->pid && job->input.len ? job->in : -1, POLLOUT, 0 },
		{ job->pid && !hold ? job->out[STREAM_OUT] : -1, POLLIN, 0 },
		{ job->pid && !hold ? job->out[STREAM_ERR] : -1, POLLIN, 0 },
	};
	struct frame f;
	int found;

	poll(fds, 5, clock_poll_ms(job->pid ? job->deadline : CLOCK_NEVER));

	if (fds[0].revents & ~POLLOUT) {
		ssize_t n = chan_fill(host);

		if (n == 0 || (n < 0 && n != -EAGAIN))
			return n ? (int)n : -EPIPE;
	}
	while ((found = chan_next(host, &f))) {
		if (found > 0)
			request(host, job, &f);
	}
	if (fds[3].revents)
		job_output(host, job, STREAM_OUT, BACKLOG_BYTES);
	if (fds[4].revents)
		job_output(host, job, STREAM_ERR, BACKLOG_BYTES);
	if (job->pid)
		job_feed(job);
	if (fds[1].revents)
		reap(host, job, sigfd);
	if (job->pid && clock_ms() >= job->deadline)
		job_overdue(host, job);

	return chan_flush(host);
}

static int sigchld_fd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int line_open(const char *path)
{
	struct termios t;
	int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		err(EXIT_HARNESS, "%s", path);
	if (tcgetattr(fd, &t) == 0) {
		cfmakeraw(&t);
		t.c_cflag |= CLOCAL | CREAD;
		tcsetattr(fd, TCSANOW, &t);
	}
	return fd;
}

int main(int argc, char **argv)
{
	struct job job = { 0 };
	struct chan host;
	int sigfd, error;

	if (argc == 3 && !strcmp(argv[1], "-f"))
		chan_open(&host, (int)strtol(argv[2], NULL, 10));
	else if (argc == 2 && argv[1][0] != '-')
		chan_open(&host, line_open(argv[1]));
	else
		errx(EXIT_HARNESS, "usage: agent PATH | agent -f FD");

	signal(SIGPIPE, SIG_IGN);
	sigfd = sigchld_fd();
	if (sigfd < 0)
		err(EXIT_HARNESS, "signalfd");

	chan_send(&host, FRAME_HELLO, 0, NULL, 0);
	do {
		error = serve_once(&host, &job, sigfd);
	} while (!error);

	/* No client waits for the end of the command. */
	if (job.pid)
		kill(-job.pid, SIGKILL);

	errno = -error;
	err(EXIT_HARNESS, "the line to the host");
}
