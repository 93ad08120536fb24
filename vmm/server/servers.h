/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * servers.h - the sockets of the command line, each with its protocol
 *
 * Errors:  negative errno, after words on standard error.
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/host.h"
#include "vmm/server/loop.h"
#include "vmm/server/opts.h"

struct servers;

/* Opens them all, then serves until there is a client for each that the machine is to
 * wait for. opts stay the caller's. -ECANCELED, without words: the machine was ended
 * meanwhile. */
int servers_open(struct servers **out, struct loop *loop, struct host *host,
		 const struct opts *opts);
void servers_close(struct servers *servers); /* NULL is fine */
