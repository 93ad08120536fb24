/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_input.h - bytes of a file, of standard input, or of a log that is still written
 *
 * Errors:  negative errno.
 */
#pragma once

#include <stdbool.h>

#include "tools/event_source.h"

struct event_input {
	int fd;
	int watch;    /* tells of changes; -1: none */
	bool follow;  /* wait for more where there is none */
	bool records; /* a file of the kernel, without a size */
};

/* file: "-" is standard input. follow: reading waits for more, for ever. */
int event_input_open(struct event_input *input, const char *file, bool follow);
void event_input_close(struct event_input *input);

/* Bytes from it; the input stays where it is. */
struct event_bytes event_input_bytes(struct event_input *input);
