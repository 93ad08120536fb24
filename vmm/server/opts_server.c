// SPDX-License-Identifier: GPL-2.0-or-later
/* -chardev and what uses character devices: -qmp, -monitor, -mon, -qtest, -serial */
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

static bool opts_is_local(const char *host)
{
	return !*host || !strcmp(host, "localhost") || !strcmp(host, "127.0.0.1");
}

static int opts_read_tcp(struct opts *opts, const struct keyval *kv,
			 struct opts_server *place)
{
	const char *host = keyval_get(kv, "host"), *port = keyval_get(kv, "port");
	uint32_t number;

	place->backend = OPTS_TCP;
	if (host && !opts_is_local(host))
		return opts_fail(opts, -EINVAL,
				 "host '%s' is not supported, only 'localhost'", host);
	if (word_u32(port, &number) || number > UINT16_MAX)
		return opts_fail(opts, -EINVAL, "'%s' is not a port", port);
	place->port = (uint16_t)number;
	return 0;
}

static int opts_read_place(struct opts *opts, const struct keyval *kv,
			   struct opts_server *place)
{
	const char *fd = keyval_get(kv, "fd");
	uint32_t number;

	if (keyval_get(kv, "port"))
		return opts_read_tcp(opts, kv, place);
	place->path = keyval_get(kv, "path");
	if (place->path) {
		if (*place->path &&
		    strlen(place->path) < sizeof(((struct sockaddr_un *)0)->sun_path))
			return 0;
		return opts_fail(opts, -EINVAL,
				 "UNIX socket path '%s' is too long or empty",
				 place->path);
	}
	if (!fd || word_u32(fd, &number) || number > 65535)
		return opts_fail(opts, -EINVAL, "Parameter 'path' is missing");
	place->fd = (int)number;
	return 0;
}

static int opts_must_be_off(struct opts *opts, const char *value)
{
	bool on;
	int err = opts_set_bool(opts, "mux, telnet, websocket", value, &on);

	return !err && on ? opts_fail(opts, -ENOTSUP,
				      "mux, telnet and websocket are not supported")
			  : err;
}

/* Connections of a server are not encrypted, not tried again, and not shared. */
static int opts_read_socket(struct opts *opts, const struct keyval *kv,
			    struct opts_server *place)
{
	static const struct opts_property known[] = {
		{ .name = "backend" },
		{ .name = "id" },
		{ .name = "path" },
		{ .name = "fd" },
		{ .name = "host" },
		{ .name = "port" },
		{ .name = "server" },
		{ .name = "wait" },
		{ .name = "ipv4" },
		{ .name = "ipv6" },
		{ .name = "nodelay" },
		{ .name = "delay" },
		{ .name = "tight" },
		{ "mux", .set = opts_must_be_off },
		{ "telnet", .set = opts_must_be_off },
		{ "websocket", .set = opts_must_be_off },
		{ .name = NULL },
	};
	int err = opts_properties(opts, kv, known, NULL);

	if (!err)
		err = opts_read_place(opts, kv, place);
	if (!err)
		err = opts_read_switch(opts, kv, "server", &place->listens);
	place->waits = place->listens;
	return err ? err : opts_read_switch(opts, kv, "wait", &place->waits);
}

static int opts_read_file(struct opts *opts, const struct keyval *kv,
			  struct opts_server *place)
{
	static const struct opts_property known[] = { { .name = "backend" },
						      { .name = "id" },
						      { .name = "path" },
						      { .name = "append" },
						      { "mux", .set = opts_must_be_off },
						      { .name = NULL } };
	int err = opts_properties(opts, kv, known, NULL);

	place->backend = OPTS_FILE;
	place->path = keyval_get(kv, "path");
	if (!err && (!place->path || !*place->path))
		err = opts_fail(opts, -EINVAL, "chardev: file: no filename given");
	return err ? err : opts_read_switch(opts, kv, "append", &place->appends);
}

static int opts_read_other(struct opts *opts, const struct keyval *kv,
			   struct opts_server *place, enum opts_backend backend)
{
	static const struct opts_property known[] = {
		{ .name = "backend" }, { .name = "id" },
		{ .name = "signal" },  { .name = "width" },
		{ .name = "cols" },    { .name = "height" },
		{ .name = "rows" },    { "mux", .set = opts_must_be_off },
		{ .name = NULL }
	};

	place->backend = backend;
	return opts_properties(opts, kv, known, NULL);
}

int opts_read_chardev(struct opts *opts, const struct keyval *kv,
		      struct opts_server *place)
{
	static const char not_here[] = " braille memory msmouse parallel parport pipe "
				       "ringbuf serial spiceport spicevmc tty udp ";
	const char *name = keyval_get(kv, "backend"), *found;
	size_t len;

	if (!name)
		return opts_fail(opts, -EINVAL, "chardev: \"%s\" missing backend",
				 place->label);
	if (!strcmp(name, "socket"))
		return opts_read_socket(opts, kv, place);
	if (!strcmp(name, "file"))
		return opts_read_file(opts, kv, place);
	if (!strcmp(name, "pty"))
		return opts_read_other(opts, kv, place, OPTS_PTY);
	if (!strcmp(name, "stdio"))
		return opts_read_other(opts, kv, place, OPTS_STDIO);
	if (!strcmp(name, "null") || !strcmp(name, "vc"))
		return opts_read_other(opts, kv, place, OPTS_NULL);
	found = strstr(not_here, name);
	len = strlen(name);
	if (len && found && found[-1] == ' ' && found[len] == ' ')
		return opts_fail(opts, -ENOTSUP,
				 "'%s' is not supported; use socket, pty, stdio, file or "
				 "null",
				 name);
	return opts_fail(opts, -EINVAL, "'%s' is not a valid char driver name", name);
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

/* "tcp:HOST:PORT[,OPTION]..." */
static const struct keyval *opts_keep_tcp(struct opts *opts, const char *text)
{
	const char *colon = strchr(text, ':');
	const struct keyval *kv;
	char *before;

	if (!colon || strcspn(text, ",") < (size_t)(colon - text)) {
		opts_fail(opts, -EINVAL, "'%s' is no HOST:PORT", text);
		return NULL;
	}
	if (asprintf(&before, "backend=socket,host=%.*s,port=", (int)(colon - text),
		     text) < 0)
		before = NULL;
	kv = before ? opts_keep_text(opts, before, colon + 1) : NULL;
	free(before);
	return kv;
}

static const struct keyval *opts_keep_place(struct opts *opts, const char *text)
{
	static const struct {
		const char *prefix, *options;
	} rows[] = { { "unix:", "backend=socket,path=" },
		     { "file:", "backend=file,path=" },
		     { "fd:", "backend=socket,fd=" } };
	static const char *const words[] = { "null", "pty", "stdio", "vc" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t len = strlen(rows[i].prefix);

		if (!strncmp(text, rows[i].prefix, len))
			return opts_keep_text(opts, rows[i].options, text + len);
	}
	if (!strncmp(text, "tcp:", 4))
		return opts_keep_tcp(opts, text + 4);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(text, words[i]))
			return opts_keep_text(opts, "backend=", text);
	opts_fail(opts, -EINVAL,
		  "'%s' is not a valid char driver; use unix:PATH, pty, stdio, file:PATH "
		  "or null",
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

static int opts_add_monitor(struct opts *opts, const char *text,
			    enum opts_protocol protocol)
{
	if (!strncmp(text, "mon:", 4))
		text += 4;
	return opts_add_use(opts, text, (struct opts_server){ .protocol = protocol },
			    "compat_monitor", opts->n_monitors++);
}

int opts_qmp(struct opts *opts, const char *text)
{
	return opts_add_monitor(opts, text, OPTS_QMP);
}

int opts_qtest(struct opts *opts, const char *text)
{
	return opts_add_use(opts, text, (struct opts_server){ .protocol = OPTS_QTEST },
			    "qtest", 0);
}

int opts_monitor(struct opts *opts, const char *text)
{
	if (!strncmp(text, "chardev:", 8))
		return opts_mon(opts, text + 8);
	return strcmp(text, "none") ? opts_add_monitor(opts, text, OPTS_HMP) : 0;
}

int opts_parallel(struct opts *opts, const char *text)
{
	return strcmp(text, "none")
		       ? opts_add_use(opts, text,
				      (struct opts_server){ .protocol = OPTS_UNUSED },
				      "parallel", 0)
		       : 0;
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
	static const char *const modes[] = { "readline", "control", NULL };
	static const struct opts_property known[] = {
		{ .name = "chardev" },
		{ .name = "id" },
		{ .name = "mode" },
		{ "pretty", .flag = offsetof(struct opts, ignored) },
		{ .name = NULL },
	};
	const struct keyval *kv = opts_keyval(opts, &opts->monitors, text, "chardev");
	const char *mode = kv ? keyval_get(kv, "mode") : NULL;

	if (!kv)
		return -EINVAL;
	if (mode && opts_choice(opts, "mode", mode, modes) < 0)
		return -EINVAL;
	if (!keyval_get(kv, "chardev"))
		return opts_fail(opts, -EINVAL, "Parameter 'chardev' is missing");
	return opts_properties(opts, kv, known, NULL);
}

int opts_connect_monitors(struct opts *opts)
{
	for (size_t i = 0; i < opts->monitors.n; i++) {
		const struct keyval *kv = &opts->monitors.items[i];
		const char *id = keyval_get(kv, "chardev"),
			   *mode = keyval_get(kv, "mode");
		bool control = mode && !strcmp(mode, "control");
		int err = opts_use_chardev(
			opts, id,
			(struct opts_server){ .protocol =
						      control ? OPTS_QMP : OPTS_HMP });

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
	if (!strncmp(text, "mon:", 4))
		text += 4;
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

		if (place->backend == OPTS_TCP && (!is_console || opts->command))
			return opts_fail(opts, -EINVAL,
					 "%s: TCP has no access control, and only a "
					 "terminal without a guest can use it; use "
					 "unix:PATH",
					 place->label);
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
