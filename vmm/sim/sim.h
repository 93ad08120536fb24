/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim.h - the simulated guest, as papr-vmm's main program sees it
 *
 * Errors:  negative errno, after words on standard error.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>

#include "vmm/server/host.h"
#include "vmm/server/loop.h"

struct sim;

/* argv: what follows the machine's options, "run" or "attach" first, NULL-terminated.
 * Words that make no sense are told before anything is made: -EINVAL. Else the command
 * runs (or the guest waits to be used) in the loop, which ends with the exit status of
 * the program. */
int sim_start(struct sim **out, struct loop *loop, struct host *host, char **argv);
/* A signal for papr-vmm, as signalfd(2) told of it. True: it was the guest's. The
 * command decides what becomes of it; what a terminal sent it has had already. */
bool sim_signal(struct sim *sim, int signal, bool by_terminal);
void sim_free(struct sim *sim); /* NULL is fine */
