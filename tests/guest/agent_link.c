// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "agent_link.h"
#include "vm.h"

static void fail_with_console(struct agent_link *l, struct conn *c, const char *why)
{
	char *tail = vm_tail(l->dir, "console.log");

	conn_fail(c, "%s%s", why, tail);
	free(tail);
}

static void fail_state(struct agent_link *l, enum conn_state state, const char *why)
{
	struct conn *c;

	while ((c = conn_first(*l->conns, state)))
		fail_with_console(l, c, why);
}

void link_open(struct agent_link *l, int fd)
{
	chan_open(&l->chan, fd);
	/* More data waits where it can be limited (see BACKLOG_BYTES in server.c). */
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &(int){ 16384 }, sizeof(int));
	l->deadline = CLOCK_NEVER;
}

static void idle(struct agent_link *l)
{
	l->busy = 0;
	l->stuck = false;
	l->deadline = CLOCK_NEVER;
}

static void hello(struct agent_link *l)
{
	struct conn *c;

	/* Without a reset: the agent died and was started again. */
	if (l->busy)
		fail_state(l, CONN_RUNNING, "the agent in the guest was restarted");
	idle(l);
	l->ready = true;

	for (c = *l->conns; c; c = c->next) {
		if (c->state == CONN_PING)
			chan_send(&l->chan, FRAME_PING, c->id, NULL, 0);
	}
}

static void answer(struct agent_link *l, const struct frame *f)
{
	struct conn *c = conn_find(*l->conns, f->id, CONN_RUNNING);
	const uint8_t *p = f->data;
	size_t len = f->len;
	uint32_t status;

	if (f->type != FRAME_EXIT) {
		if (c)
			chan_send(&c->chan, f->type, c->id, f->data, f->len);
		return;
	}

	if (c && proto_take_u32(&p, &len, &status) == 0)
		conn_exit(c, status);
	if (f->id == l->busy)
		idle(l);
}

static void dispatch(struct agent_link *l, const struct frame *f)
{
	struct conn *c;

	switch (f->type) {
	case FRAME_HELLO:
		hello(l);
		break;
	case FRAME_PONG:
		c = conn_find(*l->conns, f->id, CONN_PING);
		if (c)
			conn_exit(c, 0);
		break;
	case FRAME_STDOUT:
	case FRAME_STDERR:
	case FRAME_EXIT:
		answer(l, f);
		break;
	default:
		warnx("frame of type 0x%02x from the agent", f->type);
	}
}

ssize_t link_input(struct agent_link *l)
{
	ssize_t n = chan_fill(&l->chan);
	struct frame f;
	int found;

	while ((found = chan_next(&l->chan, &f))) {
		if (found > 0) {
			dispatch(l, &f);
		} else if (l->ready) {
			/* Before hello, it is output of firmware. */
			warnx("damaged frame from the agent");
			fail_state(l, CONN_RUNNING, "the line to the guest lost bytes");
		}
	}
	return n;
}

static void send_next(struct agent_link *l)
{
	struct conn *c = conn_first(*l->conns, CONN_QUEUED);
	const uint8_t *p;
	uint32_t limit_ms;
	size_t len;

	if (!c)
		return;

	p = c->request.data;
	len = c->request.len;
	if (proto_take_u32(&p, &len, &limit_ms)) {
		conn_fail(c, "malformed request");
		return;
	}

	chan_send(&l->chan, FRAME_RUN, c->id, c->request.data, c->request.len);
	c->state = CONN_RUNNING;
	l->busy = c->id;
	l->deadline = clock_ms() + limit_ms + l->grace_ms;
}

void link_pump(struct agent_link *l)
{
	if (l->stuck)
		fail_state(l, CONN_QUEUED,
			   "the guest does not answer since an earlier command");
	else if (l->ready && !l->busy)
		send_next(l);
}

void link_forward(struct agent_link *l, const struct conn *c, const struct frame *f)
{
	if (f->type == FRAME_STDIN && c->id == l->busy)
		chan_send(&l->chan, FRAME_STDIN, c->id, f->data, f->len);
}

void link_abandon(struct agent_link *l)
{
	chan_send(&l->chan, FRAME_KILL, l->busy, NULL, 0);
	l->deadline = clock_ms() + l->grace_ms;
}

void link_reset(struct agent_link *l, const char *why)
{
	fail_state(l, CONN_RUNNING, why);
	idle(l);
	l->ready = false;
	l->deadline = clock_ms() + l->boot_ms;
}

void link_overdue(struct agent_link *l)
{
	l->deadline = CLOCK_NEVER;
	l->stuck = true;
	fail_state(l, CONN_RUNNING, "the guest does not answer");
	fail_state(l, CONN_QUEUED, "the guest does not answer");
}
