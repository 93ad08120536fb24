/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu_text.h - the words for what went wrong with a processor
 */
#pragma once

#include "libdrmgr/core/result.h"

/* As error_text(). */
char *cpu_error_text(const struct dr_error *error, const struct drc *drc);
