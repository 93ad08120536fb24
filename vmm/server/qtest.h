/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest.h - a server of QEMU's protocol for tests of devices
 *
 * Shape:   a command per line, words separated by single blanks, numbers as in C; the
 *          answer is a line "OK[ value]..." or "FAIL reason". Ours besides QEMU's:
 *          "hcall NR ARG..." and "epapr R11 R3...".
 * Limits:  a line of 2 MiB, 8 MiB of memory at once. Whatever a line says, the answer
 *          to a wrong one is FAIL.
 * Errors:  negative errno.
 * Source:  QEMU 7.2
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/host.h"
#include "vmm/server/stream.h"

struct qtest;

/* log: a file for what was said, or NULL. As stream_new(), or why the log cannot be
 * opened. */
int qtest_new(struct qtest **out, struct loop *loop, struct host *host,
	      const struct opts_server *place, const char *log);
void qtest_free(struct qtest *qtest); /* NULL is fine */
struct stream *qtest_stream(const struct qtest *qtest);
