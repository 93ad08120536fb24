// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/opts_parts.h"

int opts_fail(struct opts *opts, int err, const char *format, ...)
{
	va_list ap;

	if (opts->error)
		return err;
	va_start(ap, format);
	if (vasprintf(&opts->error, format, ap) < 0)
		opts->error = NULL;
	va_end(ap);
	return err;
}

static int fail_memory(struct opts *opts)
{
	return opts_fail(opts, -ENOMEM, "out of memory");
}

const struct keyval *opts_keyval(struct opts *opts, struct opts_list *list,
				 const char *text, const char *implied)
{
	struct keyval *items = reallocarray(list->items, list->n + 1, sizeof(*items));
	int err;

	if (!items) {
		fail_memory(opts);
		return NULL;
	}
	list->items = items;
	err = keyval_parse(&items[list->n++], text, implied);
	if (!err)
		return &items[list->n - 1];
	if (err == -ENOMEM)
		fail_memory(opts);
	else
		opts_fail(opts, err, "a parameter has no name");
	return NULL;
}

int opts_set_bool(struct opts *opts, const char *name, const char *value, bool *out)
{
	if (!word_bool(value, out))
		return 0;
	return opts_fail(opts, -EINVAL, "Parameter '%s' expects 'on' or 'off'", name);
}

static void *member(struct opts *opts, size_t offset)
{
	return (char *)opts + offset;
}

/* Return the member that NAME.MEMBER names, or NULL. */
static const char *member_named(const struct opts_property *row, const char *word)
{
	size_t len = strlen(row->name);

	return row->set_member && !strncmp(word, row->name, len) && word[len] == '.'
		       ? word + len + 1
		       : NULL;
}

static int set_member(struct opts *opts, const struct opts_property *row,
		      const struct papr_option *o)
{
	const char *name = member_named(row, o->name);

	return name ? row->set_member(opts, name, o->value)
		    : opts_fail(opts, -EINVAL,
				"Invalid parameter type for '%s', expected: object",
				row->name);
}

int opts_properties(struct opts *opts, const struct keyval *kv,
		    const struct opts_property *table, const char *what)
{
	for (size_t i = 0; i < kv->n; i++) {
		const struct papr_option *o = &kv->options[i];
		const struct opts_property *row = table;
		int err;

		while (row->name && strcmp(row->name, o->name) &&
		       !member_named(row, o->name))
			row++;
		if (!row->name && what)
			return opts_fail(opts, -EINVAL, "Property '%s.%s' not found",
					 what, o->name);
		if (!row->name)
			return opts_fail(opts, -EINVAL, "Invalid parameter '%s'",
					 o->name);
		if (row->set_member)
			err = set_member(opts, row, o);
		else if (row->flag)
			err = opts_set_bool(opts, o->name, o->value,
					    member(opts, row->flag));
		else
			err = row->set ? row->set(opts, o->value) : 0;
		if (err)
			return err;
	}
	return 0;
}

/* ---- Simple options --------------------------------------------------------------- */

static int set_qtest_log(struct opts *opts, const char *text)
{
	opts->qtest_log = strcmp(text, "none") != 0 ? text : NULL;
	return 0;
}

/* Ignore an option that has no counterpart here and no effect that a guest could see. */
static int ignore(struct opts *opts, const char *text)
{
	(void)opts;
	(void)text;
	return 0;
}

static int only_none(struct opts *opts, const char *text)
{
	return strcmp(text, "none")
		       ? opts_fail(opts, -EINVAL, "'%s' is not supported, only 'none'",
				   text)
		       : 0;
}

/* ---- The command line -------------------------------------------------------------- */

/* How an option is handled: exactly one of these is set. Offsets are in struct opts. */
struct option_row {
	const char *name;
	opts_fn *take; /* the function that handles the argument */
	size_t text;   /* offset of a string that receives the argument */
	size_t flag;   /* offset of a bool that is set; no argument */
};

// clang-format off
#define TEXT(member) .text = offsetof(struct opts, member)
#define FLAG(member) .flag = offsetof(struct opts, member)
static const struct option_row option_rows[] = {
	{ "M",              .take = opts_machine },
	{ "S",              FLAG(stopped) },
	{ "accel",          .take = opts_accel },
	{ "action",         .take = opts_action },
	{ "append",         TEXT(host.config.bootargs) },
	{ "bios",           TEXT(bios) },
	{ "blockdev",       .take = ignore },
	{ "boot",           .take = ignore },
	{ "chardev",        .take = opts_chardev },
	{ "cpu",            .take = opts_cpu },
	{ "device",         .take = opts_device },
	{ "display",        .take = only_none },
	{ "drive",          .take = ignore },
	{ "global",         .take = ignore },
	{ "h",              FLAG(help) },
	{ "help",           FLAG(help) },
	{ "initrd",         TEXT(initrd) },
	{ "kernel",         TEXT(kernel) },
	{ "m",              .take = opts_memory },
	{ "machine",        .take = opts_machine },
	{ "mon",            .take = opts_mon },
	{ "monitor",        .take = only_none },
	{ "name",           .take = opts_name },
	{ "netdev",         .take = ignore },
	{ "nic",            .take = only_none },
	{ "no-reboot",      FLAG(host.no_reboot) },
	{ "no-shutdown",    FLAG(host.no_shutdown) },
	{ "no-user-config", FLAG(ignored) },
	{ "nodefaults",     FLAG(no_defaults) },
	{ "nographic",      FLAG(nographic) },
	{ "numa",           .take = opts_numa },
	{ "object",         .take = opts_object },
	{ "preconfig",      FLAG(host.preconfig) },
	{ "qmp",            .take = opts_qmp },
	{ "qtest",          .take = opts_qtest },
	{ "qtest-log",      .take = set_qtest_log },
	{ "rtc",            .take = opts_rtc },
	{ "serial",         .take = opts_serial },
	{ "smp",            .take = opts_smp },
	{ "uuid",           .take = opts_uuid },
	{ "version",        FLAG(version) },
	{ "vga",            .take = only_none },
};
// clang-format on

static const struct option_row *find_option(const char *word)
{
	word += word[1] == '-' ? 2 : 1;
	for (size_t i = 0; i < sizeof(option_rows) / sizeof(*option_rows); i++)
		if (!strcmp(option_rows[i].name, word))
			return &option_rows[i];
	return NULL;
}

int opts_blame(struct opts *opts, const char *option, const char *argument, int err)
{
	char *words = opts->error;

	opts->error = NULL;
	opts_fail(opts, err, "%s %s: %s", option, argument,
		  words ? words : strerror(-err));
	free(words);
	return err;
}

/* Handle the option at *argv. *argv is moved to the option's last word. */
static int take(struct opts *opts, char ***argv)
{
	const char *word = **argv, *argument;
	const struct option_row *row = find_option(word);
	int err;

	if (!row)
		return opts_fail(opts, -EINVAL, "%s: invalid option", word);
	if (row->flag) {
		*(bool *)member(opts, row->flag) = true;
		return 0;
	}
	argument = *++*argv;
	if (!argument)
		return opts_fail(opts, -EINVAL, "%s: requires an argument", word);
	if (row->text) {
		*(const char **)member(opts, row->text) = argument;
		return 0;
	}
	err = row->take(opts, argument);
	return err ? opts_blame(opts, word, argument, err) : 0;
}

/* Find --help even after an invalid option. The other switches that this sets are parsed
 * again later. */
static void look_for_help(struct opts *opts, char *argv[])
{
	for (; *argv && **argv == '-'; argv++) {
		const struct option_row *row = find_option(*argv);

		if (row && row->flag)
			*(bool *)member(opts, row->flag) = true;
		else if (row && argv[1])
			argv++;
	}
}

static int check_cpu(struct opts *opts)
{
	struct papr_config *config = &opts->host.config;

	if (opts->host.no_machine) {
		config->cpu_model = NULL;
		opts->kvm = false; /* nothing runs */
	}
	if (opts->kvm && config->cpu_model && !strcmp(config->cpu_model, "host"))
		opts->host.config.cpu_model = NULL; /* kvm_prepare() sets it */
	if (opts->topic || !config->cpu_model ||
	    papr_vmm_has_cpu(config->machine, config->cpu_model))
		return 0;
	return opts_fail(opts, -EINVAL, "-cpu %s: unable to find CPU model '%s'",
			 config->cpu_model, config->cpu_model);
}

int opts_parse(struct opts *opts, char *argv[])
{
	int err;

	*opts = (struct opts){ 0 };
	opts->host.config.ram_bytes = UINT64_C(512) << 20; /* QEMU's default */
	if (*argv)
		argv++; /* skip the program's name */
	look_for_help(opts, argv);
	if (opts->help || opts->version)
		return 0;

	for (; *argv && **argv == '-'; argv++) {
		err = take(opts, &argv);
		if (err)
			return err;
	}
	if (*argv)
		opts->command = argv;
	err = check_cpu(opts);
	if (!err && !opts->topic)
		err = opts_check_smp(opts);
	if (!err && !opts->topic)
		err = opts_check_numa(opts);
	return err ? err : opts_check(opts);
}

static void free_list(struct opts_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		keyval_free(&list->items[i]);
	free(list->items);
}

static void free_blob(const void *blob)
{
	free((void *)(uintptr_t)blob); /* allocated by opts_load_files() */
}

void opts_free(struct opts *opts)
{
	free_list(&opts->devices);
	free_list(&opts->objects);
	free_list(&opts->chardevs);
	free_list(&opts->monitors);
	free_list(&opts->kept);
	free(opts->numa);
	free(opts->numa_nodes);
	free(opts->core_nodes);
	free(opts->servers);
	free_blob(opts->host.config.kernel);
	free_blob(opts->host.config.initrd);
	free(opts->error);
	*opts = (struct opts){ 0 };
}
