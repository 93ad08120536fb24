// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "kern/lock.h"
#include "kern/lock_file.h"
#include "kern/text.h"
#include "wire/printable.h"

enum {
	/* Time limit for a holder that is ending: its command line is empty, and its
	 * locks are released soon. */
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

/* Set or release the lock. Kernels before 3.15 support only POSIX locks. */
static int lock_set(int fd, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };

	if (!fcntl(fd, F_OFD_SETLK, &lock))
		return 0;
	if (errno == EINVAL && !fcntl(fd, F_SETLK, &lock))
		return 0;
	return errno == EACCES ? -EAGAIN : -errno;
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

/* Clear the text and release the lock. Until the next holder writes its own text, the
 * file must not name this process. */
void lock_release(int fd)
{
	if (ftruncate(fd, 0))
		errno = 0;
	close(fd);
}

/* Return the PID that the holder wrote, or -1 if the text is invalid or that process does
 * not exist. The process may have ended while a child of it still holds the lock. */
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
	return path && kern_exists(root, path) ? (pid_t)pid : -1;
}

pid_t lock_holder_pid(int fd, const struct kern_root *root)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_OFD_GETLK, &lock) &&
	    (errno != EINVAL || fcntl(fd, F_GETLK, &lock)))
		return -1;
	if (lock.l_type == F_UNLCK)
		return 0;
	if (lock.l_pid > 0)
		return lock.l_pid;
	return lock_signed_by(fd, root);
}

/* Try once. *size is that of the locked file. *fd stays open for the next try. Return 0 or
 * an error. -EAGAIN: *pid has the lock (0: released in between). -ESTALE: the file was
 * replaced, so another program may hold the new one. */
static int lock_try(const struct kern_root *root, const char *path, int *fd, off_t *size,
		    pid_t *pid)
{
	struct stat at;
	int err;

	if (*fd < 0)
		*fd = lock_file_open(root, path, pid);
	if (*fd < 0)
		return *fd;

	err = lock_set(*fd, F_WRLCK);
	if (err == -EAGAIN)
		*pid = lock_holder_pid(*fd, root);
	if (err)
		return err;
	if (lock_file_is_at_stat(root, path, *fd, &at)) {
		*size = at.st_size;
		return 0;
	}
	close(*fd);
	*fd = -1;
	return -ESTALE;
}

int lock_acquire(const struct kern_root *root, const char *path, const char *command,
		 const struct deadline *dl, struct lock_holder *holder)
{
	struct deadline ending = deadline_in_ms(ENDING_MS);
	_cleanup_close_ int fd = -1;
	int pause = 0, rounds = 0;

	*holder = (struct lock_holder){ 0 };
	for (;;) {
		bool is_late = deadline_has_passed(dl);
		pid_t pid = 0;
		off_t size = 0;
		int err = lock_try(root, path, &fd, &size, &pid);

		if (!err) {
			lock_sign(fd, size, root, command);
			return steal_fd(&fd);
		}
		rounds = err == -ESTALE ? rounds + 1 : 0;
		if (rounds && rounds < ROUNDS_MAX)
			continue;
		if (err != -EAGAIN)
			return err;
		if (pid && is_late) {
			lock_holder_find(holder, root, pid);
			if (*holder->command || deadline_has_passed(&ending))
				return -EAGAIN;
		}
		if (!pid) /* released in between */
			continue;
		pause = deadline_backoff_ms(pause);
		deadline_wait_ms(is_late ? &ending : dl, pause);
	}
}
