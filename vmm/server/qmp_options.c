// SPDX-License-Identifier: GPL-2.0-or-later
/* query-command-line-options: groups of options that have parameters */
#include <errno.h>
#include <string.h>

#include "vmm/server/opts_parts.h"
#include "vmm/server/qmp_call.h"

/* An option with its parameters: "name:type name:type" */
struct option_group {
	const char *name, *parameters;
};

static const struct option_group groups[] = {
	{ "accel", "" },
	{ "action", "reboot:string shutdown:string panic:string watchdog:string" },
	{ "boot-opts", "order:string once:string menu:boolean strict:boolean" },
	{ "chardev", "backend:string path:string fd:string server:boolean wait:boolean "
		     "append:boolean" },
	{ "device", "" },
	{ "drive", "" },
	{ "global", "driver:string property:string value:string" },
	{ "memory", "size:size slots:number maxmem:size" },
	{ "mon", "mode:string chardev:string pretty:boolean" },
	{ "name", "guest:string process:string debug-threads:boolean" },
	{ "netdev", "" },
	{ "nic", "" },
	{ "object", "" },
	{ "rtc", "base:string clock:string driftfix:string" },
	{ "smp-opts",
	  "cpus:number sockets:number dies:number clusters:number cores:number "
	  "threads:number maxcpus:number" },
	{ NULL, NULL },
};

static void add_parameter(json_object *list, const char *name, size_t len,
			  const char *type, size_t type_len)
{
	json_object *entry = json_object_new_object();

	json_object_object_add(entry, "name", json_object_new_string_len(name, (int)len));
	json_object_object_add(entry, "type",
			       json_object_new_string_len(type, (int)type_len));
	json_object_array_add(list, entry);
}

static json_object *parameters_of(const struct option_group *group)
{
	json_object *list = json_object_new_array();
	const char *at = group->parameters;

	while (*at) {
		size_t len = strcspn(at, ":");
		size_t type_len = strcspn(at + len + 1, " ");

		add_parameter(list, at, len, at + len + 1, type_len);
		at += len + 1 + type_len;
		at += *at == ' ';
	}
	return list;
}

/* The machine's parameters are those of all its types. */
static json_object *machine_parameters(void)
{
	json_object *list = json_object_new_array();

	for (const struct opts_property *p = opts_machine_properties; p->name; p++) {
		bool is_switch = (p->flag || !p->values) && strcmp(p->name, "type") != 0;
		const char *type = is_switch ? "boolean" : "string";

		add_parameter(list, p->name, strlen(p->name), type, strlen(type));
	}
	return list;
}

static void add_group(json_object *list, const char *name, json_object *parameters)
{
	json_object *entry = json_object_new_object();

	json_object_object_add(entry, "option", json_object_new_string(name));
	json_object_object_add(entry, "parameters", parameters);
	json_object_array_add(list, entry);
}

int qmp_query_options(struct qmp_call *call)
{
	const char *only = qmp_string(call, "option");

	call->reply = json_object_new_array();
	if (!only || !strcmp(only, "machine"))
		add_group(call->reply, "machine", machine_parameters());
	for (const struct option_group *group = groups; group->name; group++)
		if (!only || !strcmp(only, group->name))
			add_group(call->reply, group->name, parameters_of(group));
	if (!only || json_object_array_length(call->reply))
		return 0;
	return qmp_fail(call, -EINVAL, "invalid option name: %s", only);
}
