/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * types.h - all connector types
 */
#pragma once

#include "libdrmgr/core/type.h"

/* Of request_check_backend(). */
#define KERNEL_CHANGES "the kernel changes cores and memory, use auto or dlpar"

/* In the order of documents; ends with NULL. */
extern const struct dr_type *const dr_types[];
