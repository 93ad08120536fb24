/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run.h - a step, and its events */
#pragma once
#include <json-c/json.h>

#include "tests/peers/diff/machine.h"

/* Start a machine, and negotiate as Linux does if its configuration has "cas". */
void run_start(struct machine *m, const struct machine_setup *setup, json_object *config);

/* Return the reply with "events", and "died" if the machine ended. Wait for the expected
 * events (may be NULL), because events are late. */
json_object *run_step(struct machine *m, json_object *step, json_object *expected);

/* Add later events to the reply. */
void run_more_events(struct machine *m, json_object *reply, json_object *expected);
