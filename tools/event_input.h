/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_input.h - bytes of a file, of standard input, or of a growing log
 *
 * Errors:  negative errno.
 */
#pragma once

#include <stdbool.h>

#include "tools/event_source.h"

struct event_input {
	const char *file;
	int fd;
	int watch;    /* inotify descriptor; -1: none */
	bool follow;  /* wait for more bytes at the end */
	bool records; /* a file of the kernel, which has no size */
};

/* Open the file; "-" is standard input. follow: reading waits for more bytes, without a
 * limit; if another file gets the name, as when logs are rotated, reading continues there.
 * The name must outlive the input. */
int event_input_open(struct event_input *input, const char *file, bool follow);
void event_input_close(struct event_input *input);

/* Return the read function for the input. The input must stay at its address. */
struct event_bytes event_input_bytes(struct event_input *input);
