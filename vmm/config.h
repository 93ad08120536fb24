/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * config.h - a machine's own copy of its configuration
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include "vmm/paprvmm.h"

/* Checks, fills defaults in, and copies strings and blobs. 0, -EINVAL (*error says
 * what), -ENOMEM; nothing is left to be freed then. */
int config_copy(struct papr_config *out, const struct papr_config *config,
		struct papr_error *error);
void config_free(struct papr_config *cfg);
