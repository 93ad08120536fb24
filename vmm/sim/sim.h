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

struct sim;

/* Start the guest, or attach to one. argv: the words after the machine's options, "run",
 * "attach" or "doctor" first, NULL-terminated. Invalid words are reported before anything is
 * created, with -EINVAL. Otherwise the command runs in the loop (or the guest waits to be
 * used). The loop ends with the exit status of the program. */
int sim_start(struct sim **out, struct loop *loop, struct host *host, char **argv);
/* Handle a signal that papr-vmm received by signalfd(2). Return true if it is for the
 * guest; then the command decides what to do. A signal from the terminal is not
 * forwarded, because the command received it already. */
bool sim_signal(struct sim *sim, int signal, bool by_terminal);
void sim_free(struct sim *sim); /* NULL is fine */
