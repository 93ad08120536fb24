/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * servers.h - the sockets of the command line, each with its protocol
 *
 * Errors:  negative errno, after a message on standard error.
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/host.h"
#include "vmm/server/loop.h"
#include "vmm/server/opts.h"

struct servers;

/* Open all sockets, then serve until every socket with wait=on has a client. The caller
 * keeps opts. -ECANCELED, without a message: the machine ended meanwhile. */
int servers_open(struct servers **out, struct loop *loop, struct host *host,
		 const struct opts *opts);
void servers_close(struct servers *servers); /* NULL is fine */
