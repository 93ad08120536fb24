/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage.h - the short texts of drmgr -h and the longer one of --help
 */
#pragma once

#include <stdio.h>

#include "drmgr/options.h"

/* The lines for a connector type, or for all of them without one. */
void usage_print(FILE *out, enum dr_type type);

/* The same and what the long options do. */
void usage_print_long(FILE *out, enum dr_type type);
