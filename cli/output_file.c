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

/* Write a file beside it, and rename that. Return -EBUSY if the file must be written in its
 * place: it is a device, a mount or a link to nothing, or no file can be beside it. */
static int output_beside(const char *path, mode_t mode, const void *bytes, size_t len)
{
	char target[PATH_MAX], beside[PATH_MAX];
	struct stat st = { .st_mode = S_IFREG | mode };
	bool is_old = !lstat(path, &st);
	int fd, err;

	if (is_old &&
	    (!realpath(path, target) || stat(target, &st) || !S_ISREG(st.st_mode)))
		return -EBUSY;
	path = is_old ? target : path;
	if ((size_t)snprintf(beside, sizeof(beside), "%s.XXXXXX", path) >= sizeof(beside))
		return -ENAMETOOLONG;
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return is_old ? -EBUSY : -errno;
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
	return err;
}

int output_replace(const char *path, mode_t mode, const void *bytes, size_t len)
{
	int err = output_beside(path, mode, bytes, len), fd;

	if (err != -EBUSY)
		return err;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, mode);
	err = fd < 0 ? -errno : output_write_all(fd, bytes, len);
	return fd >= 0 && close(fd) && !err ? -errno : err;
}
