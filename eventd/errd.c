// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "eventd/errd.h"

/* Return true if this process is rtas_errd. Another user's process may have the name. */
static bool errd_is_process(const char *pid)
{
	char path[64], line[128];
	bool has_name = false, is_root = false;
	unsigned int real, effective;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.20s/status", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (fgets(line, sizeof(line), file))
		has_name = !strcmp(line, "Name:\trtas_errd\n");
	while (has_name && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "State:\tZ", strlen("State:\tZ")))
			has_name = false;
		if (sscanf(line, "Uid: %u %u", &real, &effective) == 2)
			is_root = !real && !effective;
	}
	fclose(file);
	return has_name && is_root;
}

static int errd_find(void)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	int pid = 0;

	while (proc && !pid && (entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    errd_is_process(entry->d_name))
			pid = (int)strtol(entry->d_name, NULL, 10);
	if (proc)
		closedir(proc);
	return pid;
}

void errd_init(struct errd *errd)
{
	*errd = (struct errd){ .end = -1 };
}

void errd_close(struct errd *errd)
{
	if (errd->end >= 0)
		close(errd->end);
	errd_init(errd);
}

bool errd_look(struct errd *errd)
{
	struct pollfd end = { .fd = errd->end, .events = POLLIN };
	bool was_running = errd->pid;

	if (errd->pid && poll(&end, 1, 0) == 0)
		return false;
	errd_close(errd);
	errd->pid = errd_find();
	if (errd->pid)
		errd->end = (int)syscall(SYS_pidfd_open, errd->pid, 0);
	if (errd->end < 0) /* it has ended just now */
		errd_init(errd);
	return was_running != (errd->pid != 0);
}
