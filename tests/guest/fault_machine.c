// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine, by QMP: faults, calls, connectors. */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fault.h"

enum { TROUBLE = 125, ANSWER_MS = 60000, AREA_BYTES = 64 };

int machine_between(const char *path, char *command[])
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		errx(TROUBLE, "%s: too long", path);
	memcpy(address.sun_path, path, strlen(path));
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		err(TROUBLE, "%s", path);
	if (dup2(fd, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0)
		err(TROUBLE, "%s", path);
	execvp(command[0], command);
	err(TROUBLE, "%s", command[0]);
}

void machine_connect(struct machine *m)
{
	qmp_open(&m->qmp, STDIN_FILENO);
}

/* Requests and replies use different descriptors. */
static void send_requests(struct machine *m)
{
	struct bytes *out = &m->qmp.out;
	ssize_t n;

	while (out->len) {
		n = write(STDOUT_FILENO, out->data, out->len);
		if (n < 0)
			err(TROUBLE, "the machine does not listen");
		bytes_drop(out, (size_t)n);
	}
}

static void wait_for_machine(struct machine *m)
{
	struct pollfd p = { .fd = m->qmp.fd, .events = POLLIN };
	ssize_t n;

	send_requests(m);
	if (poll(&p, 1, ANSWER_MS) <= 0)
		errx(TROUBLE, "the machine does not answer");
	n = qmp_fill(&m->qmp);
	if (n <= 0 && n != -EAGAIN)
		errx(TROUBLE, "the machine has ended");
}

static const char *text_in(json_object *json, const char *key)
{
	json_object *value;

	return json_object_object_get_ex(json, key, &value)
		       ? json_object_get_string(value)
		       : NULL;
}

static void note_args(struct step *step, json_object *data)
{
	json_object *args, *arg;

	if (!json_object_object_get_ex(data, "args", &args))
		return;
	for (size_t i = 0; i < 2; i++) {
		arg = json_object_array_get_idx(args, i);
		step->arg[i] = arg ? (uint32_t)json_object_get_int64(arg) : 0;
	}
}

static void note_call(struct machine *m, json_object *message)
{
	const char *event = text_in(message, "event"), *name;
	json_object *data, *injected;

	if (!event || strcmp(event, "X_PAPR_CALL") != 0 ||
	    !json_object_object_get_ex(message, "data", &data))
		return;
	if (json_object_object_get_ex(data, "injected", &injected))
		m->injected += json_object_get_boolean(injected) != 0;
	name = text_in(data, "name");
	if (m->steps && name && !strchr(name, ':'))
		note_args(steps_add(m->steps, name, false), data);
}

/* Return the reply, to be released, or NULL for a refusal. Takes arguments. */
static json_object *try_to_ask(struct machine *m, const char *command,
			       json_object *arguments)
{
	uint32_t id = ++m->last_id;
	json_object *message, *value;

	qmp_send(&m->qmp, id, command, arguments);
	json_object_put(arguments);
	for (;;) {
		while (!(message = qmp_next(&m->qmp)))
			wait_for_machine(m);
		if (json_object_object_get_ex(message, "id", &value) &&
		    json_object_get_int64(value) == id)
			break;
		note_call(m, message);
		json_object_put(message);
	}
	json_object_object_get_ex(message, "return", &value);
	json_object_get(value);
	json_object_put(message);
	return value;
}

/* The same. A refusal ends the program. */
static json_object *ask(struct machine *m, const char *command, json_object *arguments)
{
	json_object *reply = try_to_ask(m, command, arguments);

	if (!reply)
		errx(TROUBLE, "%s: refused", command);
	return reply;
}

static void ask_for_trace(struct machine *m, bool on)
{
	json_object *arguments = json_object_new_object();

	json_object_object_add(arguments, "enable", json_object_new_boolean(on));
	json_object_put(ask(m, "x-papr-trace", arguments));
}

static json_object *object_with(const char *key, json_object *value)
{
	json_object *object = json_object_new_object();

	json_object_object_add(object, key, value);
	return object;
}

static json_object *area_of(unsigned char filler)
{
	char text[2 * AREA_BYTES + 1];

	for (int i = 0; i < AREA_BYTES; i++)
		snprintf(text + 2 * i, 3, "%02x", filler);
	return json_object_new_string(text);
}

void machine_fault(struct machine *m, const struct fault *fault)
{
	json_object *o = object_with("call", json_object_new_string(fault->step->name));
	json_object *rets, *reply, *id;

	json_object_object_add(o, "nth", json_object_new_int64(fault->step->nth));
	json_object_object_add(o, "count", json_object_new_int64(fault->count));
	if (fault->holds)
		json_object_object_add(o, "hold", json_object_new_boolean(true));
	if (fault->error) {
		json_object_object_add(o, "errno", json_object_new_string(fault->error));
	} else if (fault->delay) {
		json_object_object_add(o, "delay", json_object_new_int64(fault->delay));
	} else if (!fault->holds) {
		json_object_object_add(o, "status", json_object_new_int64(fault->status));
	}
	if (fault->has_area)
		json_object_object_add(o, "area", area_of(fault->filler));
	if (fault->has_ret) {
		rets = json_object_new_array();
		json_object_array_add(rets, json_object_new_int64(fault->ret));
		json_object_object_add(o, "rets", rets);
	}
	m->injected = 0;
	ask_for_trace(m, true);
	reply = ask(m, "x-papr-fault", o);
	m->fault_id =
		json_object_object_get_ex(reply, "id", &id) ? json_object_get_int(id) : 0;
	json_object_put(reply);
}

/* A fault of a write disappears when it has occurred. This releases a held write. */
bool machine_clear(struct machine *m, const struct fault *fault)
{
	json_object *o = object_with("id", json_object_new_int(m->fault_id)), *reply, *n;
	bool is_reached;

	reply = try_to_ask(m, "x-papr-fault-clear", o);
	if (fault->holds)
		is_reached = json_object_object_get_ex(reply, "released", &n) &&
			     json_object_get_int(n) > 0;
	else
		is_reached = fault->step->is_write ? !reply : m->injected > 0;
	json_object_put(reply);
	ask_for_trace(m, false);
	return is_reached;
}

bool machine_has_connector(struct machine *m, const char *index)
{
	json_object *reply = try_to_ask(
		m, "x-papr-drc", object_with("index", json_object_new_string(index)));
	bool is_one = reply;

	json_object_put(reply);
	return is_one;
}

void machine_connector(struct machine *m, const char *index, struct bytes *out)
{
	json_object *reply =
		ask(m, "x-papr-drc", object_with("index", json_object_new_string(index)));
	const char *text = json_object_to_json_string_ext(reply, JSON_C_TO_STRING_PLAIN);

	bytes_append(out, text, strlen(text));
	bytes_append(out, "\n", 1);
	json_object_put(reply);
}

void machine_trace_begin(struct machine *m, struct steps *steps)
{
	ask_for_trace(m, true);
	m->steps = steps;
}

void machine_trace_end(struct machine *m)
{
	ask_for_trace(m, false);
	m->steps = NULL;
}
