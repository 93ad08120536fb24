// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "kern/lock.h"
#include "kern/lock_file.h"
#include "kern/lock_owner.h"
#include "kern/text.h"
#include "wire/printable.h"

enum {
	/* Time limit for a holder that is ending: its command line is empty, or it is a
	 * child of one that has ended. Its locks are released soon. */
	ENDING_MS = 500,
	ROUNDS_MAX = 64,
};

void lock_holder_find(struct lock_holder *holder, const struct kern_root *root, pid_t pid)
{
	_cleanup_free_ char *path = NULL, *data = NULL;
	size_t len;

	*holder = (struct lock_holder){ .pid = pid > 0 ? pid : 0 };
	if (pid > 0)
		path = text_of("proc/%d/cmdline", (int)pid);
	if (!path || kern_read(root, path, &data, &len))
		return;

	for (size_t i = 0; i + 1 < len; i++)
		if (!data[i])
			data[i] = ' ';
	snprintf(holder->command, sizeof(holder->command), "%s", data);
}

/* Write "PID COMMAND\n" into the file of this size for other programs. If the disk is
 * full, the lock is held without it. A holder that was killed has left its text. */
static void lock_sign(int fd, off_t size, const struct kern_root *root,
		      const char *command)
{
	char text[sizeof(((struct lock_holder *)0)->command) + 16];
	struct lock_holder self = { .pid = getpid() };
	int len;

	if (command)
		snprintf(self.command, sizeof(self.command), "%s", command);
	else
		lock_holder_find(&self, root, getpid());
	printable(self.command);
	len = snprintf(text, sizeof(text), "%d %s\n", (int)self.pid, self.command);
	if ((size && ftruncate(fd, 0)) || pwrite(fd, text, (size_t)len, 0) != len)
		errno = 0;
}

void lock_close(struct lock *lock)
{
	if (lock->fd >= 0)
		close(lock->fd);
	if (lock->replaced >= 0)
		close(lock->replaced);
	*lock = (struct lock){ -1, -1 };
}

/* Clear the text and release the lock. Until the next holder writes its own text, the
 * file must not name this process. */
void lock_release(struct lock *lock)
{
	if (lock->fd >= 0 && ftruncate(lock->fd, 0))
		errno = 0;
	lock_close(lock);
}

/* Return the PID that the holder wrote; 0 if that process has ended: a child that it forked
 * just before can hold the lock for a moment longer; -1 if the text is invalid. */
static pid_t lock_signed_by(int fd, const struct kern_root *root)
{
	_cleanup_free_ char *path = NULL;
	char text[16];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	long pid;
	char *end;

	if (n <= 0)
		return -1;
	text[n] = '\0';
	pid = strtol(text, &end, 10);
	if (pid <= 0 || pid > INT32_MAX || (*end != ' ' && *end != '\n'))
		return -1;
	path = text_of("proc/%ld", pid);
	return !path ? -1 : kern_exists(root, path) ? (pid_t)pid : 0;
}

pid_t lock_holder_pid(int fd, const struct kern_root *root)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	pid_t pid, owner;
	struct stat st;

	if (fcntl(fd, F_OFD_GETLK, &lock) &&
	    (errno != EINVAL || fcntl(fd, F_GETLK, &lock)))
		return -1;
	if (lock.l_type == F_UNLCK)
		return 0;
	pid = lock.l_pid > 0 ? lock.l_pid : lock_signed_by(fd, root);
	if (geteuid() || fstat(fd, &st) ||
	    (pid > 0 && lock_owner_is(root, pid, &st, LOCK_OWNER_ROOT)))
		return pid ? pid : -1;
	owner = lock_owner_find(root, &st, LOCK_OWNER_ROOT);
	return owner >= 0 ? owner : pid ? pid : -1;
}

/* Try once. *size is that of the locked file. The files stay open for the next try. Return 0
 * or an error. -EAGAIN: *pid has the lock (0: released in between). -ESTALE: the file was
 * replaced, so another program may hold the new one. */
static int lock_try(struct lock *lock, const struct kern_root *root, const char *path,
		    off_t *size, pid_t *pid)
{
	struct stat at;
	int err;

	if (lock->fd < 0)
		lock->fd = lock_file_open(root, path, pid);
	if (lock->fd < 0)
		return lock->fd;

	err = lock_file_set(lock->fd, F_WRLCK);
	if (err == -EAGAIN)
		*pid = lock_holder_pid(lock->fd, root);
	if (err)
		return err;
	if (lock_file_is_at_stat(root, path, lock->fd, &at)) {
		*size = at.st_size;
		return 0;
	}
	close(lock->fd);
	lock->fd = -1;
	return -ESTALE;
}

/* Processes that replace it exclude each other: otherwise one exchanges the file of another for
 * a moment, and other programs do not check what they have opened. */
int lock_take_from_user(struct lock *lock, const struct kern_root *root, const char *path,
			enum lock_owner_kind use, pid_t *pid)
{
	_cleanup_free_ char *alone = text_of("%s.replace", path);
	struct deadline dl = deadline_in_ms(ENDING_MS);
	struct lock_holder holder;
	struct lock replacing;
	int fd = alone ? lock_acquire(&replacing, root, alone, NULL, &dl, &holder)
		       : -ENOMEM;

	if (fd == -EAGAIN)
		*pid = holder.pid > 0 ? holder.pid : -1;
	if (fd)
		return fd;
	fd = lock_file_replace(root, path, lock->fd, use);
	unlinkat(root->fd, alone, 0);
	lock_release(&replacing);
	if (fd < 0) {
		close(lock->fd);
		lock->fd = -1;
		return fd;
	}
	if (lock->replaced >= 0)
		close(lock->replaced);
	*lock = (struct lock){ fd, lock->fd };
	return -ESTALE;
}

int lock_acquire(struct lock *lock, const struct kern_root *root, const char *path,
		 const char *command, const struct deadline *dl,
		 struct lock_holder *holder)
{
	struct deadline ending = deadline_in_ms(ENDING_MS);
	int pause = 0, rounds = 0, released = 0;

	*lock = (struct lock){ -1, -1 };
	*holder = (struct lock_holder){ 0 };
	for (;;) {
		bool is_late = deadline_has_passed(dl);
		pid_t pid = 0;
		off_t size = 0;
		int err = lock_try(lock, root, path, &size, &pid);

		if (!err) {
			lock_sign(lock->fd, size, root, command);
			return 0;
		}
		/* Refused, but no process of root has it: released in between, or a user's. */
		released = err == -EAGAIN && !pid ? released + 1 : 0;
		if (released > 1 && !geteuid())
			err = lock_take_from_user(lock, root, path, LOCK_OWNER_ROOT,
						  &pid);
		rounds = err == -ESTALE ? rounds + 1 : 0;
		if (rounds && rounds < ROUNDS_MAX)
			continue;
		if (err != -EAGAIN) {
			lock_close(lock);
			return err;
		}
		if (pid && is_late) {
			lock_holder_find(holder, root, pid);
			if ((*holder->command && lock_signed_by(lock->fd, root)) ||
			    deadline_has_passed(&ending)) {
				lock_close(lock);
				return -EAGAIN;
			}
		}
		if (!pid)
			continue;
		pause = deadline_backoff_ms(pause);
		deadline_wait_ms(is_late ? &ending : dl, pause);
	}
}
