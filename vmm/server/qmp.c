// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/buffer.h"
#include "vmm/server/json_feed.h"
#include "vmm/server/qmp.h"
#include "vmm/server/qmp_call.h"

struct qmp {
	struct host *host;
	struct host_listener listener;
	struct stream *stream;
	struct json_feed feed;
	bool is_guests; /* the client is not trusted */
	bool negotiated;
	bool running;	      /* a command is running */
	struct buffer behind; /* events to send after its reply */
};

struct stream *qmp_stream(const struct qmp *qmp)
{
	return qmp->stream;
}

/* ---- Output ------------------------------------------------------------------------ */

static int put_line(struct buffer *out, json_object *value)
{
	const char *text = json_object_to_json_string_ext(
		value, JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE);
	int err = text ? buffer_put(out, text, strlen(text)) : -ENOMEM;

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
	json_object *greeting = json_object_new_object(),
		    *qmp_part = json_object_new_object();

	qmp->negotiated = false;
	json_object_object_add(qmp_part, "version", qmp_version(qmp->host));
	json_object_object_add(qmp_part, "capabilities", json_object_new_array());
	json_object_object_add(greeting, "QMP", qmp_part);
	send_line(qmp, greeting);
}

static void forget(void *arg)
{
	struct qmp *qmp = arg;

	qmp->negotiated = false;
	json_feed_free(&qmp->feed);
	buffer_free(&qmp->behind);
}

/* ---- Input ------------------------------------------------------------------------- */

/* The server has no capabilities that a client could enable. */
static int negotiate(struct qmp_call *call, struct qmp *qmp)
{
	static const struct qmp_parameter parameters[] = { { "enable", QMP_ARRAY, true },
							   { NULL, 0, false } };
	json_object *list = qmp_array(call, "enable");
	int err = qmp_check(call, parameters);

	if (err)
		return err;
	if (list && json_object_array_length(list))
		return qmp_fail(call, -EINVAL,
				"Parameter 'enable' does not accept a capability");
	if (qmp->negotiated)
		return qmp_fail_class(call, "CommandNotFound", -EALREADY,
				      "Capabilities negotiation is already complete, "
				      "command ignored");
	qmp->negotiated = true;
	return 0;
}

static int check_member(struct qmp_call *call, const char *name, json_object *value,
			const char **command)
{
	if (!strcmp(name, "id"))
		return 0;
	if (!strcmp(name, "execute")) {
		if (!json_object_is_type(value, json_type_string))
			return qmp_fail(call, -EINVAL,
					"QMP input member 'execute' must be a string");
		*command = json_object_get_string(value);
		return 0;
	}
	if (strcmp(name, "arguments") != 0)
		return qmp_fail(call, -EINVAL, "QMP input member '%s' is unexpected",
				name);
	if (!json_object_is_type(value, json_type_object))
		return qmp_fail(call, -EINVAL,
				"QMP input member 'arguments' must be an object");
	json_object_put(call->arguments);
	call->arguments = json_object_get(value);
	return 0;
}

/* Check the members of a request. *command receives the name of its command. */
static int check_request(struct qmp_call *call, json_object *input, const char **command)
{
	json_object_object_foreach(input, name, value)
	{
		int err = check_member(call, name, value, command);

		if (err)
			return err;
	}
	return *command ? 0 : qmp_fail(call, -EINVAL, "QMP input lacks member 'execute'");
}

static int run_request(struct qmp_call *call, struct qmp *qmp, const char *name)
{
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
	if (qmp->is_guests && qmp_is_outside(call, name))
		return qmp_fail(call, -EPERM,
				"The command %s is not permitted to the guest", name);
	if (row->parameters)
		err = qmp_check(call, row->parameters);
	return err ? err : row->run(call);
}

static json_object *error_of(const struct qmp_call *call, int err)
{
	json_object *error = json_object_new_object();

	json_object_object_add(
		error, "class",
		json_object_new_string(call->class ? call->class : "GenericError"));
	json_object_object_add(
		error, "desc",
		json_object_new_string(call->error ? call->error : strerror(-err)));
	return error;
}

/* Send the answer to a request, or to input that is none: NULL. Takes the call's reply. */
static void send_answer(struct qmp *qmp, struct qmp_call *call, json_object *request,
			int err)
{
	json_object *answer = json_object_new_object(), *id;

	if (err) {
		json_object_object_add(answer, "error", error_of(call, err));
	} else {
		json_object_object_add(answer, "return",
				       call->reply ? call->reply
						   : json_object_new_object());
		call->reply = NULL;
	}
	if (request && json_object_object_get_ex(request, "id", &id))
		json_object_object_add(answer, "id", json_object_get(id));
	send_line(qmp, answer);
}

static void run(struct qmp *qmp, json_object *input)
{
	struct qmp_call call = { .host = qmp->host,
				 .arguments = json_object_new_object() };
	const char *command = NULL;
	int err;

	qmp->running = true;
	err = check_request(&call, input, &command);
	if (!err)
		err = run_request(&call, qmp, command);
	host_settle(qmp->host);
	send_answer(qmp, &call, input, err);
	qmp->running = false;

	stream_send(qmp->stream, qmp->behind.data, qmp->behind.len);
	buffer_free(&qmp->behind);
	json_object_put(call.arguments);
	json_object_put(call.reply);
	free(call.error);
}

static void refuse(struct qmp *qmp, const char *error)
{
	struct qmp_call call = { 0 };

	qmp_fail(&call, -EINVAL, "%s", error);
	send_answer(qmp, &call, NULL, -EINVAL);
	free(call.error);
}

static size_t take(void *arg, const uint8_t *bytes, size_t len)
{
	struct qmp *qmp = arg;
	enum json_feed_result result;
	json_object *value;
	size_t used;

	/* An error at the first byte consumes nothing. */
	do {
		result = json_feed(&qmp->feed, bytes, len, &used, &value);
		if (result == JSON_FEED_VALUE)
			run(qmp, value);
		else if (result == JSON_FEED_ERROR)
			refuse(qmp, qmp->feed.error);
		json_object_put(value);
	} while (!used && result == JSON_FEED_ERROR);
	return used;
}

int qmp_new(struct qmp **out, struct loop *loop, struct host *host,
	    const struct opts_server *place)
{
	static const struct stream_ops ops = { .opened = greet,
					       .closed = forget,
					       .take = take };
	struct qmp *qmp = calloc(1, sizeof(*qmp));
	int err;

	if (!qmp)
		return -ENOMEM;
	qmp->host = host;
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
