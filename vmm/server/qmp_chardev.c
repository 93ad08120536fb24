// SPDX-License-Identifier: GPL-2.0-or-later
/* Character devices, and the monitor for people */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/hmp.h"
#include "vmm/server/json_options.h"
#include "vmm/server/opts.h"
#include "vmm/server/qmp_call.h"
#include "vmm/server/servers.h"

static void add_text(json_object *object, const char *name, const char *text)
{
	json_object_object_add(object, name, json_object_new_string(text));
}

int qmp_query_chardev(struct qmp_call *call)
{
	struct server_info info;

	call->reply = json_object_new_array();
	for (size_t n = 0; servers_info(call->host->servers, n, &info); n++) {
		json_object *entry = json_object_new_object();

		json_object_object_add(entry, "frontend-open",
				       json_object_new_boolean(info.in_use));
		add_text(entry, "filename", info.name);
		add_text(entry, "label", info.label);
		json_object_array_add(call->reply, entry);
	}
	return 0;
}

int qmp_query_chardev_backends(struct qmp_call *call)
{
	static const char *const names[] = { "file", "socket", "null", "pty", "stdio" };

	call->reply = json_object_new_array();
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		json_object *entry = json_object_new_object();

		add_text(entry, "name", names[i]);
		json_object_array_add(call->reply, entry);
	}
	return 0;
}

/* Convert the description to the options of -chardev: the members of "data" and of the
 * address in it. Members of QMP that have another name there are renamed. */
static json_object *flat_of(struct qmp_call *call)
{
	json_object *flat = json_object_new_object(), *backend, *data, *type, *addr;

	if (!json_object_object_get_ex(call->arguments, "backend", &backend) ||
	    !json_object_object_get_ex(backend, "type", &type) ||
	    !json_object_is_type(type, json_type_string))
		return flat;
	add_text(flat, "backend", json_object_get_string(type));
	if (!json_object_object_get_ex(backend, "data", &data) ||
	    !json_object_is_type(data, json_type_object))
		return flat;
	json_object_object_foreach(data, name, value)
	{
		const char *as = strcmp(name, "out") ? name : "path";

		if (strcmp(name, "addr") != 0)
			json_object_object_add(flat, as, json_object_get(value));
	}
	if (!json_object_object_get_ex(data, "addr", &addr) ||
	    !json_object_object_get_ex(addr, "data", &data) ||
	    !json_object_is_type(data, json_type_object))
		return flat;
	json_object_object_foreach(data, part, text) json_object_object_add(
		flat, strcmp(part, "str") ? part : "fd", json_object_get(text));
	if (!json_object_object_get_ex(flat, "server", &data))
		add_text(flat, "server", "on"); /* QMP's default */
	if (!json_object_object_get_ex(flat, "wait", &data))
		add_text(flat, "wait", "off");
	return flat;
}

static int add_chardev(struct qmp_call *call, const struct keyval *kv, const char **pty)
{
	const char *id = qmp_string(call, "id");
	struct opts opts = { 0 };
	struct opts_server place = { .label = id, .protocol = OPTS_UNUSED };
	int err = opts_read_chardev(&opts, kv, &place);

	if (!err && (place.backend == OPTS_STDIO || place.backend == OPTS_TCP))
		err = qmp_fail(call, -ENOTSUP, "'%s' cannot be added later",
			       place.backend == OPTS_TCP ? "tcp" : "stdio");
	if (err)
		qmp_fail(call, err, "%s", opts.error ? opts.error : strerror(-err));
	opts_free(&opts);
	if (err)
		return err;
	err = servers_add(call->host->servers, &place, pty);
	if (err == -EEXIST)
		return qmp_fail(call, err, "Chardev with id '%s' already exists", id);
	return err ? qmp_fail(call, err, "%s: %s", place.path ? place.path : id,
			      strerror(-err))
		   : 0;
}

int qmp_chardev_add(struct qmp_call *call)
{
	json_object *flat = flat_of(call);
	const char *pty = NULL;
	struct keyval kv;
	int err = json_options(&kv, flat, false);

	if (!err && !keyval_get(&kv, "backend"))
		err = qmp_fail(call, -EINVAL, "Parameter 'backend.type' is missing");
	if (!err)
		err = add_chardev(call, &kv, &pty);
	call->reply = json_object_new_object();
	if (pty)
		add_text(call->reply, "pty", pty);
	keyval_free(&kv);
	json_object_put(flat);
	return err;
}

int qmp_chardev_remove(struct qmp_call *call)
{
	const char *id = qmp_string(call, "id");
	int err = servers_remove(call->host->servers, id);

	if (err == -EBUSY)
		return qmp_fail(call, err, "Chardev '%s' is busy", id);
	return err ? qmp_fail(call, err, "Chardev '%s' not found", id) : 0;
}

int qmp_human_monitor(struct qmp_call *call)
{
	struct buffer out = { 0 };
	int err = hmp_run(call->host, qmp_string(call, "command-line"), &out);

	if (!err)
		call->reply = json_object_new_string_len(
			out.len ? (const char *)buffer_bytes(&out) : "", (int)out.len);
	buffer_free(&out);
	return err;
}
