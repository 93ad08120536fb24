/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mem_text.h - texts of errors of memory
 */
#pragma once

#include "libdrmgr/core/result.h"

/* Return the text of an error; see error_text(). */
char *mem_error_text(const struct dr_error *error, const struct drc *drc);
