/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console.h - the machine's terminal as a character device
 *
 * Writing never blocks: output that the reader does not accept in time is lost. The
 * machine's terminal has no input.
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/host.h"
#include "vmm/server/stream.h"

struct console;

/* Open the device. Errors are those of stream_new(). */
int console_new(struct console **out, struct loop *loop, struct host *host,
		const struct opts_server *place);
void console_free(struct console *console); /* NULL is fine */
struct stream *console_stream(const struct console *console);
