/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu_text.h - texts of errors of a processor
 */
#pragma once

#include "libdrmgr/core/result.h"

/* Return the text of an error; see error_text(). */
char *smt_error_text(const struct dr_error *error, const struct drc *drc);
char *cpu_error_text(const struct dr_error *error, const struct drc *drc);
