// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest; links: */
/*
 * failwrite - make one allocation of the kernel fail during a write
 *
 *   failwrite FILE N
 *
 * Write standard input to FILE with one write(2), and make the N-th allocation in it fail
 * (/proc/thread-self/fail-nth; the kernel needs CONFIG_FAILSLAB). Print "ok" or the name
 * of the error, then "injected", or "none" if the write made fewer than N allocations.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BYTES_MAX = 1 << 20 };

static size_t read_all(char *bytes)
{
	size_t have = 0;
	ssize_t n;

	while ((n = read(STDIN_FILENO, bytes + have, BYTES_MAX - have)) > 0)
		have += (size_t)n;
	if (n < 0)
		err(EXIT_FAILURE, "standard input");
	return have;
}

int main(int argc, char **argv)
{
	static char bytes[BYTES_MAX];
	char left[16] = "";
	int fd, nth, error;
	size_t len;
	ssize_t n;

	if (argc != 3)
		errx(2, "usage: failwrite FILE N");
	len = read_all(bytes);
	fd = open(argv[1], O_WRONLY | O_CLOEXEC);
	nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fd < 0 || nth < 0)
		err(EXIT_FAILURE, "%s", fd < 0 ? argv[1] : "fail-nth");
	if (write(nth, argv[2], strlen(argv[2])) < 0)
		err(EXIT_FAILURE, "fail-nth");
	n = write(fd, bytes, len);
	error = errno;
	if (pread(nth, left, sizeof(left) - 1, 0) < 0 || pwrite(nth, "0", 1, 0) < 0)
		err(EXIT_FAILURE, "fail-nth");
	printf("%s %s\n",
	       n == (ssize_t)len ? "ok"
	       : n < 0		 ? strerrorname_np(error)
				 : "short",
	       atoi(left) ? "none" : "injected");
	return 0;
}
