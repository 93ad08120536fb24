/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client.h - ask the daemon of a guest
 */
#pragma once
#include <stdbool.h>

#include "bytes.h"
#include "proto.h"

/* A connection to the daemon of the guest in dir, or negative errno: none is there. */
int client_connect(int dir);

/* Sends one request and passes on what comes back until the exit status, which is
 * returned. With input, our stdin goes to the command. -ETIMEDOUT when the moment until
 * has passed. */
int client_ask(int fd, enum frame_type type, const struct bytes *payload, bool input,
	       int64_t until);
