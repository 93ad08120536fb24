/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stream_socket.h - the place in the file system where clients find a server
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <sys/stat.h>

#include "vmm/server/opts.h"

struct stream_socket {
	int fd;		  /* -1: none */
	const char *path; /* to be removed at the end, if it is still ours; or NULL */
	dev_t device;
	ino_t inode;
};

/* One that listens, or, without server=on, one that is connected. path stays the
 * caller's. 0, or as stream_new(); nothing is open then. */
int stream_socket_open(struct stream_socket *out, const struct opts_server *place);
void stream_socket_close(struct stream_socket *socket);
