// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "kern/lock_file.h"
#include "kern/lock_owner.h"
#include "kern/own_file.h"
#include "kern/text.h"

enum { ROUNDS_MAX = 64 };

int lock_file_set(int fd, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };

	if (!fcntl(fd, F_OFD_SETLK, &lock))
		return 0;
	if (errno == EINVAL && !fcntl(fd, F_SETLK, &lock))
		return 0;
	return errno == EACCES ? -EAGAIN : -errno;
}

static int lock_file_stat(const struct kern_root *root, const char *path, struct stat *st)
{
	return fstatat(root->fd, path, st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) ? -errno
										  : 0;
}

/* Return 1 if another user created the file, 0 if not, or a negative errno. Always 0 for
 * processes other than root's: only root replaces files. */
static int lock_file_is_foreign(const struct kern_root *root, const char *path)
{
	struct stat st;
	int err = lock_file_stat(root, path, &st);

	if (err)
		return err;
	return !geteuid() && st.st_uid != 0;
}

/* /var/lock is a link to /run/lock, which not every version of systemd makes. An empty /var has
 * not even the link. */
static void lock_file_make_folder(const struct kern_root *root)
{
	char target[64];

	if (geteuid())
		return;
	(void)!symlinkat("../run/lock", root->fd, "var/lock");
	if (readlinkat(root->fd, "var/lock", target, sizeof(target)) > 0)
		mkdirat(root->fd, "run/lock", 0755);
}

/* Open root's own file, or create it. Return -ESTALE if it was created in between. */
static int lock_file_open_own(const struct kern_root *root, const char *path)
{
	struct stat st;
	int fd = own_file_open_stat(root->fd, path, O_RDWR, 0, &st), err;

	/* Open without O_CREAT first: with it the kernel refuses another user's file
	 * (fs.protected_regular). */
	if (fd == -ENOENT) {
		fd = own_file_open(root->fd, path, O_RDWR | O_CREAT | O_EXCL, 0600);
		if (fd == -ENOENT) {
			lock_file_make_folder(root);
			fd = own_file_open(root->fd, path, O_RDWR | O_CREAT | O_EXCL,
					   0600);
		}
		return fd == -EEXIST ? -ESTALE : fd;
	}
	if (fd < 0)
		return fd;
	/* Other programs create it with mode 0444. */
	if ((st.st_mode & 07777) == 0600 || !fchmod(fd, 0600))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* Return the root process that has a lock on another user's file; 0: none is known. */
static pid_t lock_file_root_holder(const struct kern_root *root, const char *path)
{
	struct stat st;
	pid_t pid;

	if (lock_file_stat(root, path, &st) || !S_ISREG(st.st_mode))
		return 0;
	pid = lock_owner_find(root, &st, LOCK_OWNER_ROOT);
	return pid > 0 ? pid : 0;
}

/* Return true if the object at the path is the one to replace: another user's, or the file of
 * the descriptor. */
static bool lock_file_is_bad(const struct kern_root *root, const char *path, int bad)
{
	return bad < 0 ? lock_file_is_foreign(root, path) == 1
		       : lock_file_is_at(root, path, bad);
}

/* Return true if a root process uses the object that was replaced. Of root's own file keep
 * what can be locked, so that no process that has it open can lock it. */
static bool lock_file_is_in_use(const struct kern_root *root, const char *path, int bad,
				enum lock_owner_kind use)
{
	bool is_locked = bad >= 0 &&
			 (!lock_file_set(bad, F_WRLCK) || !lock_file_set(bad, F_RDLCK));
	struct stat st;

	if (use == LOCK_OWNER_OPEN)
		return lock_file_stat(root, path, &st) ||
		       lock_owner_find(root, &st, use) != 0;
	return !is_locked && lock_file_root_holder(root, path);
}

/* Exchange the object at the path for root's new file, which is locked meanwhile. Undo that
 * if it has become another one since the check, or if a root process has locked it since.
 * Return 0, -ESTALE, or another error. */
static int lock_file_exchange(const struct kern_root *root, const char *path,
			      const char *own, int bad, enum lock_owner_kind use)
{
	if (!lock_file_is_bad(root, path, bad))
		return -ESTALE;
	if (renameat2(root->fd, own, root->fd, path, RENAME_EXCHANGE))
		return errno == ENOENT	 ? -ESTALE
		       : errno == EINVAL ? -EPERM /* not supported by this file system */
					 : -errno;
	if (!lock_file_is_bad(root, own, bad) ||
	    lock_file_is_in_use(root, own, bad, use)) {
		renameat2(root->fd, own, root->fd, path, RENAME_EXCHANGE);
		return -ESTALE;
	}
	return 0;
}

int lock_file_replace(const struct kern_root *root, const char *path, int bad,
		      enum lock_owner_kind use)
{
	_cleanup_free_ char *own = NULL;
	_cleanup_close_ int fd = -1;
	uint64_t number;
	int err;

	if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
		return -EIO;
	own = text_of("%s.%016llx", path, (unsigned long long)number);
	if (!own)
		return -ENOMEM;
	fd = own_file_open(root->fd, own, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return fd == -EEXIST ? -ESTALE : fd;

	err = lock_file_set(fd, F_WRLCK);
	if (!err)
		err = lock_file_exchange(root, path, own, bad, use);
	/* It may be another user's object. A directory with files remains: it does no
	 * harm. */
	if (unlinkat(root->fd, own, 0) && errno == EISDIR)
		unlinkat(root->fd, own, AT_REMOVEDIR);
	if (!err)
		err = lock_file_set(fd, F_UNLCK);
	return err ? err : steal_fd(&fd);
}

/* Return true if another user's object at the path is a reason for this error. */
static bool lock_file_can_be_foreign(int err)
{
	return err == -ESTALE || err == -EPERM || err == -ELOOP || err == -ENXIO ||
	       err == -EISDIR;
}

/* Try once. Return -ESTALE if the file has changed meanwhile. */
static int lock_file_open_or_replace(const struct kern_root *root, const char *path,
				     pid_t *pid)
{
	int fd = lock_file_open_own(root, path);

	if (fd >= 0 || fd == -ENOENT) /* the directory does not exist */
		return fd;
	switch (lock_file_is_foreign(root, path)) {
	case 1:
		*pid = lock_file_root_holder(root, path);
		return *pid ? -EAGAIN
			    : lock_file_replace(root, path, -1, LOCK_OWNER_ROOT);
	case -ENOENT: /* another user's was removed, or the own one cannot be created */
		return lock_file_can_be_foreign(fd) ? -ESTALE : fd;
	default:
		return fd;
	}
}

/* Open or replace the file in several rounds. An error of root's own file is final only
 * in the last one. Before that the file may have been another user's, and another process
 * may have replaced it since. */
int lock_file_open(const struct kern_root *root, const char *path, pid_t *pid)
{
	int fd = -ESTALE;

	*pid = 0;
	for (int round = 0; round < ROUNDS_MAX; round++) {
		fd = lock_file_open_or_replace(root, path, pid);
		if (fd >= 0 || fd == -ENOENT || *pid)
			return fd;
	}
	return fd;
}

int lock_file_open_to_read(const struct kern_root *root, const char *path)
{
	return own_file_open(root->fd, path, O_RDONLY, 0);
}

bool lock_file_is_at_stat(const struct kern_root *root, const char *path, int fd,
			  struct stat *at)
{
	struct stat ours;

	return !lock_file_stat(root, path, at) && !fstat(fd, &ours) &&
	       at->st_ino == ours.st_ino && at->st_dev == ours.st_dev;
}

bool lock_file_is_at(const struct kern_root *root, const char *path, int fd)
{
	struct stat at;

	return lock_file_is_at_stat(root, path, fd, &at);
}
