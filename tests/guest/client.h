/* SPDX-License-Identifier: GPL-2.0-or-later */
/* client.h - send requests to the daemon of a guest */
#pragma once
#include <stdbool.h>

#include "bytes.h"
#include "proto.h"

/* Connect to the daemon of the guest in dir. Return a negative errno if it does not
 * run. */
int client_connect(int dir);

/* Send one request, print the answer, and return the exit status. With input, the command
 * gets our stdin. Return -ETIMEDOUT after the deadline "until". */
int client_ask(int fd, enum frame_type type, const struct bytes *payload, bool input,
	       int64_t until);
