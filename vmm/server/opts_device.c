// SPDX-License-Identifier: GPL-2.0-or-later
/* -device, -object, -netdev, -blockdev, -drive: devices and backends at start */
#include <errno.h>
#include <string.h>

#include "vmm/server/json_options.h"
#include "vmm/server/opts_parts.h"

/* Append the options, which may be JSON. */
static struct keyval *append(struct opts *opts, struct opts_list *list, const char *text,
			     const char *implied)
{
	bool json = *text == '{';
	struct keyval *kv;
	int err;

	if (!opts_keyval(opts, list, json ? "" : text, implied))
		return NULL;
	kv = &list->items[list->n - 1];
	if (!json)
		return kv;
	keyval_free(kv);
	err = json_options_of_text(kv, text);
	if (!err)
		return kv;
	opts_fail(opts, err, "JSON parse error");
	return NULL;
}

static int add(struct opts *opts, struct opts_list *list, const char *text,
	       const char *first, enum opts_topic topic)
{
	struct keyval *kv = append(opts, list, text, first);

	if (!kv)
		return -EINVAL;
	if (!keyval_put_first(kv, first))
		return opts_fail(opts, -EINVAL, "Parameter '%s' is missing", first);
	if (opts_is_help(kv->options[0].value))
		opts_set_topic(opts, topic);
	return 0;
}

int opts_netdev(struct opts *opts, const char *text)
{
	return append(opts, &opts->netdevs, text, "type") ? 0 : -EINVAL;
}

int opts_blockdev(struct opts *opts, const char *text)
{
	return append(opts, &opts->blockdevs, text, "driver") ? 0 : -EINVAL;
}

int opts_drive(struct opts *opts, const char *text)
{
	return append(opts, &opts->drives, text, NULL) ? 0 : -EINVAL;
}

int opts_device(struct opts *opts, const char *text)
{
	return add(opts, &opts->devices, text, "driver", OPTS_DEVICES);
}

int opts_object(struct opts *opts, const char *text)
{
	return add(opts, &opts->objects, text, "qom-type", OPTS_OBJECTS);
}

/* Connect the terminals that are devices. They follow those of -serial. */
static int connect_terminals(struct opts *opts)
{
	unsigned int number = opts->n_vtys;
	int err = 0;

	for (size_t i = 0; !err && i < opts->devices.n; i++)
		if (!strcmp(opts->devices.items[i].options[0].value, "spapr-vty"))
			err = opts_vty(opts, &opts->devices.items[i], number++);
	return err;
}

/* A machine with processors needs a kernel, and has its own firmware. Only then terminals
 * have input. */
static int check_kvm(struct opts *opts)
{
	struct papr_config *config = &opts->host.config;

	if (!opts->kvm || opts->topic)
		return 0;
	if (opts->command)
		return opts_fail(opts, -EINVAL,
				 "-accel kvm: '%s' simulates a guest; use it without "
				 "this option",
				 *opts->command);
	if (opts->bios)
		return opts_fail(opts, -EINVAL,
				 "-bios %s: with -accel kvm the firmware is papr-vmm's "
				 "own",
				 opts->bios);
	if (!opts->kernel)
		return opts_fail(opts, -EINVAL,
				 "-accel kvm: a guest needs a kernel; use -kernel FILE");
	config->vof = true;
	config->images_stay = true;
	for (size_t i = 0; i < opts->n_servers; i++)
		opts->servers[i].has_input = opts->servers[i].protocol == OPTS_CONSOLE;
	return 0;
}

int opts_check(struct opts *opts)
{
	int err = opts_connect_serial(opts);

	if (!err)
		err = connect_terminals(opts);
	if (!err)
		err = opts_connect_monitors(opts);
	if (!err && opts->enable_kvm)
		err = opts_accel(opts, "kvm");
	if (!err)
		err = opts_check_servers(opts);
	if (!err)
		err = check_kvm(opts);
	opts->host.config.no_vty = !opts->n_vtys;
	opts->host.config.more_vtys = opts->n_vtys ? opts->n_vtys - 1 : 0;
	return err;
}
