// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "vmm/server/buffer.h"
#include "vmm/server/json_feed.h"
#include "vmm/server/json_line.h"
#include "vmm/server/qmp.h"
#include "vmm/server/qmp_call.h"

/* What the client sent, while a command waits */
struct qmp_input {
	json_object *value; /* owned; NULL: JSON's null */
	bool is_error;	    /* it is no JSON */
	char *error;	    /* owned */
};

enum { QUEUE = 8 }; /* as in QEMU; then no more input is read */

struct qmp {
	struct host *host;
	struct loop *loop;
	struct host_listener listener;
	struct stream *stream;
	struct json_feed feed;
	bool is_guests; /* the client is not trusted */
	bool negotiated, oob;
	bool running;	      /* a command is running */
	struct buffer behind; /* events to send after its reply */
	int pipe;	      /* the first input waits for its end; -1: none waits */
	struct qmp_input queue[QUEUE];
	size_t n_queued;
};

struct stream *qmp_stream(const struct qmp *qmp)
{
	return qmp->stream;
}

/* ---- Output ------------------------------------------------------------------------ */

static int put_line(struct buffer *out, json_object *value)
{
	int err = json_line(out, value);

	return err ? err : buffer_put(out, "\r\n", 2);
}

/* Send the value as a line, and release it. */
static void send_line(struct qmp *qmp, json_object *value)
{
	struct buffer line = { 0 };

	if (value && !put_line(&line, value))
		stream_send(qmp->stream, buffer_bytes(&line), line.len);
	buffer_free(&line);
	json_object_put(value);
}

static struct qmp *of_listener(struct host_listener *listener)
{
	return (struct qmp *)((char *)listener - offsetof(struct qmp, listener));
}

/* Send an event. DEVICE_DELETED follows the reply of the running command: QEMU destroys
 * devices late, so the client receives its reply first. */
static void machine_event(struct host_listener *self, const struct papr_event *event)
{
	struct qmp *qmp = of_listener(self);
	json_object *value;

	if (!qmp->negotiated || (event->type == PAPR_EV_CALL && !qmp->host->trace))
		return;
	value = qmp_event_of(qmp->host, event);
	if (!qmp->running || event->type != PAPR_EV_DEVICE_DELETED) {
		send_line(qmp, value);
		return;
	}
	if (value)
		put_line(&qmp->behind, value);
	json_object_put(value);
}

static void machine_changed(struct host_listener *self, enum host_change change)
{
	struct qmp *qmp = of_listener(self);

	if (!qmp->negotiated)
		return;
	if (change == HOST_STOPPED)
		send_line(qmp, qmp_event_named("STOP", NULL));
	else if (change == HOST_RESUMED)
		send_line(qmp, qmp_event_named("RESUME", NULL));
}

static void greet(void *arg)
{
	struct qmp *qmp = arg;
	json_object *greeting = json_object_new_object(), *qmp_part, *capabilities;

	qmp->negotiated = qmp->oob = false;
	qmp_part = json_object_new_object();
	capabilities = json_object_new_array();
	json_object_array_add(capabilities, json_object_new_string("oob"));
	json_object_object_add(qmp_part, "version", qmp_version(qmp->host));
	json_object_object_add(qmp_part, "capabilities", capabilities);
	json_object_object_add(greeting, "QMP", qmp_part);
	send_line(qmp, greeting);
}

static void input_free(struct qmp_input *input)
{
	json_object_put(input->value);
	free(input->error);
}

static void pipe_close(struct qmp *qmp)
{
	if (qmp->pipe < 0)
		return;
	loop_remove(qmp->loop, qmp->pipe);
	close(qmp->pipe);
	qmp->pipe = -1;
}

static void forget(void *arg)
{
	struct qmp *qmp = arg;

	qmp->negotiated = false;
	pipe_close(qmp);
	while (qmp->n_queued)
		input_free(&qmp->queue[--qmp->n_queued]);
	json_feed_free(&qmp->feed);
	buffer_free(&qmp->behind);
}

/* ---- Input ------------------------------------------------------------------------- */

static int enable(struct qmp_call *call, struct qmp *qmp)
{
	json_object *list = qmp_array(call, "enable");
	size_t n = list ? json_object_array_length(list) : 0;

	for (size_t i = 0; i < n; i++) {
		json_object *word = json_object_array_get_idx(list, i);

		if (!json_object_is_type(word, json_type_string))
			return qmp_fail(call, -EINVAL,
					"Invalid parameter type for 'enable[%zu]', "
					"expected: string",
					i);
		if (strcmp(json_object_get_string(word), "oob") != 0)
			return qmp_fail(call, -EINVAL,
					"Parameter 'null' does not accept value '%s'",
					json_object_get_string(word));
	}
	if (qmp->negotiated)
		return qmp_fail_class(call, "CommandNotFound", -EALREADY,
				      "Capabilities negotiation is already complete, "
				      "command ignored");
	qmp->negotiated = true;
	qmp->oob = n > 0;
	return 0;
}

static int negotiate(struct qmp_call *call, struct qmp *qmp)
{
	static const struct qmp_parameter parameters[] = { { "enable", QMP_ARRAY, true },
							   { NULL, 0, false } };
	int err = qmp_check(call, parameters);

	return err ? err : enable(call, qmp);
}

/* A request, as its members say */
struct request {
	const char *member; /* that names the command */
	const char *command;
	bool out_of_band;
};

static int name_command(struct qmp_call *call, struct request *request,
			const char *member, json_object *name)
{
	if (!json_object_is_type(name, json_type_string))
		return qmp_fail(call, -EINVAL, "QMP input member '%s' must be a string",
				member);
	if (request->command)
		return qmp_fail(call, -EINVAL, "QMP input member '%s' clashes with '%s'",
				member, request->member);
	request->member = member;
	request->command = json_object_get_string(name);
	request->out_of_band = strcmp(member, "execute") != 0;
	return 0;
}

static int check_member(struct qmp_call *call, const struct qmp *qmp,
			struct request *request, const struct json_member *member)
{
	const char *name = member->name;

	if (!strcmp(name, "execute") || (qmp->oob && !strcmp(name, "exec-oob")))
		return name_command(call, request, name, member->value);
	if (!strcmp(name, "id"))
		return 0;
	if (strcmp(name, "arguments") != 0)
		return qmp_fail(call, -EINVAL, "QMP input member '%s' is unexpected",
				name);
	if (!json_object_is_type(member->value, json_type_object))
		return qmp_fail(call, -EINVAL,
				"QMP input member 'arguments' must be an object");
	json_object_put(call->arguments);
	call->arguments = json_object_get(member->value);
	return 0;
}

static int check_request(struct qmp_call *call, const struct qmp *qmp, json_object *input,
			 struct request *request)
{
	struct json_member *members;
	size_t n;
	int err = 0;

	if (!json_object_is_type(input, json_type_object))
		return qmp_fail(call, -EINVAL, "QMP input must be a JSON object");
	members = json_members(input, &n);
	if (!members)
		return -ENOMEM;
	for (size_t i = 0; !err && i < n; i++)
		err = check_member(call, qmp, request, &members[i]);
	free(members);
	if (err || request->command)
		return err;
	return qmp_fail(call, -EINVAL, "QMP input lacks member 'execute'");
}

static int run_request(struct qmp_call *call, struct qmp *qmp,
		       const struct request *request)
{
	const char *name = request->command;
	const struct qmp_command *row = qmp_commands;
	int err = 0;

	if (!strcmp(name, "qmp_capabilities"))
		return negotiate(call, qmp);
	if (!qmp->negotiated)
		return qmp_fail_class(call, "CommandNotFound", -EPERM,
				      "Expecting capabilities negotiation with "
				      "'qmp_capabilities'");
	while (row->name && strcmp(row->name, name))
		row++;
	if (!row->name)
		return qmp_fail_class(call, "CommandNotFound", -ENOSYS,
				      "The command %s has not been found", name);
	if (qmp->host->options.preconfig && !qmp_is_early(name))
		return qmp_fail(call, -EPERM,
				"The command '%s' is permitted only after machine "
				"initialization has completed",
				name);
	if (request->out_of_band)
		return qmp_fail(call, -EINVAL, "The command %s does not support OOB",
				name);
	if (qmp->is_guests && qmp_is_outside(call, name))
		return qmp_fail(call, -EPERM,
				"The command %s is not permitted to the guest", name);
	if (row->parameters)
		err = qmp_check(call, row->parameters);
	if (err || row->run)
		return err ? err : row->run(call);
	call->reply = json_tokener_parse(row->reply);
	return call->reply ? 0 : -ENOMEM;
}

static void add_id(json_object *answer, json_object *input)
{
	json_object *id;

	if (json_object_is_type(input, json_type_object) &&
	    json_object_object_get_ex(input, "id", &id))
		json_object_object_add(answer, "id", json_object_get(id));
}

/* Build the answer. Takes the call's reply. */
static json_object *answer_of(struct qmp_call *call, json_object *input, int err)
{
	json_object *answer = json_object_new_object(), *error;

	if (!err) {
		json_object_object_add(answer, "return",
				       call->reply ? call->reply
						   : json_object_new_object());
		call->reply = NULL;
		add_id(answer, input);
		return answer;
	}
	error = json_object_new_object();
	json_object_object_add(
		error, "class",
		json_object_new_string(call->class ? call->class : "GenericError"));
	json_object_object_add(
		error, "desc",
		json_object_new_string(call->error ? call->error : strerror(-err)));
	add_id(answer, input);
	json_object_object_add(answer, "error", error);
	return answer;
}

static void pipe_ready(void *arg, uint32_t events);

/* Let the command wait, as the first of the queue. */
static int begin_wait(struct qmp *qmp, int fd, json_object *input)
{
	int err = loop_add(qmp->loop, fd, EPOLLIN, pipe_ready, qmp);

	if (err) {
		close(fd);
		return err;
	}
	qmp->pipe = fd;
	memmove(qmp->queue + 1, qmp->queue, qmp->n_queued++ * sizeof(*qmp->queue));
	qmp->queue[0] = (struct qmp_input){ .value = json_object_get(input) };
	return -EINPROGRESS;
}

static void run(struct qmp *qmp, json_object *input, bool has_waited)
{
	struct qmp_call call = { .host = qmp->host,
				 .arguments = json_object_new_object(),
				 .has_waited = has_waited };
	struct request request = { 0 };
	int err;

	qmp->running = true;
	err = check_request(&call, qmp, input, &request);
	if (!err)
		err = run_request(&call, qmp, &request);
	if (err == -EINPROGRESS)
		err = begin_wait(qmp, call.pipe, input);
	host_settle(qmp->host);
	if (err != -EINPROGRESS)
		send_line(qmp, answer_of(&call, input, err));
	qmp->running = false;

	stream_send(qmp->stream, qmp->behind.data, qmp->behind.len);
	buffer_free(&qmp->behind);
	json_object_put(call.arguments);
	json_object_put(call.reply);
	free(call.error);
}

static void refuse(struct qmp *qmp, char *error)
{
	struct qmp_call call = { .error = error };

	send_line(qmp, answer_of(&call, NULL, -ENOMEM));
}

/* The pipe's content does not matter. At its end, execute what is queued. */
static void pipe_ready(void *arg, uint32_t events)
{
	struct qmp *qmp = arg;
	char bytes[512];
	ssize_t n = read(qmp->pipe, bytes, sizeof(bytes));
	bool has_waited = true;

	(void)events;
	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	pipe_close(qmp);
	while (qmp->n_queued && qmp->pipe < 0) {
		struct qmp_input input = qmp->queue[0];

		memmove(qmp->queue, qmp->queue + 1,
			--qmp->n_queued * sizeof(*qmp->queue));
		if (input.is_error)
			refuse(qmp, input.error);
		else
			run(qmp, input.value, has_waited);
		input_free(&input);
		has_waited = false;
	}
	stream_resume(qmp->stream);
}

/* Return true if the request overtakes a command that waits. */
static bool is_urgent(const struct qmp *qmp, json_object *value)
{
	return qmp->oob && json_object_is_type(value, json_type_object) &&
	       json_object_object_get_ex(value, "exec-oob", NULL) &&
	       !json_object_object_get_ex(value, "execute", NULL);
}

/* Take a value, or an error of the parser. */
static void take_input(struct qmp *qmp, enum json_feed_result result, json_object *value)
{
	const char *error = result == JSON_FEED_ERROR ? qmp->feed.error : NULL;

	if (qmp->pipe >= 0 && !is_urgent(qmp, value))
		qmp->queue[qmp->n_queued++] =
			(struct qmp_input){ .value = json_object_get(value),
					    .is_error = result == JSON_FEED_ERROR,
					    .error = error ? strdup(error) : NULL };
	else if (result == JSON_FEED_VALUE)
		run(qmp, value, false);
	else
		refuse(qmp, qmp->feed.error);
}

static size_t take(void *arg, const uint8_t *bytes, size_t len)
{
	struct qmp *qmp = arg;
	enum json_feed_result result;
	json_object *value;
	size_t used;

	do {
		if (qmp->n_queued == QUEUE)
			return 0; /* until pipe_ready() */
		value = NULL;
		result = json_feed(&qmp->feed, bytes, len, &used, &value);
		if (result != JSON_FEED_MORE)
			take_input(qmp, result, value);
		json_object_put(value);
	} while (!used && result != JSON_FEED_MORE);
	return used;
}

int qmp_new(struct qmp **out, struct loop *loop, struct host *host,
	    const struct opts_server *place)
{
	static const struct stream_ops ops = {
		.opened = greet, .closed = forget, .take = take, .keeps_input = true
	};
	struct qmp *qmp = calloc(1, sizeof(*qmp));
	int err;

	if (!qmp)
		return -ENOMEM;
	qmp->host = host;
	qmp->loop = loop;
	qmp->pipe = -1;
	qmp->is_guests = place->is_guests;
	err = stream_new(&qmp->stream, loop, place, &ops, qmp);
	if (err) {
		free(qmp);
		return err;
	}
	qmp->listener.event = machine_event;
	qmp->listener.changed = machine_changed;
	host_listen(host, &qmp->listener);
	*out = qmp;
	return 0;
}

void qmp_free(struct qmp *qmp)
{
	if (!qmp)
		return;
	host_unlisten(qmp->host, &qmp->listener);
	stream_free(qmp->stream);
	forget(qmp);
	free(qmp);
}
