/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stream.h - a character device: a socket with one client at a time, an inherited
 *            descriptor, or standard input and output
 *
 * A second client waits, without an answer, until the first has disconnected. A client
 * that vanishes, sends half a line, or does not read its answers does not affect others.
 * While it does not read the answers, its commands are not read. If too much output is
 * pending, it is disconnected.
 *
 * A client that can connect has full control of the machine. So the socket has mode 0600,
 * and replaces nothing but a socket without a listener.
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

/* Callbacks; each may be NULL. They must not free the stream. */
struct stream_ops {
	void (*opened)(void *arg); /* a client has connected */
	void (*closed)(void *arg); /* the client has disconnected */
	/* Process received bytes, with at most one answer. Return the number of consumed
	 * bytes, or 0 if more must arrive first. */
	size_t (*take)(void *arg, const uint8_t *bytes, size_t len);
	/* If take() returned 0, bytes wait for stream_resume(), and no more are read. */
	bool keeps_input;
};

/* Open the device. Errors are -EADDRINUSE (the path is not a socket, or has a listener),
 * -ENOTSOCK (an inherited descriptor), or those of bind() or connect().
 * If a connection already exists, opened() is called before this function returns. */
int stream_new(struct stream **out, struct loop *loop, const struct opts_server *place,
	       const struct stream_ops *ops, void *arg);
/* The caller keeps the texts of place. */
void stream_free(struct stream *stream); /* NULL is fine; tries to send pending output */

bool stream_has_client(const struct stream *stream);

/* Send the bytes, or queue them until they can be sent. Without a client, do nothing. */
void stream_send(struct stream *stream, const void *bytes, size_t len);

/* Offer the bytes that wait to take(). */
void stream_resume(struct stream *stream);

/* The number of queued bytes. */
size_t stream_pending(const struct stream *stream);
