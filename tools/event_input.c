// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cli/common.h"
#include "tools/event_input.h"

/* Watch the file, and its folder for another file of that name. */
static int event_input_watch(const struct event_input *input)
{
	_cleanup_free_ char *copy = strdup(input->file);

	if (inotify_add_watch(input->watch, input->file, IN_MODIFY) < 0)
		return -errno;
	if (!copy || inotify_add_watch(input->watch, dirname(copy),
				       IN_CREATE | IN_MOVED_TO | IN_ONLYDIR) < 0)
		return -errno;
	return 0;
}

/* Prepare the input. Reading the kernel's error log normally waits for the next event.
 * With O_NONBLOCK, it returns only the existing events. */
static int event_input_prepare(struct event_input *input)
{
	struct statfs fs;
	struct stat st;
	int flags;

	if (fstat(input->fd, &st) || fstatfs(input->fd, &fs))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return 0;

	input->records = st.st_size == 0 &&
			 (fs.f_type == PROC_SUPER_MAGIC || fs.f_type == FUSE_SUPER_MAGIC);
	flags = fcntl(input->fd, F_GETFL);
	if (input->fd != STDIN_FILENO && flags >= 0)
		fcntl(input->fd, F_SETFL, flags | O_NONBLOCK);
	if (input->follow && input->fd != STDIN_FILENO) {
		input->watch = inotify_init1(IN_CLOEXEC);
		return input->watch < 0 ? -errno : event_input_watch(input);
	}
	return 0;
}

int event_input_open(struct event_input *input, const char *file, bool follow)
{
	int err;

	*input = (struct event_input){
		.file = file, .fd = STDIN_FILENO, .watch = -1, .follow = follow
	};
	if (strcmp(file, "-") != 0)
		input->fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (input->fd < 0)
		return -errno;
	err = event_input_prepare(input);
	if (err)
		event_input_close(input);
	return err;
}

void event_input_close(struct event_input *input)
{
	if (input->watch >= 0)
		close(input->watch);
	if (input->fd != STDIN_FILENO)
		close(input->fd);
}

/* Open the file that has the name now. Return false if it is still the same one, or is
 * missing. */
static bool event_input_reopen(struct event_input *input)
{
	_cleanup_close_ int fd = open(input->file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat now, before;

	if (fd < 0 || fstat(fd, &now) || fstat(input->fd, &before) ||
	    (now.st_ino == before.st_ino && now.st_dev == before.st_dev))
		return false;
	if (event_input_watch(input))
		return false;
	close(input->fd);
	input->fd = steal_fd(&fd);
	return true;
}

/* Wait until the file changes. */
static void event_input_wait_for_change(const struct event_input *input)
{
	char events[4096];

	if (read(input->watch, events, sizeof(events)) < 0)
		return; /* the next read of the file reports the error */
}

static void event_input_wait_for_data(const struct event_input *input)
{
	struct pollfd pollfd = { .fd = input->fd, .events = POLLIN };

	poll(&pollfd, 1, -1);
}

static int64_t event_input_read(void *priv, void *buf, size_t len)
{
	struct event_input *input = priv;

	for (;;) {
		ssize_t n = read(input->fd, buf, len);

		if (n > 0)
			return n;
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (n < 0 && errno == EINTR)
			continue;
		if (!input->follow)
			return 0;
		if (n < 0)
			event_input_wait_for_data(input);
		else if (input->watch < 0)
			return 0;
		else if (!event_input_reopen(input))
			event_input_wait_for_change(input);
	}
}

static uint64_t event_input_skip_hole(void *priv)
{
	const struct event_input *input = priv;
	off_t at = lseek(input->fd, 0, SEEK_CUR);
	off_t data = at < 0 ? -1 : lseek(input->fd, at, SEEK_DATA);

	if (data < 0 && at >= 0 && errno == ENXIO)
		data = lseek(input->fd, 0, SEEK_END);
	return data > at ? (uint64_t)(data - at) : 0;
}

struct event_bytes event_input_bytes(struct event_input *input)
{
	return (struct event_bytes){ .read = event_input_read,
				     .priv = input,
				     .records = input->records,
				     .skip_hole = event_input_skip_hole };
}
