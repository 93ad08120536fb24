/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netdev.h - the sockets of "-netdev stream" and "-netdev dgram"
 *
 * They listen, connect and reconnect as those of QEMU. No card uses them: received packets
 * are read and dropped, and none is sent. A stream that cannot listen or connect is no
 * error: netdev_info() has the reason, as in QEMU.
 *
 * Memory:  the caller keeps the options of a network until it is closed.
 * Errors:  negative errno, with QEMU's text in struct papr_error.
 * Source:  "info network" and replies of QEMU 10.0; qapi/net.json and qapi/sockets.json
 * Layer:   papr-vmm
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "vmm/server/host.h"
#include "vmm/server/keyval.h"

enum { NETDEV_PATH_SIZE = 109 };

/* The address of a connection */
struct netdev_peer {
	bool is_unix;
	bool is_ipv6;
	bool is_abstract, is_tight; /* of a unix socket: it has no file */
	char host[64], port[8];
	char path[NETDEV_PATH_SIZE];
};

struct netdev;

/* Return true if a network of this type has sockets. */
bool netdev_has_sockets(const char *type);

/* Check the types of the members of netdev_add's arguments. Other networks are not checked. */
int netdev_check_types(json_object *arguments, struct papr_error *error);

/* Check the options, and open the sockets if the host has a loop. *out receives NULL
 * without sockets. */
int netdev_open(struct netdev **out, struct host *host, const char *id,
		const struct keyval *kv, struct papr_error *error);
void netdev_close(struct netdev *netdev); /* NULL is fine */

/* Return the state, as "info network" shows it: "listening". */
const char *netdev_info(const struct netdev *netdev);
