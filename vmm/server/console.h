/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console.h - print the output of the machine's terminal to standard output or a file
 *
 * Writing never blocks: output that the reader does not accept at once is lost.
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/host.h"
#include "vmm/server/opts.h"

struct console {
	struct host_listener listener;
	int fd; /* -1: no output */
};

/* Open the console's output. Return 0, or the error of opening the file. */
int console_open(struct console *console, struct host *host, const struct opts *opts);
void console_close(struct console *console, struct host *host);
