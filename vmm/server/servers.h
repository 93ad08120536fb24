/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * servers.h - all character devices, each with the protocol that is served there
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/host.h"
#include "vmm/server/loop.h"
#include "vmm/server/opts.h"

struct servers;

/* Open all devices, then serve until every socket with wait=on has a client. The caller
 * keeps opts. Errors are reported on standard error, except -ECANCELED: the machine ended
 * meanwhile. */
int servers_open(struct servers **out, struct loop *loop, struct host *host,
		 const struct opts *opts);
void servers_close(struct servers *servers); /* NULL is fine */
