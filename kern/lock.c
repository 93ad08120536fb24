// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "kern/lock.h"
#include "kern/own_file.h"
#include "kern/text.h"

/* A process without a command line is ending, and then lets go. */
enum { ENDING_MS = 500 };

int lock_file_open(const struct kern_root *root, const char *path)
{
	int fd = own_file_open(root->fd, path, O_RDWR | O_CREAT, 0600), err;
	struct stat st;

	if (fd < 0)
		return fd;
	/* Other programs create it 0444. */
	if (!fstat(fd, &st) && ((st.st_mode & 07777) == 0600 || !fchmod(fd, 0600)))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

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

pid_t lock_holder_pid(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_GETLK, &lock))
		return -1;
	if (lock.l_type == F_UNLCK)
		return 0;
	return lock.l_pid > 0 ? lock.l_pid : -1;
}

int lock_whole(int fd, const struct kern_root *root, const struct deadline *dl,
	       struct lock_holder *holder)
{
	struct deadline ending = deadline_in_ms(ENDING_MS);
	int pause = 0;

	for (;;) {
		struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
		bool is_late = deadline_has_passed(dl);
		pid_t pid;

		if (!fcntl(fd, F_SETLK, &lock))
			return 0;
		if (errno != EAGAIN && errno != EACCES)
			return -errno;
		pid = lock_holder_pid(fd);
		if (pid && is_late) {
			lock_holder_find(holder, root, pid);
			if (*holder->command || deadline_has_passed(&ending))
				return -EAGAIN;
		}
		if (!pid) /* let go in between */
			continue;
		pause = deadline_backoff_ms(pause);
		deadline_wait_ms(is_late ? &ending : dl, pause);
	}
}
