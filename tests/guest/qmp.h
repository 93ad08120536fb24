/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qmp.h - the client's side of the QEMU machine protocol: one JSON object a line
 *
 * Several commands may be under way; a reply is known by the id of its command.
 */
#pragma once
#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bytes.h"

struct qmp {
	int fd;
	struct bytes in, out;
	bool ready; /* capabilities are negotiated */
};

/* Takes fd over and begins the negotiation. */
void qmp_open(struct qmp *q, int fd);
void qmp_close(struct qmp *q);

/* Queues a command; arguments (may be NULL) stay the caller's. */
void qmp_send(struct qmp *q, uint32_t id, const char *command, json_object *arguments);

/* Reads once. The number of bytes, 0 at the end, -EAGAIN if there are none now. */
ssize_t qmp_fill(struct qmp *q);

/* The next event or reply, to be released with json_object_put(); NULL: none yet. */
json_object *qmp_next(struct qmp *q);

/* Writes what is queued as far as possible. */
int qmp_flush(struct qmp *q);
