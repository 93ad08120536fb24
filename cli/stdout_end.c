// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/json_util.h"
#include "cli/stdout_end.h"

/* Test whether standard output is a pipe or socket that its reader has closed. */
static bool stdout_reader_has_left(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	return poll(&out, 1, 0) > 0 && out.revents & POLLERR;
}

/* Return the error of an earlier write. errno may have another error by now. */
static int stdout_earlier_error(int last)
{
	static const int likely[] = { ENOSPC, EFBIG, EDQUOT, EBADF };

	for (size_t i = 0; i < sizeof(likely) / sizeof(*likely); i++)
		if (last == likely[i])
			return -last;
	return -EIO;
}

/* Close standard output. Return 0, or a negative errno if not all could be written, or a
 * document was replaced. */
static int stdout_close(void)
{
	bool has_failed = ferror(stdout), has_left = stdout_reader_has_left();
	int last = errno;

	if (!fflush(stdout) && !has_failed && !close(STDOUT_FILENO))
		return json_printed();
	if (has_left)
		return -EPIPE;
	return has_failed ? stdout_earlier_error(last) : -errno;
}

static void stdout_print_error(const char *program, int err)
{
	fprintf(stderr, "%s: standard output: %s\n", program, strerror(-err));
}

int stdout_end(const char *program, int status, int failed)
{
	int err = stdout_close();

	if (err && err != -EPIPE)
		stdout_print_error(program, err);
	return err && !status ? failed : status;
}

int stdout_end_of_change(const char *program, int status)
{
	int err = stdout_close();

	if (err)
		stdout_print_error(program, err);
	return status;
}
