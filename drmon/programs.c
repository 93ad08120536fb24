// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "drmon/programs.h"

/* Relative to sbin, or to a directory in libexec. */
static const char *const places[][2] = {
	[PROGRAM_DRMGR] = { "drmgr", "drmgr" },
	[PROGRAM_RTAS_EVENT] = { "../bin/rtas-event", "../../bin/rtas-event" },
};

int program_path(enum program program, char *path, size_t size)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n < 0)
		return -errno;
	self[n] = '\0';
	*(strrchr(self, '/') + 1) = '\0';
	for (int i = 0; i < 2; i++) {
		if ((size_t)snprintf(path, size, "%s%s", self, places[program][i]) >=
		    size)
			return -ENAMETOOLONG;
		if (!access(path, X_OK))
			return 0;
	}
	return -ENOENT;
}
