/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * leftover.h - what an earlier run of drmgr left incomplete, for documents and people
 */
#pragma once

#include <json-c/json.h>

#include "libdrmgr/drmgr.h"

/* Put "leftovers", an array, and its first element as "recovery_needed". Only root can know
 * them. dr NULL: none. */
void leftover_put(json_object *document, struct dr *dr);

/* Return a line for each, such as "C8 (0x40000008): incomplete since 2026-11-26 12:00:00, step
 * slot-disable of PID 25 (drmgr -c pci -r -s C8 -n): run drmgr --recover". The caller frees
 * it; NULL: nothing is left. */
char *leftover_text(struct dr *dr);
