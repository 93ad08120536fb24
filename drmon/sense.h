/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sense.h - read the sensor of a connector, without changing anything
 *
 * Errors:  negative errno; -ENOTSUP firmware cannot be called.
 * Source:  PAPR+ 13.5.3.3
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "wire/drc.h"

/* Read the sensor. Return 0; *sense receives an enum drc_sense. */
int sense_connector(const struct dr_ctx *dr, uint32_t index, int32_t *sense);

/* Return "empty", "present", ..., or NULL for an unknown value. */
const char *sense_name(int32_t sense);
