/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage.h - the short text of drmgr -h and the long one of --help
 */
#pragma once

#include <stdio.h>

#include "drmgr/options.h"

/* Print the lines for a connector type; type NULL: for all. */
void usage_print(FILE *out, const struct dr_type *type);

/* Print the options that the type has, each with an example; type NULL: all options. */
void usage_print_long(FILE *out, const struct dr_type *type);
