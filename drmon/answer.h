/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * answer.h - texts of drmgr's documents: a plan with its consequences, a failure
 *
 * Source:  papr-json(5), papr.drmgr/1
 * Memory:  texts are malloc'ed and belong to the caller. NULL: out of memory.
 */
#pragma once

#include <json-c/json.h>

#include "drmon/inventory.h"

/* Return the document in drmgr's output, which belongs to the caller, or NULL. Messages of
 * standard error may be before and after it. */
json_object *answer_parse(const char *output);

/* Return the command, the consequences for Linux, and the steps. */
char *answer_plan_text(json_object *document, const char *command,
		       const struct inventory *inv);

/* Return the command, the message, its code and its hint, each on lines of their own.
 * document NULL: the message is the output. */
char *answer_failure_text(json_object *document, const char *command, const char *output);

/* Return the hint of the document's error; NULL: none. It belongs to the document. */
const char *answer_hint(json_object *document);

/* Return the number of requested resources. */
unsigned int answer_requested(json_object *document);

/* Return the planned steps as the log of drmgr names them, "set-indicator(9001, ...)". The
 * list belongs to the caller, its texts to the document. */
const char **answer_steps(json_object *document, size_t *n);
