// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "server.h"

/* A reply to a QMP command arrives immediately, unless QEMU itself hangs. */
#define QMP_MS 60000
/* The time that QEMU may need to quit before it is killed. */
#define QUIT_MS 5000
/* If more than this is queued for the guest, a client must wait with its input. The line
 * sends 300 kB a second: input that the command does not read delays the next one. */
#define BACKLOG_BYTES (32 * 1024)

void server_open(struct server *s)
{
	s->kill_deadline = CLOCK_NEVER;
	qmp_open(&s->qmp, s->vm.qmp);
	s->link.dir = s->dir;
	s->link.conns = &s->conns;
	link_open(&s->link, s->vm.agent);
}

bool server_is_ready(const struct server *s)
{
	return s->qmp.ready && s->link.ready;
}

static bool is_gone(const struct server *s)
{
	return s->vm.pidfd < 0;
}

static void fail_gone(struct server *s, struct conn *c)
{
	char *tail = vm_tail(s->dir, "console.log");

	conn_fail(c, "the guest is gone (%s)%s", s->vm.end, tail);
	free(tail);
}

/* Requests: one function each, and one for their common parts. */

static uint32_t take_limit(const uint8_t **p, size_t *len)
{
	uint32_t limit_ms = 0;

	proto_take_u32(p, len, &limit_ms);
	return limit_ms;
}

/* Answer if the event exists. */
static void try_event(struct server *s, struct conn *c)
{
	const uint8_t *p = c->request.data;
	size_t len = c->request.len;
	json_object *event = NULL;
	char **strings = NULL;

	take_limit(&p, &len);
	if (proto_split(p, len, &strings) < 1)
		conn_fail(c, "malformed request");
	else
		event = events_take(&s->events, strings);
	free(strings);
	if (!event)
		return;

	conn_print(c, FRAME_STDOUT, "%s",
		   json_object_to_json_string_ext(event, JSON_C_TO_STRING_PLAIN));
	conn_exit(c, 0);
	json_object_put(event);
}

static void request_event(struct server *s, struct conn *c)
{
	const uint8_t *p = c->request.data;
	size_t len = c->request.len;

	c->state = CONN_EVENT;
	c->deadline = clock_ms() + take_limit(&p, &len);
	try_event(s, c);
	if (c->state == CONN_EVENT && is_gone(s))
		fail_gone(s, c);
}

static void request_qmp(struct server *s, struct conn *c)
{
	json_object *arguments = NULL;
	char **strings = NULL;
	int n = proto_split(c->request.data, c->request.len, &strings);

	if (n == 2)
		arguments = json_tokener_parse(strings[1]);

	if (n < 1 || n > 2) {
		conn_fail(c, "malformed request");
	} else if (n == 2 && !json_object_is_type(arguments, json_type_object)) {
		conn_fail(c, "not a JSON object: %s", strings[1]);
	} else {
		qmp_send(&s->qmp, c->id, strings[0], arguments);
		c->state = CONN_QMP;
		c->deadline = clock_ms() + QMP_MS;
	}
	json_object_put(arguments);
	free(strings);
}

static void request_ping(struct server *s, struct conn *c)
{
	const uint8_t *p = c->request.data;
	size_t len = c->request.len;

	c->state = CONN_PING;
	c->deadline = clock_ms() + take_limit(&p, &len);
	if (s->link.ready)
		chan_send(&s->link.chan, FRAME_PING, c->id, NULL, 0);
}

static void request_stop(struct server *s, struct conn *c)
{
	c->state = CONN_STOP;
	s->stopping = true;
	if (is_gone(s))
		return;

	qmp_send(&s->qmp, 0, "quit", NULL);
	s->kill_deadline = clock_ms() + QUIT_MS;
}

static void request(struct server *s, struct conn *c, const struct frame *f)
{
	bytes_append(&c->request, f->data, f->len);

	if (f->type == FRAME_WAIT)
		request_event(s, c);
	else if (f->type == FRAME_STOP)
		request_stop(s, c);
	else if (is_gone(s))
		fail_gone(s, c);
	else if (f->type == FRAME_RUN)
		c->state = CONN_QUEUED;
	else if (f->type == FRAME_QMP)
		request_qmp(s, c);
	else if (f->type == FRAME_PING)
		request_ping(s, c);
	else
		conn_fail(c, "request of type 0x%02x", f->type);
}

/* Clients */

void server_accept(struct server *s, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	struct conn *c;

	if (fd < 0)
		return;

	c = calloc(1, sizeof(*c));
	if (!c)
		err(EXIT_HARNESS, "a client");
	chan_open(&c->chan, fd);
	c->id = ++s->last_id;
	c->deadline = CLOCK_NEVER;
	conn_append(&s->conns, c);
}

static void drop_client(struct server *s, struct conn *c)
{
	if (c->state == CONN_RUNNING)
		link_abandon(&s->link);
	conn_remove(&s->conns, c);
	chan_close(&c->chan);
	bytes_free(&c->request);
	free(c);
}

static bool is_line_full(const struct server *s)
{
	return s->link.chan.out.len >= BACKLOG_BYTES;
}

/* After a request, a client sends only the input of its command. It stays in the socket
 * until the command runs and the line has space. */
static bool may_read(const struct server *s, const struct conn *c)
{
	return c->state == CONN_NEW || (c->state == CONN_RUNNING && !is_line_full(s));
}

short server_client_events(const struct server *s, const struct conn *c)
{
	return (may_read(s, c) ? POLLIN : 0) | (c->chan.out.len ? POLLOUT : 0);
}

void server_client(struct server *s, struct conn *c)
{
	ssize_t n = chan_fill(&c->chan);

	if (n == 0 || (n < 0 && n != -EAGAIN))
		drop_client(s, c);
}

static void take_frames(struct server *s, struct conn *c)
{
	struct frame f;
	int found;

	while (may_read(s, c) && (found = chan_next(&c->chan, &f))) {
		if (found < 0)
			conn_fail(c, "malformed request");
		else if (c->state == CONN_NEW)
			request(s, c, &f);
		else
			link_forward(&s->link, c, &f);
	}
}

/* The machine */

static void qmp_event(struct server *s, json_object *json, const char *name)
{
	struct conn *c;

	if (!strcmp(name, "RESET"))
		link_reset(&s->link, "the guest was reset");

	events_add(&s->events, json);
	for (c = s->conns; c; c = c->next) {
		if (c->state == CONN_EVENT)
			try_event(s, c);
	}
}

static void qmp_reply(struct server *s, json_object *json)
{
	json_object *id, *value, *class = NULL, *desc = NULL;
	struct conn *c = NULL;

	if (json_object_object_get_ex(json, "id", &id))
		c = conn_find(s->conns, json_object_get_int64(id), CONN_QMP);
	if (!c)
		return;

	if (json_object_object_get_ex(json, "return", &value)) {
		conn_print(c, FRAME_STDOUT, "%s",
			   json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN));
		conn_exit(c, 0);
		return;
	}

	json_object_object_get_ex(json, "error", &value);
	json_object_object_get_ex(value, "class", &class);
	json_object_object_get_ex(value, "desc", &desc);
	conn_print(c, FRAME_STDERR, "%s: %s", json_object_get_string(class),
		   json_object_get_string(desc));
	conn_exit(c, 1);
}

ssize_t server_qmp(struct server *s)
{
	ssize_t n = qmp_fill(&s->qmp);
	json_object *json, *name;

	while ((json = qmp_next(&s->qmp))) {
		if (json_object_object_get_ex(json, "event", &name)) {
			qmp_event(s, json, json_object_get_string(name));
		} else {
			qmp_reply(s, json);
			json_object_put(json);
		}
	}
	/* The end is handled with the process, not here. */
	if (n <= 0 && n != -EAGAIN)
		qmp_close(&s->qmp);
	return n;
}

ssize_t server_agent(struct server *s)
{
	ssize_t n = link_input(&s->link);

	if (n <= 0 && n != -EAGAIN)
		chan_close(&s->link.chan);
	return n;
}

void server_vm_ended(struct server *s)
{
	struct conn *c;

	/* Its last messages are still in the sockets, and clients may wait for them. */
	while (s->qmp.fd >= 0 && server_qmp(s) > 0)
		;
	while (s->link.chan.fd >= 0 && server_agent(s) > 0)
		;

	vm_reap(&s->vm);
	s->kill_deadline = CLOCK_NEVER;
	for (c = s->conns; c; c = c->next) {
		if (c->state != CONN_NEW && c->state != CONN_STOP &&
		    c->state != CONN_DONE)
			fail_gone(s, c);
	}
	link_reset(&s->link, s->vm.end);
	s->link.deadline = CLOCK_NEVER;
}

/* Time */

int64_t server_deadline(const struct server *s)
{
	int64_t first = s->kill_deadline;
	struct conn *c;

	if (s->link.deadline < first)
		first = s->link.deadline;
	for (c = s->conns; c; c = c->next) {
		if (c->deadline < first)
			first = c->deadline;
	}
	return first;
}

void server_overdue(struct server *s)
{
	int64_t now = clock_ms();
	struct conn *c;

	if (now >= s->kill_deadline) {
		s->kill_deadline = CLOCK_NEVER;
		vm_kill(&s->vm);
	}
	if (now >= s->link.deadline)
		link_overdue(&s->link);

	for (c = s->conns; c; c = c->next) {
		if (now < c->deadline)
			continue;
		if (c->state == CONN_EVENT)
			conn_exit(c, 1);
		else
			conn_fail(c, "no answer in time");
	}
}

/* If the line has space now, also send frames that have already arrived: no event
 * follows. */
static void flush_line(struct server *s)
{
	bool was_full;

	do {
		was_full = is_line_full(s);
		if (s->link.chan.fd >= 0 && chan_flush(&s->link.chan))
			bytes_free(&s->link.chan.out);
		for (struct conn *c = s->conns; was_full && c; c = c->next)
			take_frames(s, c);
	} while (was_full && !is_line_full(s));
}

void server_settle(struct server *s)
{
	struct conn *c, *next;

	for (c = s->conns; c; c = c->next)
		take_frames(s, c);
	link_pump(&s->link);
	/* The input of the command that link_pump() has started may have arrived. */
	for (c = s->conns; c; c = c->next)
		take_frames(s, c);

	for (c = s->conns; c; c = next) {
		next = c->next;
		if (chan_flush(&c->chan) || (c->state == CONN_DONE && !c->chan.out.len))
			drop_client(s, c);
	}

	/* A machine that is ending does not read. Its process reports the end. */
	if (s->qmp.fd >= 0 && qmp_flush(&s->qmp))
		bytes_free(&s->qmp.out);
	flush_line(s);
}

void server_close(struct server *s)
{
	while (s->conns)
		drop_client(s, s->conns);
	qmp_close(&s->qmp);
	chan_close(&s->link.chan);
	events_free(&s->events);
}
