/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mem_text.h - texts of errors of memory
 */
#pragma once

#include "libdrmgr/core/result.h"

/* Return the text of an error; see error_text(). */
char *mem_error_text(const struct dr_error *error, const struct drc *drc);
