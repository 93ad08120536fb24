/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cpu_text.h - texts of errors of a processor
 */
#pragma once

#include "libdrmgr/core/result.h"

/* Return the text of an error; see error_text(). */
char *smt_error_text(const struct dr_error *error, const struct drc *drc);
char *cpu_error_text(const struct dr_error *error, const struct drc *drc);
