/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lights.h - slots whose light is in its identify state
 *
 * Firmware has no sensor for this light. drmgr's log has each change of it, those of earlier
 * runs too.
 *
 * Source:  PAPR+ 13.5.3: indicator 9002, value 2; drmgr(8), FILES
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIGHTS_MAX = 64 };

struct lights {
	uint32_t index[LIGHTS_MAX]; /* DRC indexes, in the order of the changes */
	size_t n;
};

/* Read the end of a log that exists already. */
void lights_read_log(struct lights *lights, const char *file);
/* Read one line of drmgr's log. */
void lights_log_line(struct lights *lights, const char *line);

bool lights_identifies(const struct lights *lights, uint32_t index);
