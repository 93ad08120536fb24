// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "vmm/server/qmp_call.h"

static const struct qmp_parameter none[] = { { NULL, 0, false } };

static const struct qmp_parameter an_id[] = { { "id", QMP_STRING, false },
					      { NULL, 0, false } };

static const struct qmp_parameter a_filename[] = { { "filename", QMP_STRING, false },
						   { NULL, 0, false } };

static const struct qmp_parameter a_path[] = { { "path", QMP_STRING, false },
					       { NULL, 0, false } };

static const struct qmp_parameter an_index[] = { { "index", QMP_INDEX, false },
						 { NULL, 0, false } };

static const struct qmp_parameter fault[] = {
	{ "call", QMP_STRING, false }, { "nth", QMP_INT, true },
	{ "count", QMP_INT, true },    { "status", QMP_INT, true },
	{ "errno", QMP_STRING, true }, { "delay", QMP_INT, true },
	{ "rets", QMP_ARRAY, true },   { "area", QMP_STRING, true },
	{ "hold", QMP_BOOL, true },    { NULL, 0, false }
};

static const struct qmp_parameter fault_clear[] = { { "id", QMP_INT, true },
						    { NULL, 0, false } };

static const struct qmp_parameter inject[] = {
	{ "data", QMP_STRING, true },	 { "kind", QMP_STRING, true },
	{ "type", QMP_STRING, true },	 { "action", QMP_STRING, true },
	{ "drc", QMP_STRING, true },	 { "index", QMP_INDEX, true },
	{ "count", QMP_INT, true },	 { "token", QMP_INT, true },
	{ "partial", QMP_BOOL, true },	 { "sensor", QMP_INT, true },
	{ "modifier", QMP_INT, true },	 { "extension", QMP_INT, true },
	{ "scope", QMP_INT, true },	 { "severity", QMP_INT, true },
	{ "refcode", QMP_STRING, true }, { NULL, 0, false }
};

static const struct qmp_parameter dump[] = { { "tag", QMP_STRING, false },
					     { "path", QMP_STRING, true },
					     { "data", QMP_STRING, true },
					     { NULL, 0, false } };

static const struct qmp_parameter indicator[] = { { "location", QMP_STRING, false },
						  { "fault", QMP_BOOL, true },
						  { "identify", QMP_BOOL, true },
						  { NULL, 0, false } };

static const struct qmp_parameter change[] = {
	{ "scope", QMP_INT, true },	  { "path", QMP_STRING, false },
	{ "property", QMP_STRING, true }, { "data", QMP_STRING, true },
	{ "text", QMP_STRING, true },	  { "add", QMP_INDEX, true },
	{ "delete", QMP_BOOL, true },	  { NULL, 0, false }
};

static const struct qmp_parameter migrate[] = {
	{ "stream", QMP_STRING, false }, { "waits", QMP_INT, true },
	{ "area", QMP_INT, true },	 { "count-words", QMP_BOOL, true },
	{ "abort", QMP_BOOL, true },	 { NULL, 0, false }
};

static const struct qmp_parameter a_node_name[] = { { "node-name", QMP_STRING, false },
						    { NULL, 0, false } };

static const struct qmp_parameter a_switch[] = { { "enable", QMP_BOOL, false },
						 { NULL, 0, false } };

static const struct qmp_parameter a_typename[] = { { "typename", QMP_STRING, false },
						   { NULL, 0, false } };

static const struct qmp_parameter a_property[] = { { "path", QMP_STRING, false },
						   { "property", QMP_STRING, false },
						   { NULL, 0, false } };

static const struct qmp_parameter a_value[] = { { "path", QMP_STRING, false },
						{ "property", QMP_STRING, false },
						{ "value", QMP_ANY, false },
						{ NULL, 0, false } };

static const struct qmp_parameter list_types[] = { { "implements", QMP_STRING, true },
						   { "abstract", QMP_BOOL, true },
						   { NULL, 0, false } };

static const struct qmp_parameter an_option[] = { { "option", QMP_STRING, true },
						  { NULL, 0, false } };

static const struct qmp_parameter a_name[] = { { "name", QMP_STRING, true },
					       { NULL, 0, false } };

static const struct qmp_parameter a_balloon[] = { { "value", QMP_INT, false },
						  { NULL, 0, false } };

static const struct qmp_parameter capabilities[] = { { "capabilities", QMP_ARRAY, false },
						     { NULL, 0, false } };

// clang-format off
#define CPU "core-id:int,node-id?:int"
#define QMP_VERSION "{qemu:{major:int,minor:int,micro:int},package:str}"
#define OBJECTS "memory-backend-ram|rng-builtin"
#define PROPERTIES "[{name:str,type:str,description?:str,default-value?:any}]"
const struct qmp_command qmp_commands[] = {
	{ .name = "balloon", .run = qmp_balloon, .parameters = a_balloon },
	{ .name = "blockdev-add", .run = qmp_blockdev_add, .arguments = "{driver:str,node-name?:str}" },
	{ .name = "blockdev-del", .run = qmp_blockdev_del, .parameters = a_node_name },
	{ .name = "cont", .run = qmp_cont, .parameters = none },
	{ .name = "device-list-properties", .run = qmp_device_list_properties, .parameters = a_typename,
	  .returns = PROPERTIES },
	{ .name = "device_add", .run = qmp_device_add,
	  .arguments = "{driver:str,bus?:str,id?:str}" },
	{ .name = "device_del", .run = qmp_device_del, .parameters = an_id },
	{ .name = "dumpdtb", .run = qmp_dumpdtb, .parameters = a_filename },
	{ .name = "inject-nmi", .run = qmp_inject_nmi, .parameters = none },
	{ .name = "migrate-set-capabilities", .run = qmp_migrate_set_capabilities,
	  .parameters = capabilities },
	{ .name = "netdev_add", .run = qmp_netdev_add, .arguments = "{type:str,id:str}" },
	{ .name = "netdev_del", .run = qmp_netdev_del, .parameters = an_id },
	{ .name = "object-add", .run = qmp_object_add,
	  .arguments = "{qom-type:<" OBJECTS ">,id:str,size?:int}" },
	{ .name = "object-del", .run = qmp_object_del, .parameters = an_id },
	{ .name = "qmp_capabilities", .arguments = "{enable?:[<oob>]}",
	  .reply = "{}" },
	{ .name = "qom-get", .run = qmp_qom_get, .parameters = a_property,
	  .returns = "any" },
	{ .name = "qom-list", .run = qmp_qom_list, .parameters = a_path,
	  .returns = PROPERTIES },
	{ .name = "qom-list-properties", .run = qmp_qom_list_properties, .parameters = a_typename,
	  .returns = PROPERTIES },
	{ .name = "qom-list-types", .run = qmp_qom_list_types, .parameters = list_types,
	  .returns = "[{name:str,abstract?:bool,parent?:str}]" },
	{ .name = "qom-set", .run = qmp_qom_set, .parameters = a_value },
	{ .name = "query-balloon", .run = qmp_query_balloon, .parameters = none,
	  .returns = "{actual:int}" },
	{ .name = "query-command-line-options", .run = qmp_query_options, .parameters = an_option,
	  .returns = "[{option:str,parameters:[{name:str,type:<string|boolean|number|size>,help?:str,default?:str}]}]" },
	{ .name = "query-commands", .run = qmp_query_commands, .parameters = none,
	  .returns = "[{name:str}]" },
	{ .name = "query-cpu-definitions", .run = qmp_query_cpu_definitions, .parameters = none,
	  .returns = "[{name:str,typename:str,static:bool,deprecated:bool}]" },
	{ .name = "query-cpus-fast", .run = qmp_query_cpus, .parameters = none,
	  .returns = "[{cpu-index:int,qom-path:str,thread-id:int,props?:{" CPU "},qom-type?:str,target:str}]" },
	{ .name = "query-current-machine", .parameters = none,
	  .returns = "{wakeup-suspend-support:bool}",
	  .reply = "{\"wakeup-suspend-support\": false}" },
	{ .name = "query-dump", .parameters = none,
	  .returns = "{status:<none|active|completed|failed>,completed:int,total:int}",
	  .reply = "{\"status\": \"none\", \"completed\": 0, \"total\": 0}" },
	{ .name = "query-fdsets", .parameters = none,
	  .returns = "[{fdset-id:int,fds:[any]}]",
	  .reply = "[]" },
	{ .name = "query-hotpluggable-cpus", .run = qmp_query_hotpluggable_cpus, .parameters = none,
	  .returns = "[{type:str,vcpus-count:int,props:{" CPU "},qom-path?:str}]" },
	{ .name = "query-jobs", .parameters = none,
	  .returns = "[{id:str}]",
	  .reply = "[]" },
	{ .name = "query-kvm", .run = qmp_query_kvm, .parameters = none,
	  .returns = "{enabled:bool,present:bool}" },
	{ .name = "query-machines", .run = qmp_query_machines, .parameters = none,
	  .returns = "[{name:str,alias?:str,is-default?:bool,cpu-max:int,hotpluggable-cpus:bool,"
	  "numa-mem-supported:bool,deprecated:bool,default-cpu-type?:str,default-ram-id?:str}]" },
	{ .name = "query-memory-devices", .run = qmp_query_memory_devices, .parameters = none,
	  .returns = "[{type:<dimm|nvdimm>,data:{id?:str,addr:int,size:int,slot:int,node:int,memdev:str,"
	  "hotplugged:bool,hotpluggable:bool}}]" },
	{ .name = "query-memory-size-summary", .run = qmp_query_memory_size, .parameters = none,
	  .returns = "{base-memory:int,plugged-memory?:int}" },
	{ .name = "query-mice", .parameters = none,
	  .returns = "[{name:str,index:int,current:bool,absolute:bool}]",
	  .reply = "[]" },
	{ .name = "query-migrate", .parameters = none,
	  .returns = "{status?:str}",
	  .reply = "{}" },
	{ .name = "query-migrate-capabilities", .run = qmp_query_migrate_capabilities, .parameters = none,
	  .returns = "[{capability:<events>,state:bool}]" },
	{ .name = "query-name", .run = qmp_query_name, .parameters = none,
	  .returns = "{name?:str}" },
	{ .name = "query-pci", .run = qmp_query_pci, .parameters = none,
	  .returns = "[{bus:int,devices:[any]}]" },
	{ .name = "query-qmp-schema", .run = qmp_query_schema, .parameters = none,
	  .returns = "[{name:str,meta-type:<builtin|enum|array|object|alternate|command|event>}]" },
	{ .name = "query-rx-filter", .parameters = a_name,
	  .returns = "[{name:str}]",
	  .reply = "[]" },
	{ .name = "query-status", .run = qmp_query_status, .parameters = none,
	  .returns = "{running:bool,singlestep?:bool,"
	  "status:<prelaunch|running|paused|shutdown|guest-panicked|suspended>}" },
	{ .name = "query-target", .parameters = none,
	  .returns = "{arch:<ppc64>}",
	  .reply = "{\"arch\": \"ppc64\"}" },
	{ .name = "query-tpm", .parameters = none,
	  .returns = "[{id:str}]",
	  .reply = "[]" },
	{ .name = "query-tpm-models", .parameters = none,
	  .returns = "[str]",
	  .reply = "[]" },
	{ .name = "query-tpm-types", .parameters = none,
	  .returns = "[str]",
	  .reply = "[]" },
	{ .name = "query-uuid", .run = qmp_query_uuid, .parameters = none,
	  .returns = "{UUID:str}" },
	{ .name = "query-version", .run = qmp_query_version, .parameters = none,
	  .returns = QMP_VERSION },
	{ .name = "quit", .run = qmp_quit, .parameters = none },
	{ .name = "stop", .run = qmp_stop, .parameters = none },
	{ .name = "system_powerdown", .run = qmp_system_powerdown, .parameters = none },
	{ .name = "system_reset", .run = qmp_system_reset, .parameters = none },
	{ .name = "x-exit-preconfig", .run = qmp_exit_preconfig, .parameters = none },
	{ .name = "x-papr-change", .run = qmp_papr_change, .parameters = change },
	{ .name = "x-papr-drc", .run = qmp_papr_drc, .parameters = an_index,
	  .returns = "{type:str,name:str,state:int,dev:bool,unplug_requested:bool,sense:int,indicator:int}" },
	{ .name = "x-papr-dump", .run = qmp_papr_dump, .parameters = dump },
	{ .name = "x-papr-fault", .run = qmp_papr_fault, .parameters = fault,
	  .returns = "{id:int}" },
	{ .name = "x-papr-fault-clear", .run = qmp_papr_fault_clear, .parameters = fault_clear,
	  .returns = "{released?:int}" },
	{ .name = "x-papr-firmware", .run = qmp_papr_firmware, .parameters = none,
	  .returns = "{locations:[{location:str,description:str,fault:bool,identify:bool}],dumps:[{tag:str,bytes:int,complete:bool}],power_on:(str|null)}" },
	{ .name = "x-papr-indicator", .run = qmp_papr_indicator, .parameters = indicator },
	{ .name = "x-papr-inject-event", .run = qmp_papr_inject_event, .parameters = inject },
	{ .name = "x-papr-load", .run = qmp_papr_load, .parameters = a_path },
	{ .name = "x-papr-migrate", .run = qmp_papr_migrate, .parameters = migrate },
	{ .name = "x-papr-save", .run = qmp_papr_save, .parameters = a_path },
	{ .name = "x-papr-trace", .run = qmp_papr_trace, .parameters = a_switch },
	{ .name = NULL },
};
// clang-format on

bool qmp_is_outside(const struct qmp_call *call, const char *name)
{
	static const struct {
		const char *command, *argument; /* NULL: with any arguments */
	} rows[] = {
		{ "dumpdtb", NULL },	   { "quit", NULL },
		{ "x-papr-dump", "path" }, { "x-papr-load", NULL },
		{ "x-papr-save", NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!strcmp(rows[i].command, name) &&
		    (!rows[i].argument || qmp_has(call, rows[i].argument)))
			return true;
	return false;
}

bool qmp_is_early(const char *name)
{
	static const char *const names[] = {
		"device-list-properties",
		"object-add",
		"object-del",
		"qom-get",
		"qom-list",
		"qom-list-properties",
		"qom-list-types",
		"qom-set",
		"query-command-line-options",
		"query-commands",
		"query-hotpluggable-cpus",
		"query-machines",
		"query-name",
		"query-qmp-schema",
		"query-status",
		"query-target",
		"query-uuid",
		"query-version",
		"quit",
		"x-exit-preconfig",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}
