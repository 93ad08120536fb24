/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mem_text.h - the words for what went wrong with memory
 */
#pragma once

#include "libdrmgr/core/result.h"

/* As error_text(). */
char *mem_error_text(const struct dr_error *error, const struct drc *drc);
