/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * agent_link.h - the daemon's end of the line to the agent
 *
 * The agent runs one command at a time; the others wait in CONN_QUEUED, oldest first.
 * Each wait here has a deadline after which it fails with EXIT_HARNESS, so no client
 * hangs if the guest fails.
 */
#pragma once
#include "conn.h"

struct agent_link {
	struct chan chan;
	struct conn **conns;
	int dir;	 /* the folder of console.log */
	int64_t boot_ms; /* time limit of a guest's boot after a reset */
	/* time that a command may exceed its limit: the agent ends it */
	int64_t grace_ms;
	bool ready;	  /* the agent has said hello since the machine's last reset */
	bool stuck;	  /* it did not answer the command in busy */
	uint32_t busy;	  /* the conn of the running command, 0: none */
	int64_t deadline; /* for the agent to answer busy, or to become ready */
};

/* Start with fd, which the link owns. dir, conns, boot_ms and grace_ms are set. */
void link_open(struct agent_link *l, int fd);

/* Read. Return the number of bytes, 0 at the end, -EAGAIN without input. */
ssize_t link_input(struct agent_link *l);

/* Send all that can be sent: the next command, pings. Call after any change. */
void link_pump(struct agent_link *l);

/* Forward a frame from the client of the running command. */
void link_forward(struct agent_link *l, const struct conn *c, const struct frame *f);

/* The client of the running command has disconnected. */
void link_abandon(struct agent_link *l);

/* The machine is reset, or has ended: the command is lost. */
void link_reset(struct agent_link *l, const char *why);

/* Its deadline has passed. */
void link_overdue(struct agent_link *l);
