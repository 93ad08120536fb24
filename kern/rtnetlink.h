/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rtnetlink.h - addresses and routes of the running system
 *
 * A captured tree has none: the kernel reports them only through a socket. Tests have
 * their own struct net_facts.
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

enum { NET_KIND_BYTES = 32, NET_NAME_BYTES = 16 };

struct net_facts {
	/* Visit each address that another host can reach (not link-local). Return 0, a
	 * negative errno, or the visitor's value. */
	int (*addresses)(void *priv, net_visitor *visit, void *to);
	/* Visit each default route. */
	int (*default_routes)(void *priv, net_visitor *visit, void *to);
	/* Find the interface through which packets to this address leave. source: the address
	 * that they are from, or NULL. */
	int (*route_to)(void *priv, const char *address, const char *source,
			char *interface, size_t size);
	/* Read the kind of a virtual interface: "team", "vlan". -ENODATA: it has none. */
	int (*kind_of)(void *priv, const char *interface, char kind[NET_KIND_BYTES]);
	/* Visit each interface on which another namespace has a link, such as a macvlan of a
	 * pod, and the device of each interface there: "0000:00:01.0" (since Linux 5.14).
	 * text: the number of that namespace. The kernel gives it one when an interface moves
	 * there, or when the peer of an interface here is there. Without a number (up to
	 * 1024), or without the right to read it, a namespace is not visited. */
	int (*links_elsewhere)(void *priv, net_visitor *visit, void *to);
	/* Find the interface that has this alternative name, which sysfs does not show.
	 * -ENODEV: none has; -EINVAL: the kernel has no such names. */
	int (*name_of)(void *priv, const char *alternative, char name[NET_NAME_BYTES]);
	void *priv;
};

extern const struct net_facts rtnetlink_facts;
