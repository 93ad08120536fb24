/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mock_dev.h - the devices /dev/papr-* as a list of expected steps and canned answers
 *
 * An unexpected step fails the test. So does a step of the list that was not made, or a
 * descriptor that stays open.
 */
#pragma once

#include "librtas/papr_dev.h"
#include "tests/unit/fakes/test.h"

enum mock_dev_kind { MOCK_OPEN, MOCK_IOCTL, MOCK_READ, MOCK_CLOSE };

struct mock_dev_step {
	enum mock_dev_kind kind;
	const char *path;
	int fd;
	uint32_t number; /* flags of open, request of ioctl, length of read */
	int result;	 /* a descriptor, a number of bytes, a negative errno */
	/* The beginning of an ioctl's block, or the bytes that read() returns. */
	const void *want, *give;
	size_t want_len, give_len;
};

#define DEV_OPEN(device, flags, fd_or_err)                                      \
	{                                                                       \
		.kind = MOCK_OPEN, .path = "dev/papr-" device, .number = flags, \
		.result = fd_or_err                                             \
	}
#define DEV_CLOSE(descriptor)                        \
	{                                            \
		.kind = MOCK_CLOSE, .fd = descriptor \
	}
#define DEV_IOCTL(descriptor, request, gives, ...)                       \
	{                                                                \
		.kind = MOCK_IOCTL, .fd = descriptor, .number = request, \
		.result = gives, __VA_ARGS__                             \
	}
#define DEV_READ(descriptor, len, text)                                           \
	{                                                                         \
		.kind = MOCK_READ, .fd = descriptor, .number = len, .give = text, \
		.give_len = sizeof(text) - 1, .result = sizeof(text) - 1          \
	}
#define DEV_READ_FAILS(descriptor, len, err)                                      \
	{                                                                         \
		.kind = MOCK_READ, .fd = descriptor, .number = len, .result = err \
	}
#define WANT(bytes) .want = bytes, .want_len = sizeof(bytes) - 1
#define GIVE(bytes) .give = bytes, .give_len = sizeof(bytes) - 1

struct mock_dev {
	const struct mock_dev_step *steps;
	size_t n, next;
	bool is_open[64];
	bool is_closed; /* the program has closed the descriptors */
	bool is_reused; /* their numbers are other files of the program */
	struct papr_dev_ops ops;
};

void mock_dev_init(struct mock_dev *m, const struct mock_dev_step *steps, size_t n);

/* All steps were made, and so many descriptors are open. */
void mock_dev_done(const struct mock_dev *m, size_t open);
