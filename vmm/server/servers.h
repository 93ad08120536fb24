/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * servers.h - all character devices, each with the protocol that is served there
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>

#include "vmm/server/host.h"
#include "vmm/server/loop.h"
#include "vmm/server/opts.h"

struct servers;

/* Open all devices, then serve until every socket with wait=on has a client. The caller
 * keeps opts. Errors are reported on standard error, except -ECANCELED: the machine ended
 * meanwhile. host->servers is set. */
int servers_open(struct servers **out, struct loop *loop, struct host *host,
		 const struct opts *opts);
void servers_close(struct servers *servers); /* NULL is fine */

struct server_info {
	const char *label;
	char name[192]; /* as QEMU's query-chardev has it */
	bool in_use;
};

/* Fill *out with device n that has a label. Return 1, or 0 after the last one. */
int servers_info(const struct servers *servers, size_t n, struct server_info *out);

/* Add a device that nothing uses. pty, if not NULL, receives the terminal's path, which the
 * device owns, or NULL. Fails with -EEXIST (the label), or as stream_new() does. */
int servers_add(struct servers *servers, const struct opts_server *place,
		const char **pty);
/* Remove a device. Fails with -ENOENT or -EBUSY. */
int servers_remove(struct servers *servers, const char *label);
