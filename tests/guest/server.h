/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - one guest and its clients: requests in, answers out
 *
 * Each function handles one event without blocking; the daemon (daemon.h) polls.
 * server_settle() follows each of them.
 */
#pragma once
#include "agent_link.h"
#include "events.h"
#include "qmp.h"
#include "vm.h"

struct server {
	int dir;
	struct vm vm;
	struct qmp qmp;
	struct agent_link link;
	struct conn *conns;
	struct events events;
	uint32_t last_id;
	bool stopping;	       /* a client requested the end */
	int64_t kill_deadline; /* of a machine after its command to quit */
};

/* Use the descriptors of a machine that vm_start() has just started, and own them. Set
 * before: dir, link.boot_ms and link.grace_ms. */
void server_open(struct server *s);

/* QMP is negotiated and the agent has said hello. */
bool server_is_ready(const struct server *s);

void server_accept(struct server *s, int listener);
/* Return the events to poll a client for. */
short server_client_events(const struct server *s, const struct conn *c);
/* Read from a client, or free it if it has disconnected. */
void server_client(struct server *s, struct conn *c);

/* Read from QEMU, or from the agent. Return the number of bytes. */
ssize_t server_qmp(struct server *s);
ssize_t server_agent(struct server *s);
/* The machine's process has ended. */
void server_vm_ended(struct server *s);

/* Return the time of the next server_overdue(). */
int64_t server_deadline(const struct server *s);
void server_overdue(struct server *s);

/* Forward, send and close as much as possible. */
void server_settle(struct server *s);

/* Free all clients and requests, after the end of the machine. */
void server_close(struct server *s);
