/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rtnetlink.h - addresses and routes of the running system
 *
 * A captured tree has none: the kernel tells them through a socket alone. Tests have a
 * table of their own for struct net_facts.
 *
 * Names:   an interface by its name; an address as inet_ntop(3) writes it.
 * Errors:  negative errno of the failing system call, or the kernel's answer.
 * Source:  rtnetlink(7), Linux uapi/linux/rtnetlink.h
 * Layer:   kern
 */
#pragma once

#include <stddef.h>

/* Called for each address ("192.0.2.5/24") or route ("default via 192.0.2.1") of an
 * interface. A value other than 0 ends the list. */
typedef int net_visitor(void *to, const char *interface, const char *text);

struct net_facts {
	/* Each address that is not link-local. 0, negative errno, or the visitor's value. */
	int (*addresses)(void *priv, net_visitor *visit, void *to);
	/* Each route to everywhere. */
	int (*default_routes)(void *priv, net_visitor *visit, void *to);
	/* The interface through which packets for this address leave. */
	int (*route_to)(void *priv, const char *address, char *interface, size_t size);
	void *priv;
};

extern const struct net_facts rtnetlink_facts;
