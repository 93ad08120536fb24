/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * status.h - the state of the running daemon, over a socket that only root can use
 *
 * A client connects, and receives one document of papr.eventd/1. The daemon reads nothing
 * from clients, and does not wait for them.
 *
 * Errors:  negative errno.
 */
#pragma once

#include <stdbool.h>

#include <json-c/json.h>

/* Listen at a path, in a folder that only root can enter. Return a descriptor. */
int status_listen(const char *path);

/* Return the next client; -EAGAIN: none is waiting, or one that is not root was refused. */
int status_accept(int fd);

/* Send a document to a client, close it, and free the document. */
void status_send(int client, json_object *document);

/* Ask the running daemon, and print the answer on standard output. Return 0, -ENOENT: it
 * does not run; -ETIMEDOUT: it has not answered for 10 s; -EBADMSG: the answer is incomplete. */
int status_print(const char *path, bool json);
