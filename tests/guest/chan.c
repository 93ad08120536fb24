// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "chan.h"

#define FLAG   0x7e
#define ESCAPE 0x7d
#define TOGGLE 0x20

#define HEAD_BYTES 9

void chan_open(struct chan *c, int fd)
{
	*c = (struct chan){ .fd = fd };
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

void chan_close(struct chan *c)
{
	if (c->fd >= 0)
		close(c->fd);
	bytes_free(&c->in);
	bytes_free(&c->out);
	bytes_free(&c->frame);
	c->fd = -1;
}

ssize_t chan_fill(struct chan *c)
{
	const size_t chunk = 65536;
	uint8_t *room = bytes_room(&c->in, chunk);
	ssize_t n = read(c->fd, room, chunk);

	if (n < 0)
		return -errno;

	bytes_added(&c->in, n);
	return n;
}

/* A flag was read: is the part before it a frame? Return 0 for an empty part, which is
 * between the end of one frame and the beginning of the next. */
static int frame_check(const struct bytes *b, struct frame *f)
{
	const uint8_t *p = b->data;
	size_t left = b->len;
	uint32_t len;

	if (!b->len)
		return 0;
	if (b->len < HEAD_BYTES)
		return -EBADMSG;

	f->type = *p++;
	left--;
	proto_take_u32(&p, &left, &f->id);
	proto_take_u32(&p, &left, &len);
	if (len != left)
		return -EBADMSG;

	f->data = p;
	f->len = len;
	return 1;
}

static void unescape(struct chan *c, uint8_t byte)
{
	if (c->escaped)
		byte ^= TOGGLE;
	c->escaped = !c->escaped && byte == ESCAPE;
	if (!c->escaped)
		bytes_append(&c->frame, &byte, 1);
}

int chan_next(struct chan *c, struct frame *f)
{
	size_t n = 0;
	int found = 0;

	if (c->taken)
		bytes_drop(&c->frame, c->frame.len);

	while (n < c->in.len && !found) {
		uint8_t byte = c->in.data[n++];

		if (byte != FLAG) {
			unescape(c, byte);
		} else {
			c->escaped = false;
			found = frame_check(&c->frame, f);
		}
	}
	c->taken = found != 0;
	bytes_drop(&c->in, n);

	return found;
}

static uint8_t *escape(uint8_t *out, const uint8_t *p, size_t len)
{
	for (; len--; p++) {
		if (*p == FLAG || *p == ESCAPE || *p == '\r') {
			*out++ = ESCAPE;
			*out++ = *p ^ TOGGLE;
		} else {
			*out++ = *p;
		}
	}
	return out;
}

void chan_send(struct chan *c, enum frame_type type, uint32_t id, const void *data,
	       size_t len)
{
	uint8_t head[HEAD_BYTES] = { type };
	uint8_t *start, *p;

	proto_put_u32(head + 1, id);
	proto_put_u32(head + 5, len);

	start = p = bytes_room(&c->out, 2 * (sizeof(head) + len) + 2);
	*p++ = FLAG;
	p = escape(p, head, sizeof(head));
	p = escape(p, data, len);
	*p++ = FLAG;
	bytes_added(&c->out, p - start);
}

void chan_send_u32(struct chan *c, enum frame_type type, uint32_t id, uint32_t value)
{
	uint8_t data[4];

	proto_put_u32(data, value);
	chan_send(c, type, id, data, sizeof(data));
}

int chan_flush(struct chan *c)
{
	while (c->out.len) {
		ssize_t n = write(c->fd, c->out.data, c->out.len);

		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		bytes_drop(&c->out, n);
	}
	return 0;
}
