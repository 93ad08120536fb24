/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare.h - compare two replies to the same step
 *
 * Values that may differ are first made equal in both: dates in event logs and their log
 * numbers, seconds, the order of ibm,drc-* entries and of properties in a configuration,
 * random seeds.
 */
#pragma once
#include <json-c/json.h>
#include <stdbool.h>

/* Prepare a reply for the comparison, in place. recorded: the recorded reply to this
 * step, which has only parts of the tree that CAS writes; NULL: it was not recorded. */
void compare_prepare(json_object *step, json_object *reply, json_object *recorded);

/* Return an object with those fields of a reply that are compared. */
json_object *compare_fields(json_object *reply);

/* Return the name of the first different field from *n on, or NULL. *n begins with 0. */
const char *compare_next(json_object *want, json_object *got, unsigned int *n);

/* Describe a field that differs; allocated. */
char *compare_explain(const char *field, json_object *want, json_object *got);
