// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "drmgr/stdout_end.h"

int stdout_end(const char *program, int status, int failed)
{
	if (!fflush(stdout) && !ferror(stdout) && !close(STDOUT_FILENO))
		return status;
	fprintf(stderr, "%s: standard output: %s\n", program, strerror(errno));
	return status ? status : failed;
}
