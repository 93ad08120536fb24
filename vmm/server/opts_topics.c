// SPDX-License-Identifier: GPL-2.0-or-later
/* "help" as a value: -M help, -cpu help, -device help, -object help */
#include <stdio.h>
#include <string.h>

#include "vmm/server/opts_parts.h"

bool opts_is_help(const char *word)
{
	return !strcmp(word, "help") || !strcmp(word, "?");
}

void opts_set_topic(struct opts *opts, enum opts_topic topic)
{
	if (!opts->topic)
		opts->topic = topic;
}

static void topic_machines(void)
{
	struct papr_machine_info newest = { .size = sizeof(newest) },
				 info = { .size = sizeof(info) };

	papr_vmm_machine_find(NULL, &newest);
	printf("Supported machines are:\n%-20s QEMU's pseries (alias of %s) (default)\n",
	       "pseries", newest.name);
	for (size_t n = 0; papr_vmm_machine_info(n, &info) > 0; n++)
		printf("%-20s the machine of QEMU %u.%u\n", info.name, info.major,
		       info.minor);
}

static void topic_cpus(const char *machine)
{
	struct papr_machine_info info = { .size = sizeof(info) };
	char name[32];

	papr_vmm_machine_find(machine, &info);
	printf("Available CPUs of %s:\n", info.name);
	for (size_t n = 0; papr_vmm_cpu_model(machine, n, name); n++)
		printf("  %s%s\n", name,
		       strcmp(name, info.cpu_model) ? "" : " (default)");
}

static void topic_devices(const char *machine)
{
	struct papr_driver_info info = { .size = sizeof(info) };

	for (size_t n = 0; papr_vmm_driver_info(machine, n, &info) > 0; n++)
		printf("name \"%s\"%s%s%s%s%s%s\n", info.name, info.bus ? ", bus " : "",
		       info.bus ? info.bus : "", info.alias ? ", alias \"" : "",
		       info.alias ? info.alias : "", info.alias ? "\"" : "",
		       info.cold_only ? ", not hot-pluggable" : "");
}

void opts_print_topic(const struct opts *opts)
{
	const char *machine = opts->host.config.machine;

	if (opts->topic == OPTS_OBJECTS)
		puts("Supported objects are:\n  memory-backend-ram");
	else if (opts->topic == OPTS_MACHINES)
		topic_machines();
	else if (opts->topic == OPTS_CPUS)
		topic_cpus(machine);
	else
		topic_devices(machine);
}
