// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/sim_options.h"

static int refuse(const char *what, const char *value, const char *why)
{
	fprintf(stderr, "papr-vmm: %s%s%s: %s\n", what, value ? " " : "",
		value ? value : "", why);
	return -EINVAL;
}

static int set_profile(struct sim_options *o, const char *value)
{
	static const char *const names[] = {
		[KERNEL_6_1] = "6.1", [KERNEL_6_12] = "6.12", [KERNEL_CURRENT] = "current"
	};

	for (int i = 0; i <= KERNEL_CURRENT; i++)
		if (!strcmp(value, names[i])) {
			o->profile = (enum kernel_profile)i;
			return 0;
		}
	return refuse("--kernel-profile", value,
		      "unknown profile; use 6.1, 6.12 or current");
}

static int set_lockdown(struct sim_options *o, const char *value)
{
	if (strcmp(value, "none") != 0 && strcmp(value, "integrity") != 0 &&
	    strcmp(value, "confidentiality") != 0)
		return refuse("--lockdown", value,
			      "unknown level; use none, integrity or confidentiality");
	o->lockdown = value;
	return 0;
}

static int set_platform(struct sim_options *o, const char *value)
{
	o->no_qemu = !strcmp(value, "lpar");
	if (o->no_qemu || !strcmp(value, "qemu"))
		return 0;
	return refuse("--platform", value, "unknown platform; use qemu or lpar");
}

/* Return the value of "--name value" or "--name=value", or NULL. *argv is moved to the
 * option's last word. */
static const char *value_of(const char *name, char ***argv)
{
	size_t len = strlen(name);
	const char *word = **argv;

	if (strncmp(word, name, len) != 0)
		return NULL;
	if (word[len] == '=')
		return word + len + 1;
	if (word[len])
		return NULL;
	return (*argv)[1] ? *++*argv : "";
}

static int parse_run(struct sim_options *o, char **argv)
{
	const char *value;
	int err = 0;

	o->overlay = true;
	for (; !err && *argv && !strncmp(*argv, "--", 2) && (*argv)[2]; argv++) {
		if ((value = value_of("--kernel-profile", &argv)))
			err = set_profile(o, value);
		else if ((value = value_of("--lockdown", &argv)))
			err = set_lockdown(o, value);
		else if ((value = value_of("--platform", &argv)))
			err = set_platform(o, value);
		else if (!strcmp(*argv, "--no-overlay"))
			o->overlay = false;
		else if (!strcmp(*argv, "--lparcfg"))
			o->lparcfg = true;
		else if (!strcmp(*argv, "--no-mobility"))
			o->no_mobility = true;
		else
			err = refuse("run:", *argv, "unknown option");
	}
	if (!err && *argv && !strcmp(*argv, "--"))
		argv++;
	if (!err && !*argv)
		err = refuse("run", NULL, "the command is missing");
	o->command = argv;
	return err;
}

static int parse_attach(struct sim_options *o, char **argv)
{
	char *end;
	long pid;

	if (!*argv)
		return refuse("attach", NULL, "the process id of a papr-vmm is missing");
	pid = strtol(*argv, &end, 10);
	if (*end || end == *argv || pid <= 0 || pid > INT32_MAX)
		return refuse("attach:", *argv, "not a process id");
	o->pid = (pid_t)pid;
	argv++;
	if (*argv && !strcmp(*argv, "--"))
		argv++;
	if (!*argv)
		return refuse("attach", NULL, "the command is missing");
	o->command = argv;
	return 0;
}

static int parse_doctor(struct sim_options *o, char **argv)
{
	o->doctor = true;
	o->json = *argv && !strcmp(*argv, "--json");
	argv += o->json;
	return *argv ? refuse("doctor:", *argv, "unknown option") : 0;
}

int sim_options_parse(struct sim_options *o, char **argv)
{
	*o = (struct sim_options){ .lockdown = "none" };
	if (!strcmp(argv[0], "doctor"))
		return parse_doctor(o, argv + 1);
	o->attach = !strcmp(argv[0], "attach");
	if (!o->attach && strcmp(argv[0], "run") != 0)
		return refuse(argv[0], NULL,
			      "unknown command; use run, attach or doctor");
	return o->attach ? parse_attach(o, argv + 1) : parse_run(o, argv + 1);
}
