/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest_command.h - one line of qtest: its words, and its answer
 *
 * Memory:  words point into the line; the answer is the caller's buffer.
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/buffer.h"
#include "vmm/server/host.h"

enum {
	QTEST_WORDS = 16,
	QTEST_MAX_BYTES = 8 << 20, /* of memory, in one command */
};

struct qtest_command {
	struct host *host;
	unsigned int n; /* words, the command's name included */
	char *words[QTEST_WORDS];
	struct buffer *answer;
};

/* Runs the line, which is cut into its words; the answer is put into the buffer, without
 * LF. 0 or -ENOMEM. */
int qtest_run(struct host *host, char *line, struct buffer *answer);

/* For the commands. Each puts an answer, and is the last thing a command does. */
int qtest_ok(struct qtest_command *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int qtest_fail(struct qtest_command *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* qtest_memory.c */
int qtest_read(struct qtest_command *c);
int qtest_write(struct qtest_command *c);
int qtest_b64read(struct qtest_command *c);
int qtest_b64write(struct qtest_command *c);
int qtest_read_word(struct qtest_command *c);
int qtest_write_word(struct qtest_command *c);
int qtest_memset(struct qtest_command *c);
