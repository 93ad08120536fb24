// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The file of the NVRAM: -pflash, -drive if=pflash, and -global spapr-nvram.drive=NAME of a
 * drive or a node. If both are given, the first two decide.
 *
 * Source:  QEMU 7.2, qemu(1)
 */
#include <errno.h>
#include <string.h>

#include "vmm/server/opts_parts.h"

static const char nvram_driver[] = "spapr-nvram", nvram_property[] = "drive";

int opts_pflash(struct opts *opts, const char *text)
{
	return opts_file_drive(opts, text, ",if=pflash,format=raw");
}

/* ---- -global ------------------------------------------------------------------------- */

static int nvram_global(struct opts *opts, const char *driver, const char *property,
			const char *value)
{
	if (!strcmp(driver, nvram_driver) && !strcmp(property, nvram_property))
		opts->nvram_drive = value;
	return 0;
}

/* The short form, "driver.property=value" */
static int nvram_short_global(struct opts *opts, const char *text)
{
	const char *dot = strchr(text, '.'), *equals = strchr(dot, '=');
	const char *driver = opts_keep(opts, text, (size_t)(dot - text));
	const char *property = opts_keep(opts, dot + 1, (size_t)(equals - dot - 1));

	if (!driver || !property)
		return -ENOMEM;
	return nvram_global(opts, driver, property, equals + 1);
}

/* A driver or property that does not exist is only a default for nothing, in QEMU too. No
 * other default has an effect here. */
int opts_global(struct opts *opts, const char *text)
{
	static const struct opts_property table[] = {
		{ "driver", .set = opts_any },
		{ "property", .set = opts_any },
		{ "value", .set = opts_any },
		{ .name = NULL },
	};
	const struct keyval *kv = opts_keyval(opts, &opts->kept, text, NULL);
	int err = kv ? 0 : -EINVAL;
	size_t dot = strcspn(text, ".=,");

	if (err)
		return err;
	if (dot && text[dot] == '.' && strchr(text + dot, '='))
		return nvram_short_global(opts, text);
	err = opts_properties(opts, kv, table, NULL);
	if (err)
		return err;
	if (!(keyval_get(kv, "driver") && keyval_get(kv, "property") &&
	      keyval_get(kv, "value")))
		return opts_fail(
			opts, -EINVAL,
			"options 'driver', 'property', and 'value' are required");
	return nvram_global(opts, keyval_get(kv, "driver"), keyval_get(kv, "property"),
			    keyval_get(kv, "value"));
}

/* ---- The file ------------------------------------------------------------------------ */

static const struct keyval *nvram_find(const struct opts_list *list, const char *name,
				       const char *value)
{
	for (size_t i = 0; i < list->n; i++) {
		const char *is = keyval_get(&list->items[i], name);

		if (is && !strcmp(is, value))
			return &list->items[i];
	}
	return NULL;
}

/* Refuse a drive or a node whose file must not be written. */
static int nvram_check_writable(struct opts *opts, const struct keyval *kv)
{
	static const char *const names[] = { "readonly", "read-only", "snapshot" };

	for (size_t i = 0; i < 3; i++) {
		const char *value = keyval_get(kv, names[i]);
		bool is_on = false;

		if (value && (word_bool(value, &is_on) || is_on))
			return opts_fail(
				opts, -EINVAL,
				"the drive of the NVRAM is written, so it cannot "
				"have %s=%s",
				names[i], value);
	}
	return 0;
}

/* Use the file of a drive or a node. */
static int nvram_use(struct opts *opts, const struct keyval *kv)
{
	static const char *const files[] = { "file.filename", "filename", "file" };
	static const char *const formats[] = { "format", "driver" };
	int err = nvram_check_writable(opts, kv);

	if (err)
		return err;
	for (size_t i = 0; i < 2; i++) {
		const char *format = keyval_get(kv, formats[i]);

		if (format && strcmp(format, "raw") && strcmp(format, "file"))
			return opts_fail(opts, -EINVAL,
					 "the drive of the NVRAM must have the format "
					 "raw, not %s",
					 format);
	}
	for (size_t i = 0; i < 3 && !opts->host.nvram; i++)
		opts->host.nvram = keyval_get(kv, files[i]);
	return opts->host.nvram && *opts->host.nvram
		       ? 0
		       : opts_fail(opts, -EINVAL, "the drive of the NVRAM has no file");
}

/* With -snapshot, a drive is one unless it says otherwise. */
static int nvram_use_drive(struct opts *opts, const struct keyval *kv)
{
	if (opts->snapshot && !keyval_get(kv, "snapshot"))
		return opts_fail(opts, -EINVAL,
				 "the drive of the NVRAM is written, so it cannot have "
				 "-snapshot; it can have snapshot=off");
	return nvram_use(opts, kv);
}

/* A node has a file, or names the node that has it. */
static int nvram_use_node(struct opts *opts, const struct keyval *kv)
{
	const char *below = keyval_get(kv, "file");
	const struct keyval *file =
		below ? nvram_find(&opts->blockdevs, "node-name", below) : NULL;
	int err = file ? nvram_check_writable(opts, kv) : 0;

	return err ? err : nvram_use(opts, file ? file : kv);
}

static int nvram_use_named(struct opts *opts, const char *name)
{
	const struct keyval *drive = nvram_find(&opts->drives, "id", name);
	const struct keyval *node = nvram_find(&opts->blockdevs, "node-name", name);

	if (drive)
		return nvram_use_drive(opts, drive);
	if (node)
		return nvram_use_node(opts, node);
	return opts_fail(opts, -ENOENT, "-global: Property '%s.%s' can't find value '%s'",
			 nvram_driver, nvram_property, name);
}

int opts_find_nvram(struct opts *opts)
{
	const struct keyval *flash = nvram_find(&opts->drives, "if", "pflash");

	if (opts->host.no_machine)
		return 0;
	for (size_t i = 0; flash && i < opts->drives.n; i++) {
		const struct keyval *kv = &opts->drives.items[i];
		const char *bus = keyval_get(kv, "if");

		if (kv != flash && bus && !strcmp(bus, "pflash"))
			return opts_fail(opts, -EINVAL,
					 "the machine has one drive with if=pflash, its "
					 "NVRAM");
	}
	if (flash)
		return nvram_use_drive(opts, flash);
	return opts->nvram_drive ? nvram_use_named(opts, opts->nvram_drive) : 0;
}
