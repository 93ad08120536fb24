/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bad_option.h - one line for an option that getopt_long() does not accept
 *
 * The short options begin with ':', so that getopt_long() prints nothing and tells a
 * missing value from an unknown option.
 */
#pragma once

#include <stddef.h>

/* Print the line on standard error: "program: --x: unknown option; see program --help".
 * c: '?' or ':', as getopt_long() returned it. Return -EINVAL. */
int bad_option(const char *program, int c, char *const argv[]);

/* Do the same, and copy the line without the first "program: ", for a document. */
int bad_option_into(const char *program, int c, char *const argv[], char *message,
		    size_t size);
