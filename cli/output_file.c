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

int output_replace(const char *path, mode_t mode, const void *bytes, size_t len)
{
	char target[PATH_MAX], beside[PATH_MAX] = "";
	struct stat st = { .st_mode = S_IFREG | mode };
	bool is_old = !stat(path, &st);
	int fd, err;

	if (!S_ISREG(st.st_mode)) {
		fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	} else {
		path = is_old && realpath(path, target) ? target : path;
		if ((size_t)snprintf(beside, sizeof(beside), "%s.XXXXXX", path) >=
		    sizeof(beside))
			return -ENAMETOOLONG;
		fd = mkostemp(beside, O_CLOEXEC);
	}
	if (fd < 0)
		return -errno;
	err = output_write_all(fd, bytes, len);
	if (!err && *beside &&
	    ((is_old && fchown(fd, st.st_uid, st.st_gid) && errno != EPERM) ||
	     fchmod(fd, st.st_mode & 07777) || fsync(fd)))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (!err && *beside && rename(beside, path))
		err = -errno;
	if (err && *beside)
		unlink(beside);
	return err;
}
