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

static const struct qmp_parameter memory[] = { { "used", QMP_INT, true },
					       { "anon", QMP_INT, true },
					       { "swap-free", QMP_INT, true },
					       { "min-free", QMP_INT, true },
					       { NULL, 0, false } };

static const struct qmp_parameter a_node_name[] = { { "node-name", QMP_STRING, false },
						    { NULL, 0, false } };

static const struct qmp_parameter a_switch[] = { { "enable", QMP_BOOL, false },
						 { NULL, 0, false } };

// clang-format off
const struct qmp_command qmp_commands[] = {
	{ .name = "blockdev-add", .run = qmp_blockdev_add },
	{ .name = "blockdev-del", .run = qmp_blockdev_del, .parameters = a_node_name },
	{ .name = "cont", .run = qmp_cont, .parameters = none },
	{ .name = "device_add", .run = qmp_device_add },
	{ .name = "device_del", .run = qmp_device_del, .parameters = an_id },
	{ .name = "dumpdtb", .run = qmp_dumpdtb, .parameters = a_filename },
	{ .name = "inject-nmi", .run = qmp_inject_nmi, .parameters = none },
	{ .name = "netdev_add", .run = qmp_netdev_add },
	{ .name = "netdev_del", .run = qmp_netdev_del, .parameters = an_id },
	{ .name = "object-add", .run = qmp_object_add },
	{ .name = "object-del", .run = qmp_object_del, .parameters = an_id },
	{ .name = "qmp_capabilities" }, /* a part of the session */
	{ .name = "query-commands", .run = qmp_query_commands, .parameters = none },
	{ .name = "query-cpus-fast", .run = qmp_query_cpus, .parameters = none },
	{ .name = "query-hotpluggable-cpus", .run = qmp_query_hotpluggable_cpus, .parameters = none },
	{ .name = "query-memory-devices", .run = qmp_query_memory_devices, .parameters = none },
	{ .name = "query-memory-size-summary", .run = qmp_query_memory_size, .parameters = none },
	{ .name = "query-name", .run = qmp_query_name, .parameters = none },
	{ .name = "query-pci", .run = qmp_query_pci, .parameters = none },
	{ .name = "query-status", .run = qmp_query_status, .parameters = none },
	{ .name = "query-uuid", .run = qmp_query_uuid, .parameters = none },
	{ .name = "query-version", .run = qmp_query_version, .parameters = none },
	{ .name = "quit", .run = qmp_quit, .parameters = none },
	{ .name = "stop", .run = qmp_stop, .parameters = none },
	{ .name = "system_powerdown", .run = qmp_system_powerdown, .parameters = none },
	{ .name = "system_reset", .run = qmp_system_reset, .parameters = none },
	{ .name = "x-papr-change", .run = qmp_papr_change, .parameters = change },
	{ .name = "x-papr-drc", .run = qmp_papr_drc, .parameters = an_index },
	{ .name = "x-papr-dump", .run = qmp_papr_dump, .parameters = dump },
	{ .name = "x-papr-fault", .run = qmp_papr_fault, .parameters = fault },
	{ .name = "x-papr-fault-clear", .run = qmp_papr_fault_clear, .parameters = fault_clear },
	{ .name = "x-papr-firmware", .run = qmp_papr_firmware, .parameters = none },
	{ .name = "x-papr-indicator", .run = qmp_papr_indicator, .parameters = indicator },
	{ .name = "x-papr-inject-event", .run = qmp_papr_inject_event, .parameters = inject },
	{ .name = "x-papr-load", .run = qmp_papr_load, .parameters = a_path },
	{ .name = "x-papr-memory", .run = qmp_papr_memory, .parameters = memory },
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
