/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proto.h - messages between guestctl's clients, its daemon and the agent in the guest
 *
 * Shape:   frames (chan.h) of a type, an id and a payload. Numbers in a payload are
 *          be32; "strings" are NUL-terminated, one after the other, up to the end.
 * Use:     a client connects, sends one request, and reads FRAME_STDOUT and
 *          FRAME_STDERR until FRAME_EXIT. The daemon forwards FRAME_RUN to the agent
 *          unchanged and returns the answer, so both ends of it are the same.
 *          Ids are the daemon's: clients send 0 and ignore the ids of answers.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* The exit status of our own failures, for each verb. */
#define EXIT_HARNESS 125
/* As of timeout(1) and sh(1). */
#define EXIT_TIMEOUT  124
#define EXIT_NOEXEC   126
#define EXIT_NOTFOUND 127
#define EXIT_SIGNAL   128

enum frame_type {
	/* client -> daemon -> agent */
	FRAME_RUN = 'r',   /* limit in ms, RUN_* flags, strings: the command */
	FRAME_STDIN = 'i', /* bytes; none: end of input */
	FRAME_PING = 'p',  /* from a client: limit in ms */

	/* daemon -> agent */
	FRAME_KILL = 'k', /* no client waits for the answer any more */

	/* agent -> daemon */
	FRAME_HELLO = 'H', /* the agent has just started */
	FRAME_PONG = 'P',

	/* agent -> daemon -> client */
	FRAME_STDOUT = 'o',
	FRAME_STDERR = 'e',
	FRAME_EXIT = 'x', /* status; always the last frame */

	/* client -> daemon */
	FRAME_QMP = 'q',  /* strings: command, arguments as JSON or nothing */
	FRAME_WAIT = 'w', /* limit in ms, strings: event, key=value... */
	FRAME_STOP = 's',
};

#define RUN_STDIN 1 /* FRAME_STDIN follows; otherwise the command gets /dev/null */

/* Both sides keep a command line and its input in memory. */
#define PROTO_MAX_ARGS 4096

/* Read a be32 from the front of a payload. Return 0, or -EBADMSG. */
int proto_take_u32(const uint8_t **p, size_t *len, uint32_t *value);

/* Split strings into a NULL-terminated vector that points into the payload. The caller
 * frees the vector. Return the count, or -EBADMSG without a vector. */
int proto_split(const uint8_t *p, size_t len, char ***strings);

void proto_put_u32(uint8_t out[4], uint32_t value);
