// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that only query the machine */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/server/qmp_call.h"

static void add(json_object *object, const char *name, json_object *value)
{
	json_object_object_add(object, name, value);
}

static json_object *text(const char *string)
{
	return json_object_new_string(string);
}

static json_object *number(uint64_t n)
{
	return json_object_new_uint64(n);
}

/* The version of QEMU whose machine this is */
json_object *qmp_version(const struct host *host)
{
	json_object *version = json_object_new_object(), *qemu = json_object_new_object();

	add(qemu, "major", number(host->machine.major));
	add(qemu, "minor", number(host->machine.minor));
	add(qemu, "micro", number(0));
	add(version, "qemu", qemu);
	add(version, "package", text(PACKAGE_STRING));
	return version;
}

int qmp_query_version(struct qmp_call *call)
{
	call->reply = qmp_version(call->host);
	return 0;
}

int qmp_query_commands(struct qmp_call *call)
{
	call->reply = json_object_new_array();
	for (const struct qmp_command *row = qmp_commands; row->name; row++) {
		json_object *entry = json_object_new_object();

		add(entry, "name", text(row->name));
		json_object_array_add(call->reply, entry);
	}
	return 0;
}

int qmp_query_name(struct qmp_call *call)
{
	call->reply = json_object_new_object();
	if (call->host->options.config.name)
		add(call->reply, "name", text(call->host->options.config.name));
	return 0;
}

int qmp_query_uuid(struct qmp_call *call)
{
	const uint8_t *uuid = call->host->options.config.uuid;
	char words[37]; /* including the NUL */
	size_t at = 0;

	for (int i = 0; i < 16; i++) {
		bool dash = i == 4 || i == 6 || i == 8 || i == 10;

		at += (size_t)snprintf(words + at, sizeof(words) - at, "%s%02x",
				       dash ? "-" : "", uuid[i]);
	}
	call->reply = json_object_new_object();
	add(call->reply, "UUID", text(words));
	return 0;
}

int qmp_query_status(struct qmp_call *call)
{
	static const char *const words[] = { [HOST_PRELAUNCH] = "prelaunch",
					     [HOST_RUNNING] = "running",
					     [HOST_PAUSED] = "paused",
					     [HOST_SHUTDOWN] = "shutdown",
					     [HOST_GUEST_PANICKED] = "guest-panicked",
					     [HOST_SUSPENDED] = "suspended" };
	enum host_state state = call->host->state;

	call->reply = json_object_new_object();
	add(call->reply, "running", json_object_new_boolean(state == HOST_RUNNING));
	if (call->host->machine.singlestep)
		add(call->reply, "singlestep", json_object_new_boolean(false));
	add(call->reply, "status", text(words[state]));
	return 0;
}

/* ---- Processors -------------------------------------------------------------------------- */

static json_object *props_of(const struct papr_cpu_info *info)
{
	json_object *props = json_object_new_object();

	add(props, "core-id", number(info->core_id));
	add(props, "node-id", number(info->node_id));
	return props;
}

int qmp_query_hotpluggable_cpus(struct qmp_call *call)
{
	struct papr_cpu_info info = { .size = sizeof(info) };

	call->reply = json_object_new_array();
	for (size_t n = 0; papr_vmm_cpu_info(call->host->vmm, n, &info) > 0; n++) {
		json_object *entry = json_object_new_object();

		add(entry, "props", props_of(&info));
		add(entry, "vcpus-count", number(info.threads));
		if (info.path)
			add(entry, "qom-path", text(info.path));
		add(entry, "type", text(info.type));
		json_object_array_add(call->reply, entry);
	}
	return 0;
}

static json_object *thread_of(const struct papr_cpu_info *info, uint32_t thread)
{
	json_object *entry = json_object_new_object();
	char path[128];

	snprintf(path, sizeof(path), "%s/thread[%u]", info->path, thread);
	add(entry, "thread-id", number((uint64_t)getpid()));
	add(entry, "props", props_of(info));
	add(entry, "qom-path", text(path));
	add(entry, "cpu-index", number(info->core_id + thread));
	add(entry, "target", text("ppc64"));
	return entry;
}

/* List the processors, lowest first. The machine lists its cores highest first. */
int qmp_query_cpus(struct qmp_call *call)
{
	struct papr_cpu_info info = { .size = sizeof(info) };
	size_t n = 0;

	call->reply = json_object_new_array();
	while (papr_vmm_cpu_info(call->host->vmm, n, &info) > 0)
		n++;
	while (n && papr_vmm_cpu_info(call->host->vmm, --n, &info) > 0)
		for (uint32_t i = 0; info.path && i < info.threads; i++)
			json_object_array_add(call->reply, thread_of(&info, i));
	return 0;
}

/* ---- Memory -------------------------------------------------------------------------------- */

static json_object *dimm_of(const struct papr_memory_info *info)
{
	json_object *entry = json_object_new_object(), *data = json_object_new_object();

	add(data, "memdev", text(info->memdev));
	add(data, "hotplugged", json_object_new_boolean(info->hotplugged));
	add(data, "addr", number(info->address));
	add(data, "hotpluggable", json_object_new_boolean(true));
	add(data, "size", number(info->bytes));
	add(data, "slot", number(info->slot));
	add(data, "node", number(info->node));
	if (info->id && *info->id)
		add(data, "id", text(info->id));
	add(entry, "type", text(info->type));
	add(entry, "data", data);
	return entry;
}

int qmp_query_memory_devices(struct qmp_call *call)
{
	struct papr_memory_info info = { .size = sizeof(info) };

	call->reply = json_object_new_array();
	for (size_t n = 0; papr_vmm_memory_info(call->host->vmm, n, &info) > 0; n++)
		json_object_array_add(call->reply, dimm_of(&info));
	return 0;
}

int qmp_query_memory_size(struct qmp_call *call)
{
	struct papr_memory_info info = { .size = sizeof(info) };
	uint64_t plugged = 0;

	for (size_t n = 0; papr_vmm_memory_info(call->host->vmm, n, &info) > 0; n++)
		plugged += info.bytes;
	call->reply = json_object_new_object();
	add(call->reply, "base-memory", number(call->host->options.config.ram_bytes));
	add(call->reply, "plugged-memory", number(plugged));
	return 0;
}
