// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/qmp.h"
#include "vmm/server/qtest.h"
#include "vmm/server/servers.h"

/* A server of one protocol; the other pointer is NULL. */
struct server {
	struct qmp *qmp;
	struct qtest *qtest;
};

struct servers {
	struct server *all;
	size_t n;
};

static struct stream *stream_of(const struct server *server)
{
	return server->qmp ? qmp_stream(server->qmp) : qtest_stream(server->qtest);
}

static int open_one(struct server *server, struct loop *loop, struct host *host,
		    const struct opts *opts, const struct opts_server *place)
{
	int err = place->protocol == OPTS_QMP
			  ? qmp_new(&server->qmp, loop, host, place)
			  : qtest_new(&server->qtest, loop, host, place, opts->qtest_log);

	if (err)
		fprintf(stderr, "papr-vmm: %s: %s\n",
			place->path ? place->path : "inherited socket", strerror(-err));
	return err;
}

/* Wait for a client of this server. Clients of other servers are served meanwhile. Return
 * -ECANCELED if the machine ends. */
static int wait_for(struct loop *loop, const struct host *host,
		    const struct server *server, const struct opts_server *place)
{
	if (!place->waits || stream_has_client(stream_of(server)))
		return 0;
	fprintf(stderr, "papr-vmm: %s: waiting for a client\n", place->path);
	while (!host->ended && !stream_has_client(stream_of(server))) {
		int err = loop_run_once(loop);

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

	if (servers)
		servers->all = calloc(opts->n_servers + 1, sizeof(*servers->all));
	if (!servers || !servers->all) {
		free(servers);
		return -ENOMEM;
	}
	*out = servers;
	for (size_t i = 0; !err && i < opts->n_servers; i++) {
		struct opts_server place = opts->servers[i];

		place.is_guarded = opts->command;
		err = open_one(&servers->all[i], loop, host, opts, &place);
		servers->n += !err;
	}
	for (size_t i = 0; !err && i < opts->n_servers; i++)
		err = wait_for(loop, host, &servers->all[i], &opts->servers[i]);
	return err;
}

void servers_close(struct servers *servers)
{
	if (!servers)
		return;
	for (size_t i = 0; i < servers->n; i++) {
		qmp_free(servers->all[i].qmp);
		qtest_free(servers->all[i].qtest);
	}
	free(servers->all);
	free(servers);
}
