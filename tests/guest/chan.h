/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chan.h - frames over a byte stream: a socket, or a terminal line of a guest
 *
 * Shape:   0x7e, then type (1 byte), id (be32), payload length (be32), payload, then
 *          0x7e again. Within a frame 0x7e, 0x7d and CR are sent as 0x7d and the byte
 *          exclusive-or 0x20, as in RFC 1662. The flags let a reader find its place
 *          after noise, or after one end was restarted. CR is kept off the line because
 *          the guest's hvc driver swallows a NUL that follows one.
 * Memory:  a frame's payload is valid until the next chan_next() on that channel.
 * Errors:  negative errno.
 */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "bytes.h"
#include "proto.h"

struct frame {
	enum frame_type type;
	uint32_t id;
	const uint8_t *data;
	size_t len;
};

struct chan {
	int fd;		    /* not blocking */
	struct bytes in;    /* as read */
	struct bytes out;   /* before it is written */
	struct bytes frame; /* the one being read from in, unescaped */
	bool escaped;	    /* its last byte was 0x7d */
	bool taken;	    /* chan_next() has returned it; the next call drops it */
};

void chan_open(struct chan *c, int fd);
void chan_close(struct chan *c);

/* Read once. Return the number of bytes, 0 at the end, -EAGAIN without input. */
ssize_t chan_fill(struct chan *c);

/* Return 1 if *f is the next frame, 0 if it is not complete yet, -EBADMSG if invalid
 * bytes were dropped; there may be more frames after them. */
int chan_next(struct chan *c, struct frame *f);

/* Queue a frame; chan_flush() sends it. */
void chan_send(struct chan *c, enum frame_type type, uint32_t id, const void *data,
	       size_t len);
void chan_send_u32(struct chan *c, enum frame_type type, uint32_t id, uint32_t value);

/* Write as much as possible. Return 0, also if c->out is not empty after that. */
int chan_flush(struct chan *c);
