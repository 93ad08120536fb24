/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.h - a step, and the events that it brings about
 */
#pragma once
#include <json-c/json.h>

#include "tests/diff/machine.h"

/* A machine, negotiated with as Linux does if its configuration says "cas". */
void run_start(struct machine *m, const struct machine_setup *setup, json_object *config);

/* The reply with "events", and "died" if the machine ended. Events come late: those that
 * are expected (may be NULL) are waited for. */
json_object *run_step(struct machine *m, json_object *step, json_object *expected);

/* Adds to the reply what came later than expected. */
void run_more_events(struct machine *m, json_object *reply, json_object *expected);
