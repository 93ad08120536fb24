/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim_options.h - parse what follows "run", "attach" and "doctor" on the command line
 *
 * Memory:  everything points into argv.
 * Errors:  -EINVAL after a message on standard error.
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "vmm/sim/kernel.h"

struct sim_options {
	bool attach, doctor, json;
	pid_t pid; /* of the papr-vmm to attach to */
	enum kernel_profile profile;
	const char *lockdown;
	bool overlay, no_qemu, lparcfg, no_mobility;
	char **command;
};

int sim_options_parse(struct sim_options *o, char **argv);
