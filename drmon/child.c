// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "drmon/child.h"
#include "cli/common.h"

static const char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };

void child_init(struct child *child)
{
	*child = (struct child){ .output = -1 };
}

static int child_open_input(const char *text)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd >= 0 && (write(fd, text, strlen(text)) < 0 || lseek(fd, 0, SEEK_SET))) {
		close(fd);
		errno = EIO;
		return -1;
	}
	return fd;
}

int child_run(struct child *child, const char *const argv[], const char *input)
{
	_cleanup_close_ int from = child_open_input(input);
	int err;

	if (from < 0)
		return -errno;
	child->output = memfd_create("output", MFD_CLOEXEC);
	if (child->output < 0)
		return -errno;
	err = spawn_apart_between(argv, environment, from, child->output,
				  &child->process);
	child->is_running = !err;
	if (err)
		child_abandon(child);
	return err;
}

static char *child_read_output(int fd)
{
	struct stat st;
	size_t size = fstat(fd, &st) ? 0 : (size_t)st.st_size;
	char *text = calloc(1, size + 1);
	ssize_t n = text ? pread(fd, text, size, 0) : 0;

	if (n >= 0 && text)
		text[n] = '\0';
	for (char *c = text; c && *c; c++)
		if (!isprint((unsigned char)*c) && *c != '\n')
			*c = *c == '\t' ? ' ' : '?';
	return text;
}

bool child_ended(struct child *child, int *status, char **text)
{
	if (!child->is_running)
		return false;
	*status = spawned_status(&child->process);
	if (*status == -EAGAIN)
		return false;
	*text = child_read_output(child->output);
	child->is_running = false;
	child_abandon(child);
	return true;
}

void child_abandon(struct child *child)
{
	if (child->output >= 0)
		close(child->output);
	child_init(child);
}
