/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules.h - deliberate differences that show in many calls, as functions
 *
 * A rule turns what the reference answered into what ours is to answer, and returns
 * whether that is something else. got is ours, to be looked at only where the reference
 * has lost the fact.
 */
#pragma once
#include <json-c/json.h>
#include <stdbool.h>

#include "tests/diff/known.h"

typedef bool rule_fn(json_object *step, json_object *want, json_object *got);

/* NULL: no such rule. */
rule_fn *rule_find(const char *name);
bool rule_exists(const char *name);

/* Lets the rules that are listed change the reference's reply into what is expected of
 * ours. Before compare_prepare(). */
void rules_apply(struct known *known, json_object *step, json_object *want,
		 json_object *got);
