/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare.h - are two replies to the same step the same?
 *
 * What cannot be equal, or need not be, is made alike in both first: dates in event
 * logs and their log numbers, seconds, the order of ibm,drc-* entries and of properties
 * in a connector's walk, random seeds.
 */
#pragma once
#include <json-c/json.h>
#include <stdbool.h>

/* Makes a reply comparable, in place. recorded: what was recorded for this step, which
 * holds only parts of the tree that CAS writes; NULL: nothing was. */
void compare_prepare(json_object *step, json_object *reply, json_object *recorded);

/* Name of the first field, from one that differs on, or NULL. *n counts up from 0. */
const char *compare_next(json_object *want, json_object *got, unsigned int *n);

/* Words about a field that differs; allocated. */
char *compare_explain(const char *field, json_object *want, json_object *got);
