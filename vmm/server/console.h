/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console.h - what the machine's terminal prints, to standard output or a file
 *
 * What a reader does not take at once is lost: nothing here waits for it.
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/host.h"
#include "vmm/server/opts.h"

struct console {
	struct host_listener listener;
	int fd; /* -1: nowhere */
};

/* 0, or why the file cannot be opened. */
int console_open(struct console *console, struct host *host, const struct opts *opts);
void console_close(struct console *console, struct host *host);
