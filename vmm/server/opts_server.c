// SPDX-License-Identifier: GPL-2.0-or-later
/* -qmp, -qtest, -chardev, -mon, -serial: connections to the machine */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "vmm/server/opts_parts.h"

static int read_switch(struct opts *opts, const struct keyval *kv, const char *name,
		       bool *out)
{
	const char *word = keyval_get(kv, name);

	return word ? opts_set_bool(opts, name, word, out) : 0;
}

static int read_place(struct opts *opts, const struct keyval *kv,
		      struct opts_server *server)
{
	const char *fd = keyval_get(kv, "fd");
	uint32_t number;

	server->path = keyval_get(kv, "path");
	if (server->path) {
		if (*server->path &&
		    strlen(server->path) < sizeof(((struct sockaddr_un *)0)->sun_path))
			return 0;
		return opts_fail(opts, -EINVAL,
				 "UNIX socket path '%s' is too long or empty",
				 server->path);
	}
	if (!fd || word_u32(fd, &number) || number > 65535)
		return opts_fail(opts, -EINVAL, "Parameter 'path' is missing");
	server->fd = (int)number;
	return 0;
}

/* Add a socket, by "path" or "fd", with "server" and "wait". Reconnecting and similar
 * options are not supported by a server with one client. */
static int add_server(struct opts *opts, const struct keyval *kv,
		      enum opts_protocol protocol)
{
	static const struct opts_property known[] = {
		{ .name = "backend" }, { .name = "id" },     { .name = "path" },
		{ .name = "fd" },      { .name = "server" }, { .name = "wait" },
		{ .name = NULL }
	};
	struct opts_server server = { .protocol = protocol }, *all;
	int err = opts_properties(opts, kv, known, NULL);

	if (!err)
		err = read_place(opts, kv, &server);
	if (!err)
		err = read_switch(opts, kv, "server", &server.listens);
	server.waits = server.listens;
	if (!err)
		err = read_switch(opts, kv, "wait", &server.waits);
	if (err)
		return err;
	all = reallocarray(opts->servers, opts->n_servers + 1, sizeof(*all));
	if (!all)
		return -ENOMEM;
	opts->servers = all;
	all[opts->n_servers++] = server;
	return 0;
}

static int add_unix(struct opts *opts, const char *text, enum opts_protocol protocol)
{
	static const char unix_prefix[] = "unix:";
	const struct keyval *kv;

	if (strncmp(text, unix_prefix, strlen(unix_prefix)) != 0)
		return opts_fail(opts, -EINVAL,
				 "'%s' is not a unix socket; use unix:PATH", text);
	kv = opts_keyval(opts, &opts->kept, text + strlen(unix_prefix), "path");
	return kv ? add_server(opts, kv, protocol) : -EINVAL;
}

int opts_qmp(struct opts *opts, const char *text)
{
	return add_unix(opts, text, OPTS_QMP);
}

int opts_qtest(struct opts *opts, const char *text)
{
	return add_unix(opts, text, OPTS_QTEST);
}

int opts_chardev(struct opts *opts, const char *text)
{
	const struct keyval *kv = opts_keyval(opts, &opts->chardevs, text, "backend");

	if (!kv)
		return -EINVAL;
	if (!keyval_get(kv, "backend"))
		return opts_fail(opts, -EINVAL, "Parameter 'backend' is missing");
	return keyval_get(kv, "id")
		       ? 0
		       : opts_fail(opts, -EINVAL, "Parameter 'id' is missing");
}

int opts_mon(struct opts *opts, const char *text)
{
	const struct keyval *kv = opts_keyval(opts, &opts->monitors, text, "chardev");
	const char *mode;

	if (!kv)
		return -EINVAL;
	mode = keyval_get(kv, "mode");
	return mode && !strcmp(mode, "control")
		       ? 0
		       : opts_fail(opts, -EINVAL, "only mode=control is supported");
}

static const struct keyval *find_chardev(const struct opts *opts, const char *id)
{
	for (size_t i = 0; id && i < opts->chardevs.n; i++)
		if (!strcmp(keyval_get(&opts->chardevs.items[i], "id"), id))
			return &opts->chardevs.items[i];
	return NULL;
}

int opts_connect_monitors(struct opts *opts)
{
	for (size_t i = 0; i < opts->monitors.n; i++) {
		const char *id = keyval_get(&opts->monitors.items[i], "chardev");
		const struct keyval *chardev = find_chardev(opts, id);
		int err;

		if (!chardev)
			return opts_fail(opts, -EINVAL, "-mon: chardev \"%s\" not found",
					 id ? id : "");
		if (strcmp(keyval_get(chardev, "backend"), "socket") != 0)
			return opts_fail(opts, -EINVAL,
					 "-mon: chardev \"%s\" is not a socket", id);
		err = add_server(opts, chardev, OPTS_QMP);
		if (err)
			return err;
	}
	return 0;
}

/* ---- The console ----------------------------------------------------------------------- */

int opts_serial(struct opts *opts, const char *text)
{
	static const char file_prefix[] = "file:";

	if (opts->console != OPTS_CONSOLE_DEFAULT)
		return 0; /* further -serial options have no terminal here */
	if (!strcmp(text, "none"))
		opts->console = OPTS_CONSOLE_NONE;
	else if (!strcmp(text, "null"))
		opts->console = OPTS_CONSOLE_NULL;
	else if (!strcmp(text, "stdio") || !strcmp(text, "mon:stdio"))
		opts->console = OPTS_CONSOLE_STDIO;
	else if (!strncmp(text, file_prefix, strlen(file_prefix))) {
		opts->console = OPTS_CONSOLE_FILE;
		opts->console_path = text + strlen(file_prefix);
	} else
		return opts_fail(
			opts, -EINVAL,
			"'%s' is not supported; use none, null, stdio or file:PATH",
			text);
	return 0;
}

int opts_vty(struct opts *opts, const struct keyval *device)
{
	const char *id = keyval_get(device, "chardev");
	const struct keyval *chardev = find_chardev(opts, id);
	const char *backend = chardev ? keyval_get(chardev, "backend") : "null";

	if (id && !chardev)
		return opts_fail(opts, -EINVAL,
				 "-device spapr-vty: Property 'spapr-vty.chardev' can't "
				 "find value '%s'",
				 id);
	if (opts->console != OPTS_CONSOLE_DEFAULT) {
		if (opts->n_vtys == OPTS_VTYS)
			return opts_fail(opts, -EINVAL,
					 "-device spapr-vty: more than %d terminals",
					 1 + OPTS_VTYS);
		opts->vtys[opts->n_vtys++] = chardev;
		return 0;
	}
	opts->console = OPTS_CONSOLE_NULL;
	if (!strcmp(backend, "stdio"))
		opts->console = OPTS_CONSOLE_STDIO;
	if (strcmp(backend, "file") != 0)
		return 0;
	opts->console = OPTS_CONSOLE_FILE;
	opts->console_path = keyval_get(chardev, "path");
	return opts->console_path ? 0
				  : opts_fail(opts, -EINVAL,
					      "-chardev: Parameter 'path' is missing");
}
