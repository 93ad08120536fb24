// SPDX-License-Identifier: GPL-2.0-or-later
/* "help" as a value: -M help, -cpu help, -device help, -device DRIVER,help, -object help */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "vmm/server/opts_parts.h"

bool opts_is_help(const char *word)
{
	return !strcmp(word, "help") || !strcmp(word, "?");
}

void opts_set_topic(struct opts *opts, enum opts_topic topic, const char *of)
{
	if (opts->topic)
		return;
	opts->topic = topic;
	opts->topic_of = of;
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

static void topic_machine(const char *machine)
{
	struct papr_machine_info info = { .size = sizeof(info) };

	papr_vmm_machine_find(machine, &info);
	printf("%s options:\n", info.name);
	for (const struct opts_property *p = opts_machine_properties; p->name; p++) {
		if (!strcmp(p->name, "type"))
			continue;
		printf("  %s=<%s>", p->name, p->values ? p->values : "on|off");
		if (!p->set && !p->flag)
			puts(" - without effect");
		else if (p->flag || p->initial)
			printf(" - default: %s\n", p->initial ? p->initial : "off");
		else
			putchar('\n');
	}
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

static void topic_property(const struct papr_property_info *info)
{
	printf("  %s=<%s>", info->name, info->type ? info->type : "value");
	if (info->required)
		printf(" - required");
	else if (info->value)
		printf(" - default: %s", info->value);
	else if (!info->type)
		printf(" - without effect");
	putchar('\n');
}

/* Print the properties of a driver or object. */
static int topic_properties(struct opts *opts)
{
	struct papr_property_info info = { .size = sizeof(info) };
	const char *machine = opts->host.config.machine;
	int found = papr_vmm_property_info(machine, opts->topic_of, 0, &info);
	size_t n = 1;

	if (found < 0)
		return opts_fail(opts, -EINVAL,
				 "-device %s,help: '%s' is not a valid device model name",
				 opts->topic_of, opts->topic_of);
	printf("%s options:\n", opts->topic_of);
	for (; found > 0; n++) {
		topic_property(&info);
		found = papr_vmm_property_info(machine, opts->topic_of, n, &info);
	}
	return 0;
}

int opts_print_topic(struct opts *opts)
{
	static const char object[] = "memory-backend-ram";
	const char *machine = opts->host.config.machine;

	if (opts->topic == OPTS_OBJECTS && !opts->topic_of) {
		printf("Supported objects are:\n  %s\n", object);
		return 0;
	}
	/* It is no device, and the only object. */
	if (opts->topic_of &&
	    !strcmp(opts->topic_of, object) != (opts->topic == OPTS_OBJECTS))
		return opts_fail(opts, -EINVAL,
				 opts->topic == OPTS_OBJECTS
					 ? "-object %s,help: invalid object type"
					 : "-device %s,help: an object, not a device",
				 opts->topic_of);
	if (opts->topic_of)
		return topic_properties(opts);
	if (opts->topic == OPTS_MACHINES)
		topic_machines();
	else if (opts->topic == OPTS_MACHINE)
		topic_machine(machine);
	else if (opts->topic == OPTS_CPUS)
		topic_cpus(machine);
	else
		topic_devices(machine);
	return 0;
}
