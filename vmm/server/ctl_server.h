/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ctl_server.h - QMP for "papr-vmm ctl": a socket with several clients
 *
 * Clients from outside must belong to the same user or to root, and must not be in a guest.
 * Clients from the guest are not trusted: they cannot name files of this computer, and
 * cannot end papr-vmm.
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>

#include "vmm/server/host.h"
#include "vmm/server/loop.h"

/* The socket at which the guest itself finds its host, with run --ctl */
#define CTL_HOST_FOLDER "/run/papr-vmm"
#define CTL_HOST_SOCKET CTL_HOST_FOLDER "/host.sock"

struct ctl_server;

/* Serve a listening socket. The caller closes it after ctl_server_free(). */
int ctl_server_new(struct ctl_server **out, struct loop *loop, struct host *host, int fd,
		   bool of_guest);
void ctl_server_free(struct ctl_server *server); /* NULL is fine */
