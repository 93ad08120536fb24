/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules.h - intended differences that occur in many calls, as functions
 *
 * A rule converts the reference's answer to our expected one, and returns whether they
 * differ.
 */
#pragma once
#include <json-c/json.h>
#include <stdbool.h>

#include "tests/peers/diff/known.h"

typedef bool rule_fn(json_object *step, json_object *want);

/* Return NULL if there is no such rule. */
rule_fn *rule_find(const char *name);
bool rule_exists(const char *name);

/* Apply the listed rules to the reference's reply, which becomes our expected one. Call
 * this before compare_prepare(). */
void rules_apply(struct known *known, json_object *step, json_object *want);
