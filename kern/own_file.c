// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "kern/own_file.h"
#include "kern/text.h"

static int own_file_stat(int fd, struct stat *st)
{
	if (fstat(fd, st) < 0)
		return -errno;
	return S_ISREG(st->st_mode) && st->st_nlink == 1 && st->st_uid == geteuid()
		       ? 0
		       : -EPERM;
}

int own_file_open_stat(int dir, const char *name, int flags, unsigned int mode,
		       struct stat *st)
{
	int fd = openat(dir, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, mode);
	int err = fd < 0 ? -errno : own_file_stat(fd, st);

	if (err && fd >= 0)
		close(fd);
	return err ? err : fd;
}

int own_file_open(int dir, const char *name, int flags, unsigned int mode)
{
	struct stat st;
	int fd;

	/* The kernel has just created it: there is nothing to check. */
	if (flags & O_EXCL) {
		fd = openat(dir, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, mode);
		return fd < 0 ? -errno : fd;
	}
	return own_file_open_stat(dir, name, flags, mode, &st);
}

int own_dir_open(const struct kern_root *root, const char *path)
{
	int fd = kern_open(root, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0 || st.st_uid != geteuid() || st.st_mode & 077) {
		close(fd);
		return -EPERM;
	}
	return fd;
}

int own_dir_make(const struct kern_root *root, const char *path)
{
	int fd = own_dir_open(root, path);

	if (fd != -ENOENT)
		return fd;
	if (mkdirat(root->fd, path, 0700) < 0 && errno != EEXIST)
		return -errno;
	return own_dir_open(root, path);
}

/* Test the last component of a path. */
static bool own_path_is_safe_at(const char *path)
{
	struct stat st;

	if (lstat(path, &st) || (st.st_uid && st.st_uid != geteuid()))
		return false;
	if (!(st.st_mode & (S_IWGRP | S_IWOTH)))
		return true;
	return S_ISDIR(st.st_mode) && st.st_mode & S_ISVTX;
}

bool own_path_is_safe(const char *path)
{
	_cleanup_free_ char *part = strdup(path);
	char *slash;

	if (!part || !own_path_is_safe_at("/"))
		return false;
	while ((slash = strrchr(part, '/'))) {
		if (*part && !own_path_is_safe_at(part))
			return false;
		*slash = '\0';
		if (slash == part)
			break;
	}
	return true;
}

int own_program_find(const char *folder, const char *name, char **path)
{
	_cleanup_free_ char *link = text_of("%s/%s", folder, name),
			    *found = link ? realpath(link, NULL) : NULL;
	struct stat st;

	if (!found || stat(found, &st) || !S_ISREG(st.st_mode) || !(st.st_mode & S_IXUSR))
		return -ENOENT;
	if (!own_path_is_safe(found))
		return -EPERM;
	*path = steal_ptr(&found);
	return 0;
}
