/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * config.h - a machine's own copy of its configuration
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include "vmm/paprvmm.h"

struct machine_type;

/* Check a configuration, fill in the defaults of the machine type, and copy strings and
 * blobs. type is NULL if the name in the configuration is unknown. Return 0, -EINVAL (see
 * *error) or -ENOMEM. On error nothing needs to be freed. */
int config_copy(struct papr_config *out, const struct papr_config *config,
		const struct machine_type *type, struct papr_error *error);
void config_free(struct papr_config *cfg);
