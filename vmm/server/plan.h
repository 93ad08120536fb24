/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.h - what the host does while a command of "run" runs: plug, unplug, inject faults
 *
 * Every step is tried before the guest starts, on a second machine whose guest releases
 * each device at once. A plan that fails there is refused.
 *
 * Units:   nanoseconds after the start of the command.
 * Memory:  an all-zero plan is empty. plan_free() frees what it contains.
 * Errors:  negative errno, after one line on standard error.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/server/host.h"
#include "vmm/server/loop.h"

struct plan_step;
struct plan_fault;

struct plan {
	struct plan_step *steps;
	size_t n_steps, steps_room;
	struct plan_fault *faults;
	size_t n_faults, faults_room;
	size_t next; /* first step that was not executed yet */
	struct loop *loop;
	struct host *host; /* NULL: not started */
	uint64_t start_ns;
	int timer;
	bool has_failed; /* a step */
};

/* Add the argument of --plug, --unplug or --fault. The plan keeps the text. */
int plan_plug(struct plan *plan, const char *text);
int plan_unplug(struct plan *plan, const char *text);
int plan_fault(struct plan *plan, const char *text);

bool plan_is_empty(const struct plan *plan);

/* Try all of it on this machine, which is not used for anything else. */
int plan_try(struct plan *plan, struct host *trial);

/* Begin. Steps with time 0 are executed before this function returns. Does nothing if the
 * plan was started before. A step that fails is reported, and the next ones follow. */
int plan_start(struct plan *plan, struct loop *loop, struct host *host);

/* Report faults that no call has reached. Return true if all faults were reached, and all steps
 * executed without an error. */
bool plan_was_executed(const struct plan *plan);

/* Report steps that were not executed, and free the plan. */
void plan_free(struct plan *plan);
