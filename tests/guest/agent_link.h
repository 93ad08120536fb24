/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * agent_link.h - the daemon's end of the line to the agent
 *
 * The agent runs one command at a time; the others wait in CONN_QUEUED, oldest first.
 * Whatever goes wrong with the guest, no client is left waiting: each wait here has a
 * deadline after which it fails with EXIT_HARNESS.
 */
#pragma once
#include "conn.h"

struct agent_link {
	struct chan chan;
	struct conn **conns;
	int dir;	  /* where console.log is */
	int64_t boot_ms;  /* how long a guest may take to come up again */
	int64_t grace_ms; /* how long over its limit a command may be: the agent ends it */
	bool ready;	  /* the agent has said hello since the machine's last reset */
	bool stuck;	  /* it did not answer the command in busy */
	uint32_t busy;	  /* the conn whose command runs there, 0: none */
	int64_t deadline; /* for the agent to answer busy, or to become ready */
};

/* Takes fd over; dir, conns, boot_ms and grace_ms have been set. */
void link_open(struct agent_link *l, int fd);

/* Takes what has arrived. The number of bytes, 0 at the end, -EAGAIN for nothing now. */
ssize_t link_input(struct agent_link *l);

/* Sends what can be sent: the next command, pings. Call after any change. */
void link_pump(struct agent_link *l);

/* A frame from the client of the running command. */
void link_forward(struct agent_link *l, const struct conn *c, const struct frame *f);

/* The client of the running command has left. */
void link_abandon(struct agent_link *l);

/* The machine starts anew, or has ended: the command is lost. */
void link_reset(struct agent_link *l, const char *why);

/* Its deadline has passed. */
void link_overdue(struct agent_link *l);
