/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * input.h - flattened trees that a user names; other files are rejected with a reason
 *
 * Memory:  input_free() accepts a zeroed structure. Bytes are aligned for libfdt.
 */
#pragma once

#include <stddef.h>

enum {
	INPUT_BASE_MAX = 16 << 20, /* limit for a base tree, bytes */
	INPUT_WHY_BYTES = 512,
};

struct input {
	void *bytes;
	size_t size;
};

/* Read a flattened tree of at most max bytes; "-" is standard input. Only the header is
 * checked. Return 0, or -errno and the reason in why. */
int input_read(struct input *in, const char *file, size_t max, char why[INPUT_WHY_BYTES]);
void input_free(struct input *in);
