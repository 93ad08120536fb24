// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include "cli/bad_option.h"

int bad_option_into(const char *program, int c, char *const argv[], char *message,
		    size_t size)
{
	const char *why = c == ':' ? "a value is missing" : "unknown option";
	const char letter[] = { '-', (char)optopt, '\0' };
	bool is_long = optopt < ' ' || optopt >= 0x7f;
	const char *option = is_long ? argv[optind - 1] : letter;

	/* getopt_long() accepts the name of this option, but not the value. */
	if (c != ':' && is_long && optopt)
		why = "it takes no value";
	fprintf(stderr, "%s: %s: %s; see %s --help\n", program, option, why, program);
	if (size)
		snprintf(message, size, "%s: %s; see %s --help", option, why, program);
	return -EINVAL;
}

int bad_option(const char *program, int c, char *const argv[])
{
	return bad_option_into(program, c, argv, NULL, 0);
}
