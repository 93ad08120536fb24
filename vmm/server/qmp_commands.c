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

static const struct qmp_parameter named_nodes[] = { { "flat", QMP_BOOL, true },
						    { NULL, 0, false } };

static const struct qmp_parameter a_chardev[] = { { "id", QMP_STRING, false },
						  { "backend", QMP_OBJECT, false },
						  { NULL, 0, false } };

static const struct qmp_parameter a_command_line[] = { { "command-line", QMP_STRING,
							 false },
						       { "cpu-index", QMP_INT, true },
						       { NULL, 0, false } };

static const struct qmp_parameter a_switch[] = { { "enable", QMP_BOOL, false },
						 { NULL, 0, false } };

// clang-format off
const struct qmp_command qmp_commands[] = {
	{ "blockdev-add",              qmp_blockdev_add,            NULL },
	{ "blockdev-del",              qmp_blockdev_del,            a_node_name },
	{ "chardev-add",               qmp_chardev_add,             a_chardev },
	{ "chardev-remove",            qmp_chardev_remove,          an_id },
	{ "cont",                      qmp_cont,                    none },
	{ "device_add",                qmp_device_add,              NULL },
	{ "device_del",                qmp_device_del,              an_id },
	{ "dumpdtb",                   qmp_dumpdtb,                 a_filename },
	{ "human-monitor-command",     qmp_human_monitor,           a_command_line },
	{ "netdev_add",                qmp_netdev_add,              NULL },
	{ "netdev_del",                qmp_netdev_del,              an_id },
	{ "object-add",                qmp_object_add,              NULL },
	{ "object-del",                qmp_object_del,              an_id },
	{ "query-block",               qmp_query_block,             none },
	{ "query-chardev",             qmp_query_chardev,           none },
	{ "query-chardev-backends",    qmp_query_chardev_backends,  none },
	{ "query-commands",            qmp_query_commands,          none },
	{ "query-cpus-fast",           qmp_query_cpus,              none },
	{ "query-hotpluggable-cpus",   qmp_query_hotpluggable_cpus, none },
	{ "query-iothreads",           qmp_query_iothreads,         none },
	{ "query-machines",            qmp_query_machines,          none },
	{ "query-memdev",              qmp_query_memdev,            none },
	{ "query-memory-devices",      qmp_query_memory_devices,    none },
	{ "query-memory-size-summary", qmp_query_memory_size,       none },
	{ "query-name",                qmp_query_name,              none },
	{ "query-named-block-nodes",   qmp_query_nodes,             named_nodes },
	{ "query-pci",                 qmp_query_pci,               none },
	{ "query-status",              qmp_query_status,            none },
	{ "query-uuid",                qmp_query_uuid,              none },
	{ "query-version",             qmp_query_version,           none },
	{ "quit",                      qmp_quit,                    none },
	{ "stop",                      qmp_stop,                    none },
	{ "system_powerdown",          qmp_system_powerdown,        none },
	{ "system_reset",              qmp_system_reset,            none },
	{ "x-papr-change",             qmp_papr_change,             change },
	{ "x-papr-drc",                qmp_papr_drc,                an_index },
	{ "x-papr-dump",               qmp_papr_dump,               dump },
	{ "x-papr-fault",              qmp_papr_fault,              fault },
	{ "x-papr-fault-clear",        qmp_papr_fault_clear,        fault_clear },
	{ "x-papr-firmware",           qmp_papr_firmware,           none },
	{ "x-papr-indicator",          qmp_papr_indicator,          indicator },
	{ "x-papr-inject-event",       qmp_papr_inject_event,       inject },
	{ "x-papr-load",               qmp_papr_load,               a_path },
	{ "x-papr-migrate",            qmp_papr_migrate,            migrate },
	{ "x-papr-save",               qmp_papr_save,               a_path },
	{ "x-papr-trace",              qmp_papr_trace,              a_switch },
	{ NULL,                        NULL,                        NULL },
};
// clang-format on

bool qmp_is_outside(const struct qmp_call *call, const char *name)
{
	static const struct {
		const char *command, *argument; /* NULL: with any arguments */
	} rows[] = {
		{ "chardev-add", NULL },	   { "dumpdtb", NULL },
		{ "human-monitor-command", NULL }, { "quit", NULL },
		{ "x-papr-dump", "path" },	   { "x-papr-load", NULL },
		{ "x-papr-save", NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!strcmp(rows[i].command, name) &&
		    (!rows[i].argument || qmp_has(call, rows[i].argument)))
			return true;
	return false;
}
