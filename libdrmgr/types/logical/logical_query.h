/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * logical_query.h - would the removal of a host bridge or a logical slot succeed?
 */
#pragma once

#include "libdrmgr/core/connector.h"

/* struct dr_type.can_remove. */
int phb_can_remove(const struct dr_ctx *dr, const char *key, uint32_t *index,
		   struct dr_error *error);
int lslot_can_remove(const struct dr_ctx *dr, const char *key, uint32_t *index,
		     struct dr_error *error);
