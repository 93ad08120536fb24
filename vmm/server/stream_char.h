/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stream_char.h - an inherited descriptor, or standard input and output
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <termios.h>

#include "vmm/server/opts.h"

struct stream_char {
	int in, out;	      /* -1: none */
	struct termios saved; /* standard input's own mode */
	bool has_saved;
};

int stream_char_open(struct stream_char *out, const struct opts_server *place);
void stream_char_close(struct stream_char *c);
