// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/buffer.h"
#include "vmm/server/json_feed.h"
#include "vmm/server/json_line.h"
#include "vmm/server/qmp.h"
#include "vmm/server/qmp_call.h"

struct qmp {
	struct host *host;
	struct host_listener listener;
	struct stream *stream;
	struct json_feed feed;
	bool is_guests; /* the client is not trusted */
	bool negotiated, oob;
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

static void forget(void *arg)
{
	struct qmp *qmp = arg;

	qmp->negotiated = false;
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

static void run(struct qmp *qmp, json_object *input)
{
	struct qmp_call call = { .host = qmp->host,
				 .arguments = json_object_new_object() };
	struct request request = { 0 };
	int err;

	qmp->running = true;
	err = check_request(&call, qmp, input, &request);
	if (!err)
		err = run_request(&call, qmp, &request);
	host_settle(qmp->host);
	send_line(qmp, answer_of(&call, input, err));
	qmp->running = false;

	stream_send(qmp->stream, qmp->behind.data, qmp->behind.len);
	buffer_free(&qmp->behind);
	json_object_put(call.arguments);
	json_object_put(call.reply);
	free(call.error);
}

static void refuse(struct qmp *qmp)
{
	struct qmp_call call = { .error = qmp->feed.error };

	send_line(qmp, answer_of(&call, NULL, -ENOMEM));
}

static size_t take(void *arg, const uint8_t *bytes, size_t len)
{
	struct qmp *qmp = arg;
	enum json_feed_result result;
	json_object *value;
	size_t used;

	do {
		result = json_feed(&qmp->feed, bytes, len, &used, &value);
		if (result == JSON_FEED_VALUE)
			run(qmp, value);
		else if (result == JSON_FEED_ERROR)
			refuse(qmp);
		json_object_put(value);
	} while (!used && result != JSON_FEED_MORE);
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
	json_feed_free(&qmp->feed);
	buffer_free(&qmp->behind);
	free(qmp);
}
