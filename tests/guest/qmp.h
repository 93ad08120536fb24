/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qmp.h - the client's side of the QEMU machine protocol: one JSON object a line
 *
 * Several commands may be pending; a reply has the id of its command.
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

/* Begin the negotiation on fd, which is owned by q. */
void qmp_open(struct qmp *q, int fd);
void qmp_close(struct qmp *q);

/* Queue a command; arguments (may be NULL) remain the caller's. */
void qmp_send(struct qmp *q, uint32_t id, const char *command, json_object *arguments);

/* Read once. Return the number of bytes, 0 at the end, -EAGAIN without input. */
ssize_t qmp_fill(struct qmp *q);

/* Return the next event or reply, to be released with json_object_put(), or NULL. */
json_object *qmp_next(struct qmp *q);

/* Write as much of the queue as possible. */
int qmp_flush(struct qmp *q);
