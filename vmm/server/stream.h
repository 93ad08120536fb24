/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stream.h - a unix socket with one client at a time
 *
 * A second client waits, unanswered, until the first has gone. A client that vanishes,
 * sends half a line, or does not read what it is sent, costs nobody else anything: its
 * commands are not read while it does not take the answers, and when too much is waiting
 * for it, it is cut off.
 *
 * Whoever can connect rules the machine: the socket is made with mode 0600, and replaces
 * nothing but a socket that nobody listens to.
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/server/loop.h"
#include "vmm/server/opts.h"

struct stream;

/* None of these may free the stream. */
struct stream_ops {
	void (*opened)(void *arg); /* a client is there */
	void (*closed)(void *arg); /* it is gone */
	/* It has sent this. Does at most one thing that is answered; the number of bytes
	 * that are done with. 0: more must come first. */
	size_t (*take)(void *arg, const uint8_t *bytes, size_t len);
};

/* 0, or why there is no such socket: -EADDRINUSE (something that is no socket, or one
 * that somebody listens to, is in its place), -ENOTSOCK (an inherited descriptor), or as
 * from bind() or connect(). A connection that is there already is told by opened()
 * before this returns. */
int stream_new(struct stream **out, struct loop *loop, const struct opts_server *place,
	       const struct stream_ops *ops, void *arg);
void stream_free(struct stream *stream); /* NULL is fine; tries to send what waits */

bool stream_has_client(const struct stream *stream);

/* Sends, or keeps until it can be sent; without a client nothing happens. */
void stream_send(struct stream *stream, const void *bytes, size_t len);
