/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * line.h - a terminal of the guest, connected to descriptors of the host
 *
 * Input that the guest does not read waits in the descriptor. Output that the other side
 * does not read waits in memory; beyond a limit it is lost.
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/host.h"
#include "vmm/server/loop.h"

struct line;

/* Connect terminal number n. in: a descriptor to read from, or -1. out: one to write to, or
 * -1. They may be the same, and stay the caller's. If in is a terminal, characters reach
 * the guest one by one, without echo. */
int line_open(struct line **out_line, struct loop *loop, struct host *host,
	      unsigned int n, int in, int out);
void line_close(struct line *line); /* NULL is fine */
void line_print(struct line *line, const void *text, size_t len);
/* The guest has read input. */
void line_was_read(struct line *line);
