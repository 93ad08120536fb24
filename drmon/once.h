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

/* Print a document that has only an error. */
void once_print_failure(enum dr_code code, const char *message);

/* Print the table or the document. Return 0, a negative errno, or 1 if the document has an
 * error, which is on stderr too. */
int once_print(const struct options *options, struct dr *dr);
