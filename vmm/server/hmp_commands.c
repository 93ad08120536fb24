// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands of the monitor for people, and "info" */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/hmp.h"
#include "vmm/server/json_options.h"
#include "vmm/server/qmp_call.h"

/* A command that runs: its reply, and the words after its name */
struct hmp_call {
	struct host *host;
	struct buffer *out;
	const char *words; /* "" without any */
	int err;	   /* of the buffer */
};

static void hmp_put(struct hmp_call *call, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Append a text to the reply. Each LF becomes CR LF. */
static void hmp_put(struct hmp_call *call, const char *format, ...)
{
	va_list ap;
	char *text;
	int len;

	va_start(ap, format);
	len = vasprintf(&text, format, ap);
	va_end(ap);
	if (len < 0) {
		call->err = -ENOMEM;
		return;
	}
	for (const char *at = text; *at;) {
		size_t n = strcspn(at, "\n");

		call->err |= buffer_put(call->out, at, n);
		at += n;
		if (*at == '\n') {
			call->err |= buffer_put(call->out, "\r\n", 2);
			at++;
		}
	}
	free(text);
}

/* ---- info ------------------------------------------------------------------------------- */

static void hmp_info_cpus(struct hmp_call *call)
{
	struct papr_cpu_info info = { .size = sizeof(info) };
	size_t n = 0;
	bool first = true;

	while (papr_vmm_cpu_info(call->host->vmm, n, &info) > 0)
		n++;
	while (n && papr_vmm_cpu_info(call->host->vmm, --n, &info) > 0) {
		for (uint32_t i = 0; info.path && i < info.threads; i++) {
			hmp_put(call, "%s CPU #%u:\n", first ? "*" : " ",
				info.core_id + i);
			first = false;
		}
	}
}

static void hmp_info_memory_devices(struct hmp_call *call)
{
	struct papr_memory_info info = { .size = sizeof(info) };

	for (size_t n = 0; papr_vmm_memory_info(call->host->vmm, n, &info) > 0; n++)
		hmp_put(call,
			"Memory device [%s]: \"%s\"\n"
			"  addr: 0x%llx\n  slot: %u\n  node: %u\n  size: %llu\n"
			"  memdev: /objects/%s\n  hotplugged: %s\n  hotpluggable: true\n",
			info.type, info.id ? info.id : "",
			(unsigned long long)info.address, info.slot, info.node,
			(unsigned long long)info.bytes, info.memdev,
			info.hotplugged ? "true" : "false");
}

static uint64_t hmp_plugged_on(const struct host *host, uint32_t node, bool any)
{
	struct papr_memory_info info = { .size = sizeof(info) };
	uint64_t bytes = 0;

	for (size_t n = 0; papr_vmm_memory_info(host->vmm, n, &info) > 0; n++)
		bytes += any || info.node == node ? info.bytes : 0;
	return bytes;
}

static void hmp_info_memory_size(struct hmp_call *call)
{
	hmp_put(call, "base memory: %llu\nplugged memory: %llu\n",
		(unsigned long long)(call->host->options.no_machine
					     ? call->host->options.no_machine_bytes
					     : call->host->options.config.ram_bytes),
		(unsigned long long)hmp_plugged_on(call->host, 0, true));
}

static void hmp_info_name(struct hmp_call *call)
{
	if (call->host->options.config.name)
		hmp_put(call, "%s\n", call->host->options.config.name);
}

/* Return the size of the node's memory at start. */
static uint64_t hmp_base_on(const struct papr_config *config, uint32_t node)
{
	if (!config->n_numa_nodes)
		return node ? 0 : config->ram_bytes;
	return node < config->n_numa_nodes ? config->numa_nodes[node].ram_bytes : 0;
}

static void hmp_info_numa(struct hmp_call *call)
{
	struct papr_cpu_info cpu = { .size = sizeof(cpu) };
	struct papr_memory_info memory = { .size = sizeof(memory) };
	const struct papr_config *config = &call->host->options.config;
	uint32_t nodes = config->n_numa_nodes ? config->n_numa_nodes : 1;
	size_t cores = 0;

	for (; papr_vmm_cpu_info(call->host->vmm, cores, &cpu) > 0; cores++)
		nodes = cpu.path && cpu.node_id >= nodes ? cpu.node_id + 1 : nodes;
	for (size_t n = 0; papr_vmm_memory_info(call->host->vmm, n, &memory) > 0; n++)
		nodes = memory.node >= nodes ? memory.node + 1 : nodes;
	hmp_put(call, "%u nodes\n", nodes);
	for (uint32_t node = 0; node < nodes; node++) {
		uint64_t plugged = hmp_plugged_on(call->host, node, false);

		hmp_put(call, "node %u cpus:", node);
		for (size_t n = cores; n; n--) {
			if (papr_vmm_cpu_info(call->host->vmm, n - 1, &cpu) <= 0)
				continue;
			for (uint32_t i = 0; cpu.path && i < cpu.threads; i++)
				if (cpu.node_id == node)
					hmp_put(call, " %u", cpu.core_id + i);
		}
		hmp_put(call, "\nnode %u size: %llu MB\nnode %u plugged: %llu MB\n", node,
			(unsigned long long)(hmp_base_on(config, node) + plugged) >> 20,
			node, (unsigned long long)plugged >> 20);
	}
}

static void hmp_put_region(struct hmp_call *call, const struct papr_pci_region *region)
{
	unsigned long long address = region->address, end = address + region->size - 1;

	hmp_put(call, "      BAR%u: ", region->bar);
	if (region->io)
		hmp_put(call, "I/O at 0x%04llx [0x%04llx].\n", address, end);
	else
		hmp_put(call, "%d bit%s memory at 0x%08llx [0x%08llx].\n",
			region->is64 ? 64 : 32, region->prefetch ? " prefetchable" : "",
			address, end);
}

static void hmp_put_bridge(struct hmp_call *call, const struct papr_pci_info *info)
{
	hmp_put(call,
		"      BUS %u.\n      secondary bus %d.\n      subordinate bus %u.\n"
		"      IO range [0x%04llx, 0x%04llx]\n"
		"      memory range [0x%08llx, 0x%08llx]\n"
		"      prefetchable memory range [0x%08llx, 0x%08llx]\n",
		info->primary, info->bridge_bus, info->subordinate,
		(unsigned long long)info->io.base, (unsigned long long)info->io.limit,
		(unsigned long long)info->memory.base,
		(unsigned long long)info->memory.limit,
		(unsigned long long)info->prefetchable.base,
		(unsigned long long)info->prefetchable.limit);
}

static void hmp_info_pci(struct hmp_call *call)
{
	struct papr_pci_info info = { .size = sizeof(info) };

	for (size_t n = 0; papr_vmm_pci_info(call->host->vmm, n, &info) > 0; n++) {
		hmp_put(call, "  Bus %2u, device %3u, function %u:\n    ", info.bus,
			info.slot, info.function);
		if (info.class_text)
			hmp_put(call, "%s", info.class_text);
		else
			hmp_put(call, "Class %04x", info.class_code);
		hmp_put(call, ": PCI device %04x:%04x\n", info.vendor, info.device);
		if (info.bridge_bus < 0 && info.subsystem_vendor)
			hmp_put(call, "      PCI subsystem %04x:%04x\n",
				info.subsystem_vendor, info.subsystem);
		if (info.irq_pin)
			hmp_put(call, "      IRQ %u, pin %c\n", info.irq_line,
				'A' + info.irq_pin - 1);
		if (info.bridge_bus >= 0)
			hmp_put_bridge(call, &info);
		for (unsigned int i = 0; i < info.n_regions; i++)
			hmp_put_region(call, &info.regions[i]);
		hmp_put(call, "      id \"%s\"\n", info.id);
	}
}

static void hmp_info_status(struct hmp_call *call)
{
	static const char *const words[] = {
		[HOST_PRELAUNCH] = "paused (prelaunch)",
		[HOST_RUNNING] = "running",
		[HOST_PAUSED] = "paused",
		[HOST_SHUTDOWN] = "paused (shutdown)",
		[HOST_GUEST_PANICKED] = "paused (guest-panicked)",
		[HOST_SUSPENDED] = "paused (suspended)",
	};

	hmp_put(call, "VM status: %s\n", words[call->host->state]);
}

static void hmp_info_uuid(struct hmp_call *call)
{
	const uint8_t *uuid = call->host->options.config.uuid;

	for (int i = 0; i < 16; i++)
		hmp_put(call, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
			uuid[i]);
	hmp_put(call, "\n");
}

static void hmp_info_version(struct hmp_call *call)
{
	hmp_put(call, "%u.%u.0%s\n", call->host->machine.major, call->host->machine.minor,
		PACKAGE_STRING);
}

/* ---- Commands --------------------------------------------------------------------------- */

/* Run a command of QMP, with these arguments or NULL. */
static void hmp_run_qmp(struct hmp_call *call, const char *name, json_object *arguments)
{
	const struct qmp_command *row = qmp_commands;
	struct qmp_call qmp = { .host = call->host,
				.arguments = arguments ? arguments
						       : json_object_new_object() };
	int err = 0;

	while (row->name && strcmp(row->name, name))
		row++;
	if (!row->name || !row->run)
		err = -ENOSYS;
	else if (row->parameters)
		err = qmp_check(&qmp, row->parameters);
	if (!err)
		err = row->run(&qmp);
	if (err)
		hmp_put(call, "Error: %s\n", qmp.error ? qmp.error : strerror(-err));
	json_object_put(qmp.arguments);
	json_object_put(qmp.reply);
	free(qmp.error);
}

static void hmp_run_plain(struct hmp_call *call, const char *name)
{
	hmp_run_qmp(call, name, NULL);
}

static void hmp_run_id(struct hmp_call *call, const char *name)
{
	json_object *arguments = json_object_new_object();

	json_object_object_add(arguments, "id", json_object_new_string(call->words));
	hmp_run_qmp(call, name, arguments);
}

/* The words are "DRIVER,PROPERTY=VALUE,...". */
static void hmp_run_add(struct hmp_call *call, const char *name)
{
	json_object *arguments = json_object_new_object();
	struct keyval kv;
	int err = keyval_parse(&kv, call->words, "driver");

	for (size_t i = 0; !err && i < kv.n; i++)
		json_object_object_add(arguments, kv.options[i].name,
				       json_object_new_string(kv.options[i].value));
	keyval_free(&kv);
	if (!err) {
		hmp_run_qmp(call, name, arguments);
		return;
	}
	hmp_put(call, "Error: a parameter has no name\n");
	json_object_put(arguments);
}

static void hmp_run_info(struct hmp_call *call, const char *name);
static void hmp_run_help(struct hmp_call *call, const char *name);

static const struct hmp_command {
	const char *name, *alias, *words, *help;
	void (*run)(struct hmp_call *call, const char *qmp);
	const char *qmp;
} commands[] = {
	{ "cont", "c", "", "resume emulation", hmp_run_plain, "cont" },
	{ "device_add", NULL, "driver[,prop=value][,...]", "add device", hmp_run_add,
	  "device_add" },
	{ "device_del", NULL, "device", "remove device", hmp_run_id, "device_del" },
	{ "help", "?", "[cmd]", "show the help", hmp_run_help, NULL },
	{ "info", NULL, "[subcommand]", "show information", hmp_run_info, NULL },
	{ "nmi", NULL, "", "inject an NMI", hmp_run_plain, "inject-nmi" },
	{ "object_del", NULL, "id", "destroy object", hmp_run_id, "object-del" },
	{ "quit", "q", "", "quit", hmp_run_plain, "quit" },
	{ "stop", "s", "", "stop emulation", hmp_run_plain, "stop" },
	{ "system_powerdown", NULL, "", "request a power down", hmp_run_plain,
	  "system_powerdown" },
	{ "system_reset", NULL, "", "reset the system", hmp_run_plain, "system_reset" },
	{ .name = NULL },
};

static const struct {
	const char *name, *help;
	void (*run)(struct hmp_call *call);
} infos[] = {
	{ "cpus", "processors", hmp_info_cpus },
	{ "memory-devices", "memory devices", hmp_info_memory_devices },
	{ "memory_size_summary", "size of memory, in bytes", hmp_info_memory_size },
	{ "name", "name of the machine", hmp_info_name },
	{ "numa", "NUMA nodes", hmp_info_numa },
	{ "pci", "PCI functions", hmp_info_pci },
	{ "status", "run state", hmp_info_status },
	{ "uuid", "identifier of the machine", hmp_info_uuid },
	{ "version", "version", hmp_info_version },
};

enum { N_INFOS = sizeof(infos) / sizeof(*infos) };

static void hmp_run_info(struct hmp_call *call, const char *name)
{
	size_t n = 0;

	(void)name;
	if (!*call->words) {
		for (n = 0; n < N_INFOS; n++)
			hmp_put(call, "info %s  -- show %s\n", infos[n].name,
				infos[n].help);
		return;
	}
	while (n < N_INFOS && strcmp(infos[n].name, call->words))
		n++;
	if (n < N_INFOS)
		infos[n].run(call);
	else
		hmp_put(call, "unknown command: 'info %s'\n", call->words);
}

static bool hmp_is_named(const struct hmp_command *c, const char *word)
{
	return !strcmp(c->name, word) || (c->alias && !strcmp(c->alias, word));
}

static void hmp_run_help(struct hmp_call *call, const char *name)
{
	const char *of = call->words;

	(void)name;
	if (!strcmp(of, "info")) {
		call->words = "";
		hmp_run_info(call, NULL);
		return;
	}
	for (const struct hmp_command *c = commands; c->name; c++)
		if (!*of || hmp_is_named(c, of))
			hmp_put(call, "%s%s%s %s -- %s\n", c->name, c->alias ? "|" : "",
				c->alias ? c->alias : "", c->words, c->help);
}

int hmp_run(struct host *host, const char *line, struct buffer *out)
{
	struct hmp_call call = { .host = host, .out = out, .words = "" };
	const struct hmp_command *c = commands;
	char *copy = strdup(line + strspn(line, " \t")), *end;

	if (!copy)
		return -ENOMEM;
	end = copy + strlen(copy);
	while (end > copy && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0';
	end = copy + strcspn(copy, " \t");
	if (*end) {
		*end++ = '\0';
		call.words = end + strspn(end, " \t");
	}
	while (c->name && !hmp_is_named(c, copy))
		c++;
	if (c->name)
		c->run(&call, c->qmp);
	else if (*copy)
		hmp_put(&call, "unknown command: '%s'\n", copy);
	free(copy);
	return call.err;
}
