// SPDX-License-Identifier: GPL-2.0-or-later
/* -device, -object: the devices and objects at start */
#include <errno.h>
#include <string.h>

#include "vmm/server/json_options.h"
#include "vmm/server/opts_parts.h"

static int add(struct opts *opts, struct opts_list *list, const char *text,
	       const char *first, enum opts_topic topic)
{
	bool json = *text == '{';
	struct keyval *kv;
	int err;

	if (!opts_keyval(opts, list, json ? "" : text, first))
		return -EINVAL;
	kv = &list->items[list->n - 1];
	if (json) {
		keyval_free(kv);
		err = json_options_of_text(kv, text);
		if (err)
			return opts_fail(opts, err, "JSON parse error");
	}
	if (!keyval_put_first(kv, first))
		return opts_fail(opts, -EINVAL, "Parameter '%s' is missing", first);
	if (opts_is_help(kv->options[0].value))
		opts_set_topic(opts, topic, NULL);
	else if (!json && keyval_get(kv, "help"))
		opts_set_topic(opts, topic, kv->options[0].value);
	return 0;
}

int opts_device(struct opts *opts, const char *text)
{
	return add(opts, &opts->devices, text, "driver", OPTS_DEVICES);
}

int opts_object(struct opts *opts, const char *text)
{
	return add(opts, &opts->objects, text, "qom-type", OPTS_OBJECTS);
}

/* Remove the terminals from the list: the library has no such device. The machine has one
 * terminal or none. */
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
		err = opts_connect_serial(opts);
	if (!err)
		err = opts_connect_monitors(opts);
	if (!err && opts->daemonize && opts->command)
		err = opts_fail(opts, -EINVAL, "-daemonize: '%s' runs in the foreground",
				*opts->command);
	if (!err)
		err = opts_check_servers(opts);
	opts->host.config.no_vty = opts->console == OPTS_CONSOLE_NONE;
	return err;
}
