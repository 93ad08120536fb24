/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * once.h - drmon --once: the table, or a document of schema papr.drmon/1, on stdout
 */
#pragma once

#include <json-c/json.h>

#include "cli/json_util.h"
#include "libdrmgr/drmgr.h"
#include "drmon/options.h"

/* Return the document, which belongs to the caller. */
json_object *once_document(const struct options *options, struct dr *dr);

/* Print the table or the document. Return 0 or a negative errno. */
int once_print(const struct options *options, struct dr *dr);
