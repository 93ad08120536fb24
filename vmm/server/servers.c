// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/console.h"
#include "vmm/server/qmp.h"
#include "vmm/server/qtest.h"
#include "vmm/server/servers.h"

/* A device, and the server of its protocol: one pointer is not NULL. */
struct server {
	enum opts_protocol protocol;
	struct qmp *qmp;
	struct qtest *qtest;
	struct console *console;
	struct stream *unused;
};

struct servers {
	struct loop *loop;
	struct host *host;
	struct server *all;
	size_t n;
};

static struct stream *stream_of(const struct server *server)
{
	switch (server->protocol) {
	case OPTS_QMP:
		return qmp_stream(server->qmp);
	case OPTS_QTEST:
		return qtest_stream(server->qtest);
	case OPTS_CONSOLE:
		return console_stream(server->console);
	case OPTS_UNUSED:
		break;
	}
	return server->unused;
}

static int server_open(struct servers *servers, struct server *server,
		       const struct opts_server *place, const char *qtest_log)
{
	static const struct stream_ops nothing = { 0 };
	struct loop *loop = servers->loop;
	struct host *host = servers->host;

	server->protocol = place->protocol;
	switch (place->protocol) {
	case OPTS_QMP:
		return qmp_new(&server->qmp, loop, host, place);
	case OPTS_QTEST:
		return qtest_new(&server->qtest, loop, host, place, qtest_log);
	case OPTS_CONSOLE:
		return console_new(&server->console, loop, host, place);
	case OPTS_UNUSED:
		break;
	}
	return stream_new(&server->unused, loop, place, &nothing, NULL);
}

static void server_close(struct server *server)
{
	qmp_free(server->qmp);
	qtest_free(server->qtest);
	console_free(server->console);
	stream_free(server->unused);
}

/* Append a device. */
static int servers_append(struct servers *servers, const struct opts_server *place,
			  const char *qtest_log)
{
	struct server *all =
		reallocarray(servers->all, servers->n + 1, sizeof(*servers->all));
	struct server *server;
	int err;

	if (!all)
		return -ENOMEM;
	servers->all = all;
	server = &all[servers->n];
	*server = (struct server){ 0 };
	err = server_open(servers, server, place, qtest_log);
	if (!err)
		servers->n++;
	return err;
}

static int open_one(struct servers *servers, const struct opts *opts,
		    const struct opts_server *place)
{
	int err = servers_append(servers, place, opts->qtest_log);

	if (err)
		fprintf(stderr, "papr-vmm: %s: %s\n",
			place->path ? place->path : place->label, strerror(-err));
	return err;
}

/* Wait for a client of this server. Clients of other servers are served meanwhile. Return
 * -ECANCELED if the machine ends. */
static int wait_for(const struct servers *servers, size_t n,
		    const struct opts_server *place)
{
	const struct host *host = servers->host;

	if (!place->waits || stream_has_client(stream_of(&servers->all[n])))
		return 0;
	fprintf(stderr, "papr-vmm: %s: waiting for a client\n",
		place->path ? place->path : place->label);
	while (!host->ended && !stream_has_client(stream_of(&servers->all[n]))) {
		int err = loop_run_once(servers->loop);

		if (err)
			return err;
	}
	return host->ended ? -ECANCELED : 0;
}

int servers_open(struct servers **out, struct loop *loop, struct host *host,
		 const struct opts *opts)
{
	struct servers *servers = calloc(1, sizeof(*servers));
	int err = 0;

	if (!servers)
		return -ENOMEM;
	*servers = (struct servers){ .loop = loop, .host = host };
	*out = servers;
	for (size_t i = 0; !err && i < opts->n_servers; i++) {
		struct opts_server place = opts->servers[i];

		place.is_guarded = opts->command;
		err = open_one(servers, opts, &place);
	}
	for (size_t i = 0; !err && i < opts->n_servers; i++)
		err = wait_for(servers, i, &opts->servers[i]);
	return err;
}

void servers_close(struct servers *servers)
{
	if (!servers)
		return;
	for (size_t i = 0; i < servers->n; i++)
		server_close(&servers->all[i]);
	free(servers->all);
	free(servers);
}
