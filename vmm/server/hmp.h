/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hmp.h - QEMU's monitor for people: a line is a command, its reply is text
 *
 * The commands call those of QMP. The input is not echoed and cannot be edited; a terminal
 * does both.
 *
 * Errors:  negative errno.
 * Source:  replies of QEMU 7.2
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/buffer.h"
#include "vmm/server/host.h"
#include "vmm/server/stream.h"

struct hmp;

/* Create a server. Errors are those of stream_new(). */
int hmp_new(struct hmp **out, struct loop *loop, struct host *host,
	    const struct opts_server *place);
void hmp_free(struct hmp *hmp); /* NULL is fine */
struct stream *hmp_stream(const struct hmp *hmp);

/* Run a command, and append its reply, with CR LF. Return 0 or -ENOMEM. The caller calls
 * host_settle(). */
int hmp_run(struct host *host, const char *line, struct buffer *out);
