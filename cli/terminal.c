// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/terminal.h"

/* For a terminal that does not report its width, such as one on a serial line. */
enum { USUAL_COLUMNS = 80 };

int terminal_columns(int fd)
{
	struct winsize size;

	if (isatty(fd) != 1)
		return 0;
	return !ioctl(fd, TIOCGWINSZ, &size) && size.ws_col ? size.ws_col : USUAL_COLUMNS;
}

/* Return how many bytes of a line fit: up to a blank, or more if its first word is
 * longer. */
static size_t terminal_fitting_len(const char *line, size_t len, size_t columns)
{
	size_t at = columns;

	if (len <= columns)
		return len;
	while (at && line[at] != ' ')
		at--;
	/* Do not break before the first word, even if it is too long: the terminal wraps
	 * it. */
	if (strspn(line, " ") >= at)
		for (at = columns; at < len && line[at] != ' ';)
			at++;
	return at;
}

static void terminal_print_line(FILE *out, const char *line, size_t len, size_t columns)
{
	size_t part = terminal_fitting_len(line, len, columns);

	fprintf(out, "%.*s\n", (int)part, line);
	while (part < len) {
		line += part + 1;
		len -= part + 1;
		part = terminal_fitting_len(line, len, columns);
		fprintf(out, "%.*s\n", (int)part, line);
	}
}

void terminal_print(FILE *out, const char *text)
{
	int columns = terminal_columns(fileno(out));
	size_t len;

	if (!columns) {
		fprintf(out, "%s\n", text);
		return;
	}
	for (;; text += len + 1) {
		len = strcspn(text, "\n");
		terminal_print_line(out, text, len, (size_t)columns);
		if (!text[len])
			return;
	}
}
