// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/server/file.h"

int file_open(const char *path, int flags)
{
	struct stat st;
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return -EINVAL;
}

/* Inherited descriptors do not have FD_CLOEXEC. The program's own ones do, and so do those
 * that were taken over. */
int file_take_over(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags < 0 || flags & FD_CLOEXEC)
		return -EBADF;
	return fcntl(fd, F_SETFD, FD_CLOEXEC) ? -errno : 0;
}

static int read_all(int fd, uint8_t *buf, size_t size)
{
	while (size) {
		ssize_t n = read(fd, buf, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO; /* the file shrinks */
		buf += n;
		size -= (size_t)n;
	}
	return 0;
}

static int read_open(int fd, uint64_t max, void **out, size_t *bytes)
{
	struct stat st;
	int err;

	if (fstat(fd, &st))
		return -errno;
	if ((uint64_t)st.st_size > max)
		return -EFBIG;
	*bytes = (size_t)st.st_size;
	*out = malloc(*bytes + 1);
	if (!*out)
		return -ENOMEM;
	err = read_all(fd, *out, *bytes);
	if (err)
		free(*out);
	return err;
}

int file_read(const char *path, uint64_t max, void **out, size_t *bytes)
{
	int fd = file_open(path, O_RDONLY), err;

	if (fd < 0)
		return fd;
	err = read_open(fd, max, out, bytes);
	close(fd);
	return err;
}
