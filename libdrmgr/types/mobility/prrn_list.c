// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <string.h>

#include "libdrmgr/types/mobility/prrn_list.h"
#include "kern/own_file.h"

static int prrn_list_open_folder(struct prrn_list *list, const char *path)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *folder = NULL;

	list->name = slash ? slash + 1 : path;
	folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	if (!folder)
		return -ENOMEM;
	list->dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return list->dir < 0 ? -errno : 0;
}

int prrn_list_open(struct prrn_list *list, const char *path)
{
	int err;

	*list = (struct prrn_list){ .dir = -1, .fd = -1 };
	err = prrn_list_open_folder(list, path);
	if (err)
		return err;
	list->fd = own_file_open(list->dir, list->name, O_RDONLY | O_NONBLOCK, 0);
	if (list->fd < 0)
		return list->fd == -ELOOP ? -EPERM : list->fd;
	if (fstat(list->fd, &list->st) < 0)
		return -errno;
	if (list->st.st_mode & (S_IWGRP | S_IWOTH))
		return -EPERM;
	return kern_read_fd(list->fd, KERN_READ_MAX, &list->text, &list->len);
}

void prrn_list_close(struct prrn_list *list)
{
	if (list->fd >= 0)
		close(list->fd);
	if (list->dir >= 0)
		close(list->dir);
	free(list->text);
}

int prrn_list_remove(const struct prrn_list *list)
{
	struct stat now;

	if (fstatat(list->dir, list->name, &now, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (now.st_dev != list->st.st_dev || now.st_ino != list->st.st_ino)
		return -ESTALE;
	return unlinkat(list->dir, list->name, 0) < 0 ? -errno : 0;
}
