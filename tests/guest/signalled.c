// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: sim; links: librtas.la */
/*
 * signalled - read vital product data while a timer sends signals
 *
 *   signalled PROGRAMS SEQUENCES MICROSECONDS [interrupt]
 *
 * So many programs, at the same time, read the data so many times, each with a timer of
 * its own, whose signals restart system calls, or interrupt them. Prints "begun" after some
 * of them, and at the end how many times the data differed from what was read without a timer.
 */
#include <err.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <librtas.h>

enum { PIECE = 4096, DATA_MAX = 1 << 20, BEGUN = 10 };

struct data {
	size_t len;
	char bytes[DATA_MAX];
};

/* Return the status of the last call. */
static int read_all(struct data *data)
{
	char piece[PIECE], *everywhere = (char[1]){ "" };
	unsigned int sequence = 1, bytes;
	int status;

	data->len = 0;
	do {
		bytes = 0;
		status = rtas_get_vpd(everywhere, piece, sizeof(piece), sequence,
				      &sequence, &bytes);
		if (status < 0 || bytes > DATA_MAX - data->len)
			return status < 0 ? status : -1;
		memcpy(data->bytes + data->len, piece, bytes);
		data->len += bytes;
	} while (status == 1);
	return status;
}

static void ignore(int number)
{
	(void)number;
}

static void start_timer(long us, int flags)
{
	const struct sigaction action = { .sa_handler = ignore, .sa_flags = flags };
	const struct timeval every = { .tv_usec = us };

	if (sigaction(SIGALRM, &action, NULL) ||
	    setitimer(ITIMER_REAL, &(struct itimerval){ every, every }, NULL))
		err(2, "timer");
}

/* Return the number of broken sequences, at most 255, and describe the first one. */
static int program(const struct data *expected, bool is_first, long sequences, long us,
		   int flags)
{
	static struct data data;
	int status, broken = 0;

	start_timer(us, flags);
	for (long i = 0; i < sequences; i++) {
		if (i == BEGUN && is_first)
			puts("begun");
		fflush(stdout);
		status = read_all(&data);
		if (!status && data.len == expected->len &&
		    !memcmp(data.bytes, expected->bytes, data.len))
			continue;
		if (!broken++)
			warnx("sequence %ld: status %d, %zu bytes instead of %zu", i,
			      status, data.len, expected->len);
	}
	return broken < 255 ? broken : 255;
}

int main(int argc, char *argv[])
{
	long programs = argc > 3 ? strtol(argv[1], NULL, 10) : 0, broken = 0;
	int flags = argc > 4 ? 0 : SA_RESTART, status;
	static struct data expected;

	if (programs < 1 || argc > 5 || (argc == 5 && strcmp(argv[4], "interrupt") != 0))
		errx(2, "usage: signalled PROGRAMS SEQUENCES MICROSECONDS [interrupt]");
	status = read_all(&expected);
	if (status || !expected.len)
		errx(2, "no vital product data: %d", status);
	for (long i = 0; i < programs; i++)
		if (!fork())
			_exit(program(&expected, !i, strtol(argv[2], NULL, 10),
				      strtol(argv[3], NULL, 10), flags));
	while (wait(&status) > 0)
		broken += WIFEXITED(status) ? WEXITSTATUS(status) : 1;
	printf("broken: %ld\n", broken);
	return 0;
}
