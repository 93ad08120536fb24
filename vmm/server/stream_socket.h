/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stream_socket.h - the path at which clients find a server
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

#include "vmm/server/opts.h"

struct stream_socket {
	int fd;	    /* -1: none */
	char *path; /* removed on close, if it is still our socket; or NULL */
	dev_t device;
	ino_t inode;
};

/* Open a listening socket, or, without server=on, a connected one. The caller keeps path.
 * Return 0, or an error as stream_new() does; then nothing is open. */
int stream_socket_open(struct stream_socket *out, const struct opts_server *place);
/* Connect to the socket at path; flags: SOCK_NONBLOCK or 0. Return a descriptor. */
int stream_socket_connect(const char *path, int flags);
void stream_socket_close(struct stream_socket *socket);

/* Return true if the peer of a connection is a process of this user or of this computer's
 * root, and none of the simulated guest, which sees some folders of this computer. */
bool stream_socket_is_outside(int fd);
