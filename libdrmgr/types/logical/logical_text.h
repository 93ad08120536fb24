/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * logical_text.h - texts of errors of a host bridge or a logical slot
 */
#pragma once

#include "libdrmgr/core/result.h"

/* Return the text of an error; see error_text(). */
char *phb_error_text(const struct dr_error *error, const struct drc *drc);
char *lslot_error_text(const struct dr_error *error, const struct drc *drc);
