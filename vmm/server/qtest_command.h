/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest_command.h - one line of qtest: its words, and its answer
 *
 * Memory:  words point into the line; the caller owns the buffer of the answer.
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/buffer.h"
#include "vmm/server/host.h"

enum {
	QTEST_WORDS = 16,
	QTEST_MAX_BYTES = 8 << 20, /* of memory, per command */
};

struct qtest_command {
	struct host *host;
	unsigned int n; /* number of words, including the command's name */
	char *words[QTEST_WORDS];
	struct buffer *answer;
};

/* Split the line into words, in place, and run it. The answer is appended to the buffer,
 * without LF. Return 0 or -ENOMEM. */
int qtest_run(struct host *host, char *line, struct buffer *answer);

/* Append the answer. Must be the last step of a command. */
int qtest_ok(struct qtest_command *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int qtest_fail(struct qtest_command *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* qtest_memory.c */
int qtest_read(struct qtest_command *c);
int qtest_write(struct qtest_command *c);
int qtest_read_word(struct qtest_command *c);
int qtest_write_word(struct qtest_command *c);
int qtest_memset(struct qtest_command *c);
