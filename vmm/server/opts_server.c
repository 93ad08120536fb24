// SPDX-License-Identifier: GPL-2.0-or-later
/* -chardev and what uses character devices: -qmp, -mon, -qtest, -serial */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "vmm/server/opts_parts.h"

/* ---- The device ----------------------------------------------------------------------- */

static int opts_read_switch(struct opts *opts, const struct keyval *kv, const char *name,
			    bool *out)
{
	const char *word = keyval_get(kv, name);

	return word ? opts_set_bool(opts, name, word, out) : 0;
}

static int opts_read_fd(struct opts *opts, const struct keyval *kv,
			struct opts_server *place)
{
	const char *fd = keyval_get(kv, "fd");
	uint32_t number;

	if (!fd || word_u32(fd, &number) || number > 65535)
		return opts_fail(opts, -EINVAL, "Parameter '%s' is missing",
				 place->backend == OPTS_FD ? "fd" : "path");
	place->fd = (int)number;
	return 0;
}

static int opts_read_place(struct opts *opts, const struct keyval *kv,
			   struct opts_server *place)
{
	place->path = keyval_get(kv, "path");
	if (!place->path)
		return opts_read_fd(opts, kv, place);
	if (*place->path &&
	    strlen(place->path) < sizeof(((struct sockaddr_un *)0)->sun_path))
		return 0;
	return opts_fail(opts, -EINVAL, "UNIX socket path '%s' is too long or empty",
			 place->path);
}

/* Connections of a server are not encrypted, not tried again, and not shared. */
static int opts_read_socket(struct opts *opts, const struct keyval *kv,
			    struct opts_server *place)
{
	int err = place->backend == OPTS_FD ? opts_read_fd(opts, kv, place)
					    : opts_read_place(opts, kv, place);

	if (!err)
		err = opts_read_switch(opts, kv, "server", &place->listens);
	place->waits = place->listens;
	return err ? err : opts_read_switch(opts, kv, "wait", &place->waits);
}

static int opts_read_chardev(struct opts *opts, const struct keyval *kv,
			     struct opts_server *place)
{
	static const char *const words[] = { [OPTS_SOCKET] = "socket",
					     [OPTS_FD] = "fd",
					     [OPTS_STDIO] = "stdio",
					     [OPTS_NULL] = "null" };
	static const struct opts_property plain[] = { { .name = "backend" },
						      { .name = "id" },
						      { .name = NULL } };
	static const struct opts_property of_socket[] = {
		{ .name = "backend" }, { .name = "id" },     { .name = "path" },
		{ .name = "fd" },      { .name = "server" }, { .name = "wait" },
		{ .name = NULL }
	};
	const char *name = keyval_get(kv, "backend");
	bool is_socket;
	int n = 0, err;

	if (!name)
		return opts_fail(opts, -EINVAL, "chardev: \"%s\" missing backend",
				 place->label);
	while (n <= OPTS_NULL && strcmp(words[n], name))
		n++;
	if (n > OPTS_NULL)
		return opts_fail(opts, -EINVAL,
				 "'%s' is not a valid char driver; use socket, fd, stdio "
				 "or null",
				 name);
	place->backend = (enum opts_backend)n;
	is_socket = place->backend == OPTS_SOCKET || place->backend == OPTS_FD;
	err = opts_properties(opts, kv, is_socket ? of_socket : plain, NULL);
	return err || !is_socket ? err : opts_read_socket(opts, kv, place);
}

static int opts_add_place(struct opts *opts, const struct opts_server *place)
{
	struct opts_server *all =
		reallocarray(opts->servers, opts->n_servers + 1, sizeof(*all));

	if (!all)
		return opts_fail(opts, -ENOMEM, "out of memory");
	opts->servers = all;
	all[opts->n_servers++] = *place;
	return 0;
}

static struct opts_server *opts_find_chardev(const struct opts *opts, const char *id)
{
	for (size_t i = 0; id && i < opts->n_servers; i++)
		if (opts->servers[i].label && !strcmp(opts->servers[i].label, id))
			return &opts->servers[i];
	return NULL;
}

int opts_chardev(struct opts *opts, const char *text)
{
	const struct keyval *kv = opts_keyval(opts, &opts->kept, text, "backend");
	struct opts_server place = { .protocol = OPTS_UNUSED };
	int err;

	if (!kv)
		return -EINVAL;
	place.label = keyval_get(kv, "id");
	if (!place.label)
		return opts_fail(opts, -EINVAL, "chardev: no id specified");
	if (opts_find_chardev(opts, place.label))
		return opts_fail(opts, -EINVAL, "Duplicate ID '%s' for chardev",
				 place.label);
	err = opts_read_chardev(opts, kv, &place);
	return err ? err : opts_add_place(opts, &place);
}

/* ---- A device and its use in one argument: "unix:PATH,server=on" -------------------- */

/* Keep a text that is made of two. Return NULL without memory. */
static const struct keyval *opts_keep_text(struct opts *opts, const char *before,
					   const char *text)
{
	const struct keyval *kv;
	char *whole;

	if (asprintf(&whole, "%s%s", before, text) < 0) {
		opts_fail(opts, -ENOMEM, "out of memory");
		return NULL;
	}
	kv = opts_keyval(opts, &opts->kept, whole, NULL);
	free(whole);
	return kv;
}

static const struct keyval *opts_keep_place(struct opts *opts, const char *text)
{
	static const struct {
		const char *prefix, *options;
	} rows[] = { { "unix:", "backend=socket,path=" }, { "fd:", "backend=fd,fd=" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t len = strlen(rows[i].prefix);

		if (!strncmp(text, rows[i].prefix, len))
			return opts_keep_text(opts, rows[i].options, text + len);
	}
	if (!strcmp(text, "stdio") || !strcmp(text, "null"))
		return opts_keep_text(opts, "backend=", text);
	opts_fail(opts, -EINVAL,
		  "'%s' is not a valid char driver; use unix:PATH, fd:N, stdio or null",
		  text);
	return NULL;
}

/* Add a device with the label, which has a number. */
static int opts_add_use(struct opts *opts, const char *text, struct opts_server place,
			const char *label, unsigned int n)
{
	const struct keyval *kv = opts_keep_place(opts, text), *name;
	char line[32];
	int err = kv ? 0 : -EINVAL;

	if (!err)
		err = opts_read_chardev(opts, kv, &place);
	if (err)
		return err;
	snprintf(line, sizeof(line), "%s%u", label, n);
	name = opts_keyval(opts, &opts->kept, line, "label");
	place.label = name ? keyval_get(name, "label") : NULL;
	return name ? opts_add_place(opts, &place) : -ENOMEM;
}

int opts_qmp(struct opts *opts, const char *text)
{
	return opts_add_use(opts, text, (struct opts_server){ .protocol = OPTS_QMP },
			    "compat_monitor", opts->n_monitors++);
}

int opts_qtest(struct opts *opts, const char *text)
{
	return opts_add_use(opts, text, (struct opts_server){ .protocol = OPTS_QTEST },
			    "qtest", 0);
}

/* ---- A device that -chardev describes, and its use ----------------------------------- */

/* Connect the device as use describes. Return -ENOENT or -EBUSY, without an error text. */
static int opts_use_chardev(struct opts *opts, const char *id, struct opts_server use)
{
	struct opts_server *place = opts_find_chardev(opts, id);

	if (!place)
		return -ENOENT;
	if (place->protocol != OPTS_UNUSED)
		return -EBUSY;
	place->protocol = use.protocol;
	place->terminal = use.terminal;
	return 0;
}

int opts_mon(struct opts *opts, const char *text)
{
	static const struct opts_property known[] = {
		{ .name = "chardev" },
		{ .name = "id" },
		{ .name = "mode" },
		{ .name = NULL },
	};
	const struct keyval *kv = opts_keyval(opts, &opts->monitors, text, "chardev");
	const char *mode = kv ? keyval_get(kv, "mode") : NULL;

	if (!kv)
		return -EINVAL;
	if (!mode || strcmp(mode, "control") != 0)
		return opts_fail(opts, -EINVAL,
				 "only QMP is supported; use mode=control");
	if (!keyval_get(kv, "chardev"))
		return opts_fail(opts, -EINVAL, "Parameter 'chardev' is missing");
	return opts_properties(opts, kv, known, NULL);
}

int opts_connect_monitors(struct opts *opts)
{
	for (size_t i = 0; i < opts->monitors.n; i++) {
		const struct keyval *kv = &opts->monitors.items[i];
		const char *id = keyval_get(kv, "chardev");
		int err = opts_use_chardev(opts, id,
					   (struct opts_server){ .protocol = OPTS_QMP });

		if (err)
			return opts_fail(opts, -EINVAL,
					 err == -EBUSY ? "-mon: Device '%s' is in use"
						       : "-mon: chardev \"%s\" not found",
					 id);
	}
	return 0;
}

/* Describe the next terminal. As in QEMU, "none" ends the terminals: the machine has none
 * of the later ones. */
static int opts_next_terminal(struct opts *opts, struct opts_server *out)
{
	*out = (struct opts_server){ .protocol = OPTS_UNUSED };
	if (opts->no_more_vtys)
		return 0;
	if (opts->n_vtys == OPTS_VTYS)
		return opts_fail(opts, -EINVAL, "more than %d terminals", OPTS_VTYS);
	out->protocol = OPTS_CONSOLE;
	out->terminal = opts->n_vtys++;
	return 0;
}

int opts_serial(struct opts *opts, const char *text)
{
	unsigned int n = opts->n_serials++;
	struct opts_server terminal;
	int err;

	if (!strcmp(text, "none")) {
		opts->no_more_vtys = true;
		return 0;
	}
	err = opts_next_terminal(opts, &terminal);
	if (err)
		return err;
	if (!strncmp(text, "chardev:", 8)) {
		if (terminal.protocol == OPTS_CONSOLE)
			opts->serials[terminal.terminal] = text + 8;
		return 0;
	}
	return opts_add_use(opts, text, terminal, "serial", n);
}

int opts_connect_serial(struct opts *opts)
{
	struct opts_server use = { .protocol = OPTS_CONSOLE };

	if (!opts->n_serials && !opts->no_defaults) {
		if (opts->nographic && !opts->command)
			return opts_serial(opts, "stdio");
		opts->n_vtys = 1; /* its output is lost */
	}
	for (; use.terminal < opts->n_vtys; use.terminal++) {
		const char *id = opts->serials[use.terminal];

		if (id && opts_use_chardev(opts, id, use))
			return opts_fail(opts, -EINVAL,
					 "-serial chardev:%s: could not connect serial "
					 "device to character backend 'chardev:%s'",
					 id, id);
	}
	return 0;
}

int opts_vty(struct opts *opts, const struct keyval *device, unsigned int number)
{
	const char *id = keyval_get(device, "chardev");
	struct opts_server terminal = { .protocol = OPTS_CONSOLE, .terminal = number };
	int err = id ? opts_use_chardev(opts, id, terminal) : 0;

	if (err == -EBUSY)
		return opts_fail(opts, -EINVAL,
				 "-device spapr-vty,chardev=%s: Property "
				 "'spapr-vty.chardev' can't take value '%s': Device '%s' "
				 "is in use",
				 id, id, id);
	return err ? opts_fail(opts, -EINVAL,
			       "-device spapr-vty: Property 'spapr-vty.chardev' can't "
			       "find value '%s'",
			       id)
		   : 0;
}

/* Check what the combination of all options permits. */
int opts_check_servers(struct opts *opts)
{
	unsigned int n = 0;

	for (size_t i = 0; i < opts->n_servers; i++) {
		const struct opts_server *place = &opts->servers[i];
		bool is_console =
			place->protocol == OPTS_CONSOLE || place->protocol == OPTS_UNUSED;

		if (place->backend != OPTS_STDIO)
			continue;
		if (n++)
			return opts_fail(
				opts, -EINVAL,
				"%s: cannot use stdio by multiple character devices",
				place->label);
		if (opts->command && !is_console)
			return opts_fail(opts, -EINVAL,
					 "%s: standard input belongs to the command",
					 place->label);
	}
	return 0;
}
