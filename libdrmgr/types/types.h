/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * types.h - all connector types
 */
#pragma once

#include "libdrmgr/core/type.h"

/* In the order of documents; ends with NULL. */
extern const struct dr_type *const dr_types[];
