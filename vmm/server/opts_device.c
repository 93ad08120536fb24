// SPDX-License-Identifier: GPL-2.0-or-later
/* -device, -object: what the machine has when it starts. */
#include <errno.h>
#include <string.h>

#include "vmm/server/json_options.h"
#include "vmm/server/opts_parts.h"

/* The option that says what it is stands first, for whoever takes the list. */
static int put_first(struct opts *opts, const struct keyval *kv, const char *name)
{
	for (size_t i = 0; i < kv->n; i++) {
		struct papr_option found = kv->options[i];

		if (strcmp(found.name, name))
			continue;
		memmove(kv->options + 1, kv->options, i * sizeof(*kv->options));
		kv->options[0] = found;
		return 0;
	}
	return opts_fail(opts, -EINVAL, "Parameter '%s' is missing", name);
}

static const struct keyval *add(struct opts *opts, struct opts_list *list,
				const char *text, const char *implied)
{
	const struct keyval *kv;
	int err;

	if (*text != '{')
		return opts_keyval(opts, list, text, implied);
	kv = opts_keyval(opts, list, "", NULL);
	if (!kv)
		return NULL;
	keyval_free(&list->items[list->n - 1]);
	err = json_options_of_text(&list->items[list->n - 1], text);
	if (!err)
		return kv;
	opts_fail(opts, err, "JSON parse error");
	return NULL;
}

int opts_device(struct opts *opts, const char *text)
{
	const struct keyval *kv = add(opts, &opts->devices, text, "driver");

	return kv ? put_first(opts, kv, "driver") : -EINVAL;
}

int opts_object(struct opts *opts, const char *text)
{
	const struct keyval *kv = add(opts, &opts->objects, text, "qom-type");

	return kv ? put_first(opts, kv, "qom-type") : -EINVAL;
}

/* A terminal is no device of the library's: there is one, or there is none. */
static int take_terminals(struct opts *opts)
{
	struct opts_list *list = &opts->devices;
	size_t kept = 0;
	int err = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->items[i].options[0].value, "spapr-vty") != 0) {
			list->items[kept++] = list->items[i];
			continue;
		}
		if (!err)
			err = opts_vty(opts, &list->items[i]);
		keyval_free(&list->items[i]);
	}
	list->n = kept;
	return err;
}

int opts_check(struct opts *opts)
{
	int err = take_terminals(opts);

	if (!err)
		err = opts_connect_monitors(opts);
	if (opts->console == OPTS_CONSOLE_DEFAULT)
		opts->console = opts->no_defaults ? OPTS_CONSOLE_NONE : OPTS_CONSOLE_NULL;
	opts->host.config.no_vty = opts->console == OPTS_CONSOLE_NONE;
	return err;
}
