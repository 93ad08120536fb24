// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "cli/system.h"
#include "eventd/errd.h"

/* Return true if a process has the name. This file is much faster to read than status. */
static bool errd_has_name(int proc, const char *pid)
{
	static const char name[] = "rtas_errd\n";
	char path[32], comm[32];
	_cleanup_close_ int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "%.20s/comm", pid);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, comm, sizeof(comm));
	return n == (ssize_t)strlen(name) && !memcmp(comm, name, (size_t)n);
}

/* Return true if root runs this process. Another user's process may have the name. */
static bool errd_is_root(const char *pid)
{
	char path[64], line[128];
	bool is_root = false, has_ended = false;
	unsigned int real, effective;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.20s/status", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "State:\tZ", strlen("State:\tZ")))
			has_ended = true;
		if (sscanf(line, "Uid: %u %u", &real, &effective) == 2)
			is_root = !real && !effective;
	}
	fclose(file);
	return is_root && !has_ended;
}

static int errd_find(void)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	int pid = 0;

	while (proc && !pid && (entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    errd_has_name(dirfd(proc), entry->d_name) &&
		    errd_is_root(entry->d_name))
			pid = (int)strtol(entry->d_name, NULL, 10);
	if (proc)
		closedir(proc);
	return pid;
}

void errd_open(struct errd *errd, const char *source)
{
	*errd = (struct errd){ .end = -1 };
	errd->opens = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (errd->opens < 0 || inotify_add_watch(errd->opens, source, IN_OPEN) >= 0)
		return;
	close(errd->opens);
	errd->opens = -1; /* without it, each look reads all processes */
}

void errd_close(struct errd *errd)
{
	cleanup_close(&errd->end);
	cleanup_close(&errd->opens);
}

/* Return true if it may have started since the last call. */
static bool errd_may_have_started(struct errd *errd)
{
	bool may = errd->opens < 0 || !errd->has_looked;
	char events[4096];

	while (read(errd->opens, events, sizeof(events)) > 0)
		may = true;
	errd->has_looked = true;
	return may;
}

bool errd_look(struct errd *errd)
{
	bool may_have_started = errd_may_have_started(errd), was_running = errd->pid;

	if (errd->pid ? !fd_is_readable(errd->end) : !may_have_started)
		return false;
	cleanup_close(&errd->end);
	errd->pid = errd_find();
	errd->end = errd->pid ? child_open_end(errd->pid) : -1;
	if (errd->end < 0) /* it has ended just now */
		errd->pid = 0;
	return was_running != (errd->pid != 0);
}
