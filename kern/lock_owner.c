// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kern/cleanup.h"
#include "kern/lock_owner.h"
#include "kern/text.h"

static int lock_owner_is_root(const struct kern_root *root, pid_t pid)
{
	_cleanup_free_ char *path = text_of("proc/%d/status", (int)pid), *status = NULL;
	unsigned int id[4];
	const char *line;
	size_t len;
	int err = path ? kern_read(root, path, &status, &len) : -ENOMEM;

	if (err)
		return err;
	line = strstr(status, "\nUid:");
	if (!line || sscanf(line + 5, "%u %u %u %u", &id[0], &id[1], &id[2], &id[3]) != 4)
		return -EBADMSG;
	return !(id[0] | id[1] | id[2] | id[3]);
}

/* Return true if the text of a descriptor has a lock of the file with this number. */
static bool lock_owner_has_line(const char *info, ino_t ino)
{
	unsigned long long number;
	char type[16];

	for (const char *at = info; (at = strstr(at, "lock:\t")); at++)
		if (sscanf(at, "lock: %*d: %15s %*s %*s %*s %*x:%*x:%llu", type,
			   &number) == 2 &&
		    strcmp(type, "FLOCK") != 0 && number == ino)
			return true;
	return false;
}

/* Return 1 if this descriptor of the process is the file, and has a lock if the kind needs one,
 * 0 if not or if it was closed, or a negative errno. */
static int lock_owner_has_fd(const struct kern_root *root, pid_t pid, const char *fd,
			     const struct stat *st, enum lock_owner_kind kind)
{
	_cleanup_free_ char *path = text_of("proc/%d/fdinfo/%s", (int)pid, fd);
	_cleanup_free_ char *link = text_of("proc/%d/fd/%s", (int)pid, fd), *info = NULL;
	struct stat at;
	size_t len;
	int err = path && link ? kern_read(root, path, &info, &len) : -ENOMEM;

	if (err)
		return err == -ENOENT ? 0 : err;
	/* Other file systems can have the same number. */
	return (kind == LOCK_OWNER_OPEN || lock_owner_has_line(info, st->st_ino)) &&
	       !fstatat(root->fd, link, &at, 0) && at.st_ino == st->st_ino &&
	       at.st_dev == st->st_dev;
}

int lock_owner_is(const struct kern_root *root, pid_t pid, const struct stat *st,
		  enum lock_owner_kind kind)
{
	_cleanup_free_ char *dir = text_of("proc/%d/fdinfo", (int)pid);
	_cleanup_names_ struct kern_names fds = { 0 };
	int found = dir ? lock_owner_is_root(root, pid) : -ENOMEM, err = 0;

	if (found < 0)
		return found;
	if (found == (kind == LOCK_OWNER_USER) ||
	    (kind == LOCK_OWNER_OPEN && pid == getpid()))
		return 0;
	err = kern_list(root, dir, KERN_LIST_ALL, &fds);
	for (size_t i = 0; i < fds.n; i++) {
		found = lock_owner_has_fd(root, pid, fds.name[i], st, kind);
		if (found > 0)
			return 1;
		err = found ? found : err;
	}
	return err;
}

pid_t lock_owner_find(const struct kern_root *root, const struct stat *st,
		      enum lock_owner_kind kind)
{
	_cleanup_names_ struct kern_names names = { 0 };
	bool is_read = false, is_unread = false;

	if (kern_list(root, "proc", KERN_LIST_ALL, &names))
		return -1;
	for (size_t i = 0; i < names.n; i++) {
		_cleanup_free_ char *dir = text_of("proc/%s", names.name[i]);
		pid_t pid = (pid_t)strtol(names.name[i], NULL, 10);
		int found = pid > 0 ? lock_owner_is(root, pid, st, kind) : -ENOENT;

		if (found > 0)
			return pid;
		is_read |= !found;
		/* One that has ended meanwhile has no lock. */
		is_unread |= found < 0 && found != -EACCES && found != -EPERM &&
			     pid > 0 && (!dir || kern_exists(root, dir));
	}
	return is_read && !is_unread ? 0 : -1;
}
