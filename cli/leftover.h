/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * leftover.h - what an earlier run of drmgr left incomplete, for documents and people
 */
#pragma once

#include <json-c/json.h>

#include "libdrmgr/drmgr.h"

typedef void leftover_visitor(void *priv, const struct dr_journal *journal);

/* Visit the journal of the run in progress or of a killed one, and each leftover. Return 0, or a
 * negative errno if there may be more. */
int leftover_each(struct dr *dr, leftover_visitor *visit, void *priv);

/* Append {index, name} of each connector of the open steps. */
void leftover_append_connectors(json_object *array, const struct dr_journal *journal);

/* Put "leftovers", an array, the first element that needs a recovery as "recovery_needed", and
 * "can_look". Only root can know them: for others, and without dr, both are null, and can_look
 * is false. */
void leftover_put(json_object *document, struct dr *dr);
