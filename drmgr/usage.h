/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage.h - the short text of drmgr -h and the long one of --help
 */
#pragma once

#include <stdio.h>

#include "drmgr/options.h"

/* Print the lines for a connector type; without a type, for all. */
void usage_print(FILE *out, enum drmgr_type type);

/* Print the same, and all options. */
void usage_print_long(FILE *out, enum drmgr_type type);
