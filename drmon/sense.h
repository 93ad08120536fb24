/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sense.h - what the sensor of a connector says, without changing anything
 *
 * Errors:  negative errno; -ENOTSUP firmware cannot be called.
 * Source:  PAPR+ 13.5.3.3
 */
#pragma once

#include "drmgr/model/context.h"
#include "wire/drc.h"

/* 0: *sense, enum drc_sense. */
int sense_connector(const struct dr_ctx *dr, uint32_t index, int32_t *sense);

/* "empty", "present", ...; NULL: it is none of these. */
const char *sense_name(int32_t sense);
