/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * needs_parts.h - between the checks of a guest's needs and their explanations
 *
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stdbool.h>

#include "vmm/sim/needs.h"

/* The device of FUSE */
enum { FUSE_MAJOR = 10, FUSE_MINOR = 229 };

/* Results of the steps of a guest's start: 0, or a negative errno */
struct probe {
	struct probe_step {
		bool was_tried;
		int err;
		char what[48]; /* the part that failed; may be empty */
	} steps[NEED_COUNT];
};

/* Fill the states of the needs. */
void needs_explain(struct needs *needs, const struct probe *probe);
