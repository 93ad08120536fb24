// SPDX-License-Identifier: GPL-2.0-or-later
/* Processes that drmgr leaves running. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "outcomes.h"

enum { LIMIT_MS = 10000, PAUSE_MS = 5 };

static bool is_drmgr(const char *pid)
{
	char path[300], name[16];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, name, sizeof(name) - 1);
	if (fd >= 0)
		close(fd);
	name[n > 0 ? n : 0] = '\0';
	return !strcmp(name, "drmgr\n");
}

static bool prints(const char *pid)
{
	char path[300], target[64];
	ssize_t n;

	for (int fd = 0; fd < 16; fd++) {
		snprintf(path, sizeof(path), "/proc/%s/fd/%d", pid, fd);
		n = readlink(path, target, sizeof(target) - 1);
		target[n > 0 ? n : 0] = '\0';
		if (!strcmp(target, SAID_OUT) || !strcmp(target, SAID_ERR) ||
		    !strncmp(target, "pipe:", 5))
			return true;
	}
	return false;
}

static unsigned int count(bool (*is_one)(const char *pid))
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	unsigned int n = 0;

	while (proc && (entry = readdir(proc)))
		n += entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		     is_drmgr(entry->d_name) && (!is_one || is_one(entry->d_name));
	if (proc)
		closedir(proc);
	return n;
}

unsigned int writers_count(void)
{
	return count(NULL);
}

bool writers_hold_output(void)
{
	return count(prints);
}

bool writers_wait(void)
{
	const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000L };

	for (int left = LIMIT_MS / PAUSE_MS; writers_count(); left--) {
		if (!left)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}
