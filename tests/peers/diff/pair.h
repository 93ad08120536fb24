/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pair.h - the machine under test and the reference, step by step
 */
#pragma once
#include <json-c/json.h>

#include "tests/peers/diff/known.h"
#include "tests/peers/diff/machine.h"

struct pair_programs {
	struct machine_setup ours, reference;
	struct known known;
};

struct pair {
	struct pair_programs *programs;
	struct machine ours, reference;
};

void pair_start(struct pair *pair, struct pair_programs *programs, json_object *config);
void pair_stop(struct pair *pair);

/* Return our reply with "events", for the caller to free. If the reference's reply
 * differs, set *why to an allocated description. */
json_object *pair_step(struct pair *pair, json_object *step, char **why);
