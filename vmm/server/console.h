/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console.h - a terminal of the machine, connected to a character device
 *
 * Writing never blocks: output that the other side does not read waits in memory; beyond a
 * limit it is lost. Input that the guest does not read waits in the device.
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
