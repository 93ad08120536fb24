/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * logical_text.h - the words for what went wrong with a host bridge or a logical slot
 */
#pragma once

#include "libdrmgr/core/result.h"

/* As error_text(). */
char *phb_error_text(const struct dr_error *error, const struct drc *drc);
char *lslot_error_text(const struct dr_error *error, const struct drc *drc);
