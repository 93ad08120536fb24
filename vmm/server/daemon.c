// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmm/server/daemon.h"
#include "vmm/server/host.h"

static int daemon_fail(const char *what, const char *path, int err)
{
	fprintf(stderr, "papr-vmm: %s%s%s: %s\n", what, path ? " " : "", path ? path : "",
		strerror(-err));
	return err;
}

/* Wait until the child is ready, or for its end. */
static void daemon_wait(int fd, pid_t child)
{
	unsigned char status = HOST_EXIT_FAILURE;
	ssize_t n;
	int ended;

	do
		n = read(fd, &status, 1);
	while (n < 0 && errno == EINTR);
	if (n != 1 && waitpid(child, &ended, 0) == child && WIFEXITED(ended))
		status = (unsigned char)WEXITSTATUS(ended);
	_exit(status);
}

int daemon_fork(struct daemon *daemon)
{
	int fds[2];
	pid_t child;

	if (pipe2(fds, O_CLOEXEC))
		return daemon_fail("-daemonize", NULL, -errno);
	child = fork();
	if (child < 0)
		return daemon_fail("-daemonize", NULL, -errno);
	if (child) {
		close(fds[1]);
		daemon_wait(fds[0], child);
	}
	close(fds[0]);
	daemon->waiter = fds[1];
	setsid();
	return 0;
}

/* Open and lock the file. If its previous owner removed it meanwhile, try again. */
static int daemon_lock(const char *path)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	for (;;) {
		struct stat ours, named;
		int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
			      0644);
		int err = fd < 0 ? -errno : 0;

		if (fd >= 0 && fcntl(fd, F_OFD_SETLK, &lock))
			err = -errno;
		if (!err && fstat(fd, &ours))
			err = -errno;
		if (!err && !S_ISREG(ours.st_mode))
			err = -EINVAL;
		if (!err && !stat(path, &named) && named.st_dev == ours.st_dev &&
		    named.st_ino == ours.st_ino)
			return fd;
		if (fd >= 0)
			close(fd);
		if (err)
			return err;
	}
}

int daemon_write_pid(struct daemon *daemon, const char *path)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d\n", (int)getpid());
	int fd = daemon_lock(path);

	if (fd == -EAGAIN || fd == -EACCES)
		return daemon_fail("cannot lock the PID file", path, fd);
	if (fd < 0)
		return daemon_fail("cannot create the PID file", path, fd);
	daemon->pid_fd = fd;
	daemon->pidfile = realpath(path, NULL);
	if (ftruncate(fd, 0) || pwrite(fd, text, (size_t)len, 0) != len)
		return daemon_fail("cannot write the PID file", path,
				   errno ? -errno : -EIO);
	return 0;
}

static void daemon_release(struct daemon *daemon, int status)
{
	unsigned char byte = (unsigned char)status;

	if (daemon->waiter < 0)
		return;
	/* A parent that was killed needs no status. */
	if (write(daemon->waiter, &byte, 1) != 1)
		errno = 0;
	close(daemon->waiter);
	daemon->waiter = -1;
}

void daemon_ready(struct daemon *daemon)
{
	int null;

	if (daemon->waiter < 0)
		return;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	if (null > STDERR_FILENO)
		close(null);
	if (chdir("/"))
		errno = 0; /* only keeps a file system busy */
	daemon_release(daemon, 0);
}

void daemon_end(struct daemon *daemon, int status)
{
	if (daemon->pidfile)
		unlink(daemon->pidfile);
	if (daemon->pid_fd >= 0)
		close(daemon->pid_fd);
	free(daemon->pidfile);
	daemon_release(daemon, status);
	*daemon = DAEMON_INIT;
}
