// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest; links: */
/*
 * measure - run commands in turn, round after round, and print the cost of each
 *
 *   measure ROUNDS < LIST
 *
 * A line of LIST is a label, a blank and a command for the shell's exec. The commands of
 * one round follow each other, so that a disturbance of the machine affects all of them.
 * Prints for each label: medians of wall time and of user + system time in milliseconds,
 * peak memory in KiB, failures.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LABELS = 64, ROUNDS_MAX = 1000 };

struct row {
	char label[64], command[512];
	double wall[ROUNDS_MAX], cpu[ROUNDS_MAX];
	long rss;
	int failed;
};

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static double ms(struct timeval tv)
{
	return (double)tv.tv_sec * 1e3 + (double)tv.tv_usec / 1e3;
}

static void run(struct row *row, int round)
{
	char command[600];
	double begin = now_ms();
	struct rusage usage;
	int status;
	pid_t pid;

	snprintf(command, sizeof(command), "exec %s >/dev/null 2>&1", row->command);
	pid = fork();
	if (!pid) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	wait4(pid, &status, 0, &usage);
	row->wall[round] = now_ms() - begin;
	row->cpu[round] = ms(usage.ru_utime) + ms(usage.ru_stime);
	if (usage.ru_maxrss > row->rss)
		row->rss = usage.ru_maxrss;
	row->failed += status != 0;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, int n)
{
	qsort(values, (size_t)n, sizeof(*values), ascending);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

int main(int argc, char *argv[])
{
	static struct row rows[LABELS];
	int rounds = argc > 1 ? atoi(argv[1]) : 0, n = 0;

	if (rounds < 1 || rounds > ROUNDS_MAX)
		return 2;
	while (n < LABELS && scanf("%63s %511[^\n]", rows[n].label, rows[n].command) == 2)
		n++;
	for (int round = 0; round < rounds; round++)
		for (int i = 0; i < n; i++)
			run(&rows[i], round);
	for (int i = 0; i < n; i++)
		printf("%s %.3f %.3f %ld %d\n", rows[i].label,
		       median(rows[i].wall, rounds), median(rows[i].cpu, rounds),
		       rows[i].rss, rows[i].failed);
	return 0;
}
