// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output_file.h"

int output_write_all(int fd, const void *bytes, size_t len)
{
	const uint8_t *at = bytes, *end = at + len;

	while (at < end) {
		ssize_t n = write(fd, at, (size_t)(end - at));

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			at += n;
	}
	return 0;
}

/* Write a file in its place: a device, a link to nothing, or where no file can be beside it. */
static int output_in_place(const char *path, mode_t mode, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, mode);
	int err = fd < 0 ? -errno : output_write_all(fd, bytes, len);

	return fd >= 0 && close(fd) && !err ? -errno : err;
}

int output_replace(const char *path, mode_t mode, const void *bytes, size_t len)
{
	char target[PATH_MAX], beside[PATH_MAX];
	struct stat st = { .st_mode = S_IFREG | mode }, link;
	bool is_old = !stat(path, &st);
	int fd, err;

	if (is_old ? !S_ISREG(st.st_mode) || !realpath(path, target)
		   : !lstat(path, &link))
		return output_in_place(path, mode, bytes, len);
	path = is_old ? target : path;
	if ((size_t)snprintf(beside, sizeof(beside), "%s.XXXXXX", path) >= sizeof(beside))
		return -ENAMETOOLONG;
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return is_old ? output_in_place(path, mode, bytes, len) : -errno;
	err = output_write_all(fd, bytes, len);
	/* The owner can have no number in this user namespace. */
	if (!err && is_old && fchown(fd, st.st_uid, st.st_gid) && errno != EPERM &&
	    errno != EINVAL)
		err = -errno;
	if (!err && (fchmod(fd, st.st_mode & 07777) || fsync(fd)))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (!err && rename(beside, path))
		err = -errno;
	if (err)
		unlink(beside);
	/* A file that is a mount cannot be replaced. */
	return err == -EBUSY ? output_in_place(path, mode, bytes, len) : err;
}
