/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim.h - the simulated guest, as papr-vmm's main program sees it
 *
 * Errors:  negative errno, after a message on standard error.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>

#include "vmm/server/host.h"
#include "vmm/server/loop.h"
#include "vmm/sim/sim_options.h"

struct sim;

/* Start the guest, or attach to one. The command runs in the loop. The loop ends with the
 * exit status of the program. The options must outlive the guest. */
int sim_start(struct sim **out, struct loop *loop, struct host *host,
	      struct sim_options *options);
/* Handle a signal that papr-vmm received by signalfd(2). Return true if it is for the
 * guest; then the command decides what to do. A signal from the terminal is not
 * forwarded, because the command received it already. */
bool sim_signal(struct sim *sim, int signal, bool by_terminal);
void sim_free(struct sim *sim); /* NULL is fine */
