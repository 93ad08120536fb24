// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/sim_options.h"

enum { RUN_NAME_MAX = 64 };

static int run_set_profile(void *arg, const char *value)
{
	static const char *const names[] = {
		[KERNEL_6_1] = "6.1", [KERNEL_6_12] = "6.12", [KERNEL_CURRENT] = "current"
	};
	struct sim_options *o = arg;

	for (int i = 0; i <= KERNEL_CURRENT; i++)
		if (!strcmp(value, names[i])) {
			o->profile = (enum kernel_profile)i;
			return 0;
		}
	return verb_refuse("--kernel-profile", value,
			   "unknown profile; use 6.1, 6.12 or current");
}

static int run_set_lockdown(void *arg, const char *value)
{
	struct sim_options *o = arg;

	if (strcmp(value, "none") != 0 && strcmp(value, "integrity") != 0 &&
	    strcmp(value, "confidentiality") != 0)
		return verb_refuse(
			"--lockdown", value,
			"unknown level; use none, integrity or confidentiality");
	o->lockdown = value;
	return 0;
}

static int run_set_platform(void *arg, const char *value)
{
	struct sim_options *o = arg;

	o->no_qemu = !strcmp(value, "lpar");
	if (o->no_qemu || !strcmp(value, "qemu"))
		return 0;
	return verb_refuse("--platform", value, "unknown platform; use qemu or lpar");
}

static int run_set_plug(void *arg, const char *value)
{
	struct sim_options *o = arg;

	return plan_plug(&o->plan, value);
}

static int run_set_unplug(void *arg, const char *value)
{
	struct sim_options *o = arg;

	return plan_unplug(&o->plan, value);
}

static int run_set_fault(void *arg, const char *value)
{
	struct sim_options *o = arg;

	return plan_fault(&o->plan, value);
}

/* A name is a word that is no process id, no option and no path. */
static int run_set_name(void *arg, const char *value)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char all[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	struct sim_options *o = arg;

	if (!*value || !strchr(letters, *value) || value[strspn(value, all)] ||
	    strlen(value) > RUN_NAME_MAX)
		return verb_refuse("--name", value,
				   "use at most 64 letters, digits, and any of ._-, "
				   "beginning with a letter");
	o->name = value;
	return 0;
}

// clang-format off
static const struct verb_option run_options[] = {
	{ "--plug", "SPEC[@SECONDS]",
	  "plug a device, described as for -device, this long after the start of the\n"
	  "command; without a time: at its start", .set = run_set_plug },
	{ "--unplug", "ID[@SECONDS]",
	  "request that the guest releases this device", .set = run_set_unplug },
	{ "--fault", "CALL:N=STATUS",
	  "let the N-th call of an RTAS call return this status", .set = run_set_fault },
	{ "--strict", NULL,
	  "exit with 122 if a step failed or was not executed, or no call reached a fault",
	  .flag = offsetof(struct sim_options, strict) },
	{ "--name", "NAME", "name of the guest, for papr-vmm ctl and ps", .set = run_set_name },
	{ "--ctl", NULL,
	  "let programs of the guest control their host with papr-vmm ctl", .flag = offsetof(struct sim_options, ctl) },
	{ "--kernel-profile", "6.1|6.12|current",
	  "provide the files of this version of Linux; default: 6.1", .set = run_set_profile },
	{ "--lockdown", "none|integrity|confidentiality",
	  "set the level of the kernel's lockdown; default: none", .set = run_set_lockdown },
	{ "--platform", "qemu|lpar",
	  "name this machine to programs; default: qemu", .set = run_set_platform },
	{ "--no-overlay", NULL, "omit /proc/device-tree-overlay", .flag = offsetof(struct sim_options, no_overlay) },
	{ "--lparcfg", NULL, "provide /proc/powerpc/lparcfg", .flag = offsetof(struct sim_options, lparcfg) },
	{ "--no-mobility", NULL, "omit /sys/kernel/mobility", .flag = offsetof(struct sim_options, no_mobility) },
	{ "--early-dlpar", NULL,
	  "attach no nodes of connectors in lists, as Linux before 6.12.42",
	  .flag = offsetof(struct sim_options, early_dlpar) },
	{ .name = NULL },
};
static const struct verb_option no_options[] = { { .name = NULL } };

const struct verb sim_run = {
	.name = "run",
	.usage = "[machine option]... run [option]... [--] command [argument]...",
	.purpose =
	"Run a command of this computer in a simulated guest, and end with its exit status.\n"
	"Options before \"run\" describe the machine: papr-vmm --help.",
	.options = run_options,
};
const struct verb sim_attach = {
	.name = "attach",
	.usage = "attach pid [--] command [argument]...",
	.purpose =
	"Run another command in the guest of the papr-vmm with this process id.",
	.options = no_options,
};
// clang-format on

static int run_parse(struct sim_options *o, char **argv)
{
	int err;

	err = verb_options(&sim_run, &argv, o);
	if (!err && !*argv)
		err = verb_refuse("run", NULL, "the command is missing");
	o->command = argv;
	return err;
}

static int attach_parse(struct sim_options *o, char **argv)
{
	int err = verb_options(&sim_attach, &argv, o);
	char *end;
	long pid;

	if (err)
		return err;
	if (!*argv)
		return verb_refuse("attach", NULL,
				   "the process id of a papr-vmm is missing");
	pid = strtol(*argv, &end, 10);
	if (*end || end == *argv || pid <= 0 || pid > INT32_MAX)
		return verb_refuse("attach:", *argv, "not a process id");
	o->pid = (pid_t)pid;
	argv++;
	if (*argv && !strcmp(*argv, "--"))
		argv++;
	if (!*argv)
		return verb_refuse("attach", NULL, "the command is missing");
	o->command = argv;
	return 0;
}

int sim_options_parse(struct sim_options *o, char **argv)
{
	*o = (struct sim_options){ .lockdown = "none" };
	o->attach = !strcmp(argv[0], "attach");
	return o->attach ? attach_parse(o, argv + 1) : run_parse(o, argv + 1);
}

void sim_options_free(struct sim_options *o)
{
	plan_free(&o->plan);
}
