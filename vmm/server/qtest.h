/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest.h - a server of QEMU's protocol for tests of devices
 *
 * Shape:   one command per line, words separated by single blanks, numbers as in C. The
 *          answer is a line "OK[ value]..." or "FAIL reason". papr-vmm adds to QEMU's
 *          commands: "hcall NR ARG..." and "epapr R11 R3...".
 * Limits:  a line of 2 MiB, 8 MiB of memory at once. Every invalid line is answered
 *          with FAIL.
 * Errors:  negative errno.
 * Source:  QEMU 7.2
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/host.h"
#include "vmm/server/stream.h"

struct qtest;

/* Create a server. log: a file that records the dialogue, or NULL. Errors are those of
 * stream_new(), or of opening the log. */
int qtest_new(struct qtest **out, struct loop *loop, struct host *host,
	      const struct opts_server *place, const char *log);
void qtest_free(struct qtest *qtest); /* NULL is fine */
struct stream *qtest_stream(const struct qtest *qtest);
