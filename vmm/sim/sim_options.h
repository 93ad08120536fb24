/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim_options.h - parse what follows "run" and "attach" on the command line
 *
 * Memory:  the plan is owned; everything else points into argv.
 * Errors:  -EINVAL after a message on standard error.
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "vmm/server/plan.h"
#include "vmm/server/verb.h"
#include "vmm/sim/kernel.h"

struct sim_options {
	bool attach;
	pid_t pid; /* of the papr-vmm to attach to */
	enum kernel_profile profile;
	const char *lockdown;
	bool strict; /* a plan that was not executed is an error */
	bool no_overlay, no_qemu, lparcfg, no_mobility, early_dlpar;
	const char *name; /* NULL: none */
	bool ctl;	  /* the guest may control its host */
	struct plan plan;
	char **command;
};

extern const struct verb sim_run, sim_attach;

/* Parse the words from "run" or "attach" on. *o must be freed even after an error. */
int sim_options_parse(struct sim_options *o, char **argv);
void sim_options_free(struct sim_options *o);
