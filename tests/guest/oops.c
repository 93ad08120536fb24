// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oops.h"
#include "proto.h"

/* The error message, registers and a backtrace. */
#define LINES_BEHIND 50

static const char *const complaints[] = {
	"Oops:",
	"BUG:",
	"kernel BUG at",
	"WARNING:",
	"Kernel panic",
	"Unable to handle kernel",
	"------------[ cut here",
	"Badness at",
	"scheduling while atomic",
	"INFO: task ",
	"INFO: rcu",
	"refcount_t:",
	"UBSAN:",
	"KASAN:",
};

/* Lines that are no errors: firmware has never written this NVRAM. */
static const char *const harmless[] = { "nvram corruption detected" };

static bool contains(const char *line, const char *const *texts, size_t n)
{
	while (n--) {
		if (strstr(line, texts[n]))
			return true;
	}
	return false;
}

static bool is_complaint(const char *line)
{
	return contains(line, complaints, sizeof(complaints) / sizeof(*complaints)) &&
	       !contains(line, harmless, sizeof(harmless) / sizeof(*harmless));
}

/* The position at which the last call stopped. */
static long position_get(int dir)
{
	int fd = openat(dir, "oops.position", O_RDONLY | O_CLOEXEC);
	char text[32] = "";

	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) < 0)
		warn("oops.position");
	close(fd);
	return strtol(text, NULL, 10);
}

static void position_set(int dir, long position)
{
	int fd = openat(dir, "oops.position", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			0600);

	if (fd < 0 || dprintf(fd, "%ld\n", position) < 0 || close(fd) < 0)
		err(EXIT_HARNESS, "oops.position");
}

int oops_print(int dir)
{
	int fd = openat(dir, "console.log", O_RDONLY | O_CLOEXEC), show = 0;
	FILE *log = fd < 0 ? NULL : fdopen(fd, "r");
	bool found = false;
	char *line = NULL;
	size_t size = 0;
	long position;
	ssize_t len;

	if (!log)
		err(EXIT_HARNESS, "console.log");

	position = position_get(dir);
	fseek(log, position, SEEK_SET);
	while ((len = getline(&line, &size, log)) > 0 && line[len - 1] == '\n') {
		position += len;
		if (is_complaint(line))
			show = LINES_BEHIND;
		found = found || show;
		if (show && show--)
			fputs(line, stdout);
	}
	position_set(dir, position);
	free(line);
	fclose(log);

	return found ? 0 : 1;
}
