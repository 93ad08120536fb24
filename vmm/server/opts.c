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

int opts_properties(struct opts *opts, const struct keyval *kv,
		    const struct opts_property *table, const char *what)
{
	for (size_t i = 0; i < kv->n; i++) {
		const struct papr_option *o = &kv->options[i];
		const struct opts_property *row = table;
		int err;

		while (row->name && strcmp(row->name, o->name))
			row++;
		if (!row->name && what)
			return opts_fail(opts, -EINVAL, "Property '%s.%s' not found",
					 what, o->name);
		if (!row->name)
			return opts_fail(opts, -EINVAL, "Invalid parameter '%s'",
					 o->name);
		if (row->flag)
			err = opts_set_bool(opts, o->name, o->value,
					    member(opts, row->flag));
		else
			err = row->set ? row->set(opts, o->value) : 0;
		if (err)
			return err;
	}
	return 0;
}

/* ---- The command line -------------------------------------------------------------- */

static const struct opts_row *find_option(const char *word)
{
	const char *name = word + (word[1] == '-' ? 2 : 1);

	for (const struct opts_row *row = opts_rows; row->name; row++)
		if (!strcmp(row->name, name))
			return row;
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
	const struct opts_row *row = find_option(word);
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
		const struct opts_row *row = find_option(*argv);

		if (row && row->flag)
			*(bool *)member(opts, row->flag) = true;
		else if (row && argv[1])
			argv++;
	}
}

static int check_cpu(struct opts *opts)
{
	struct papr_config *config = &opts->host.config;

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
	opts->host.config.ram_bytes = UINT64_C(512) << 20; /* QEMU's defaults */
	opts->host.config.nvdimm = true;
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
		err = opts_check_memory(opts);
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
	free_list(&opts->netdevs);
	free_list(&opts->blockdevs);
	free_list(&opts->drives);
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
