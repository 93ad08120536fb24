/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - one guest and its clients: requests in, answers out
 *
 * Reacts to one thing that has become possible at a time and never blocks; the daemon
 * (daemon.h) polls. server_settle() follows every reaction.
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
	bool stopping;	       /* somebody asked for the end */
	int64_t kill_deadline; /* of a machine that was told to quit */
};

/* Takes over the descriptors of a machine that vm_start() has just started. Set before:
 * dir, link.boot_ms and link.grace_ms. */
void server_open(struct server *s);

/* QMP is negotiated and the agent has said hello. */
bool server_is_ready(const struct server *s);

void server_accept(struct server *s, int listener);
/* What to poll a client for. */
short server_client_events(const struct server *s, const struct conn *c);
/* The client has sent something, or left: then it is freed. */
void server_client(struct server *s, struct conn *c);

/* Something has come from QEMU, from the agent. The number of bytes. */
ssize_t server_qmp(struct server *s);
ssize_t server_agent(struct server *s);
/* The machine's process has ended. */
void server_vm_ended(struct server *s);

/* When server_overdue() is to be called next. */
int64_t server_deadline(const struct server *s);
void server_overdue(struct server *s);

/* Passes on, sends and closes what can be. */
void server_settle(struct server *s);

/* Forgets everybody and everything; the machine has ended. */
void server_close(struct server *s);
