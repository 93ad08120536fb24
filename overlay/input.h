/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * input.h - files that a user names: flattened trees, or what was given by mistake
 *
 * Memory:  input_free() accepts a zeroed structure. Bytes are aligned for libfdt.
 */
#pragma once

#include <stddef.h>

enum {
	INPUT_BASE_MAX = 16 << 20, /* bytes of a base tree */
	INPUT_WHY_BYTES = 512,
};

struct input {
	void *bytes;
	size_t size;
};

/* Read a flattened tree of at most max bytes; "-" is standard input. Return 0, or -errno
 * and what is wrong in why. Only the header is checked. */
int input_read(struct input *in, const char *file, size_t max, char why[INPUT_WHY_BYTES]);
void input_free(struct input *in);
