// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is reached over a network: the local end of each connection. */
#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/search.h"
#include "kern/rtnetlink.h"
#include "kern/sysfs.h"

enum local_end {
	END_PORT,      /* the Fibre Channel host with this port name */
	END_INTERFACE, /* its name */
	END_SOURCE,    /* the interface that has this address */
	END_ROUTE,     /* the interface through which this address is reached */
	END_PEER,      /* the same, of an address in bytes: "c0:00:02:01" */
	END_ANY,       /* unknown: each interface that has an address or a route */
};

/* The first row whose text leads to a local end decides. Without such a row, a mount or a
 * tunnel can be reached through any interface.
 *
 * is:    of a block device or interface a part of its path in sysfs, or else the beginning
 *        of its name; of a mount its type
 * from:  what follows this in the path replaces "#" in file; NULL: what follows "is"
 * file:  has the text; NULL: the text is what follows "is". END_ANY: it must exist
 * key:   precedes the text in the file; of a mount the option; "": its source
 *
 * Sources: Linux drivers/scsi/scsi_transport_iscsi.c, drivers/nvme/host/fabrics.c,
 * drivers/scsi/fcoe/fcoe_sysfs.c, net/ipv4/ip_tunnel.c */
static const struct transport {
	enum thing_type type;
	const char *is, *from, *file, *key;
	enum local_end end;
} transports[] = {
#define ISCSI "sys/class/iscsi_"
#define NVME  "/nvme-fabrics/", "/ctl/nvme", "sys/class/nvme/nvme#/address"
	{ THING_BLOCK, "/net/", NULL, NULL, NULL, END_INTERFACE }, /* FCoE */
	{ THING_BLOCK, "/session", "/host", ISCSI "host/host#/netdev", NULL,
	  END_INTERFACE },
	{ THING_BLOCK, "/session", "/host", ISCSI "host/host#/ipaddress", NULL,
	  END_SOURCE },
	{ THING_BLOCK, "/session", NULL, ISCSI "connection/connection#:0/address", NULL,
	  END_ROUTE },
	{ THING_BLOCK, "/session", NULL,
	  ISCSI "connection/connection#:0/persistent_address", NULL, END_ROUTE },
	{ THING_BLOCK, NVME, "host_traddr", END_PORT },
	{ THING_BLOCK, NVME, "host_iface", END_INTERFACE },
	{ THING_BLOCK, NVME, "host_traddr", END_SOURCE },
	{ THING_BLOCK, NVME, "src_addr", END_SOURCE },
	{ THING_BLOCK, NVME, "traddr", END_ROUTE },
	{ THING_BLOCK, "nbd", NULL, "sys/class/block/nbd#/pid", NULL, END_ANY },
	{ THING_BLOCK, "rbd", NULL, NULL, NULL, END_ANY },
	{ THING_BLOCK, "drbd", NULL, NULL, NULL, END_ANY },
	{ THING_BLOCK, "etherd!", NULL, NULL, NULL, END_ANY },
	{ THING_BLOCK, "ublkb", NULL, NULL, NULL, END_ANY },
	{ THING_BLOCK, "/vduse/", NULL, NULL, NULL, END_ANY },
	{ THING_NET, "/virtual/net/", NULL, "sys/class/net/#/broadcast", NULL, END_PEER },
	{ THING_MOUNT, "nfs", NULL, NULL, "addr", END_ROUTE },
	{ THING_MOUNT, "nfs4", NULL, NULL, "addr", END_ROUTE },
	{ THING_MOUNT, "cifs", NULL, NULL, "addr", END_ROUTE },
	{ THING_MOUNT, "smb3", NULL, NULL, "addr", END_ROUTE },
	{ THING_MOUNT, "ceph", NULL, NULL, "mon_addr", END_ROUTE },
	{ THING_MOUNT, "lustre", NULL, NULL, "", END_ROUTE },
	{ THING_MOUNT, "9p", NULL, NULL, "", END_ROUTE },
	{ THING_MOUNT, "afs", NULL, NULL, NULL, END_ANY },
	{ THING_MOUNT, "beegfs", NULL, NULL, NULL, END_ANY },
	{ THING_MOUNT, "gpfs", NULL, NULL, NULL, END_ANY },
	{ THING_MOUNT, "pvfs2", NULL, NULL, NULL, END_ANY },
	{ THING_MOUNT, "fuse.ceph", NULL, NULL, NULL, END_ANY },
	{ THING_MOUNT, "fuse.ceph-fuse", NULL, NULL, NULL, END_ANY },
	{ THING_MOUNT, "fuse.glusterfs", NULL, NULL, NULL, END_ANY },
	{ THING_MOUNT, "fuse.sshfs", NULL, NULL, NULL, END_ANY },
};

static bool transport_is_of(const struct transport *row, const struct mount_entry *m)
{
	return row->type == THING_MOUNT && !strcmp(m->type, row->is) &&
	       (strcmp(m->type, "9p") != 0 || strstr(m->options, "trans=tcp") ||
		strstr(m->options, "trans=rdma"));
}

bool mount_is_remote(const struct mount_entry *m)
{
	for (size_t i = 0; i < ARRAY_SIZE(transports); i++)
		if (transport_is_of(&transports[i], m))
			return true;
	return false;
}

/* Return what follows the row's part of the path, the name or the type; NULL: the row is for
 * other things. */
static const char *transport_match(const struct transport *row, const struct thing *t)
{
	const char *in = t->type != row->type ? ""
			 : t->mount	      ? t->mount->type
			 : *row->is == '/'    ? t->target
					      : t->name;
	const char *at = strstr(in, row->is);

	if (!at || (*row->is != '/' && at != in) ||
	    (t->mount && !transport_is_of(row, t->mount)))
		return NULL;
	if (row->from)
		at = strstr(in, row->from);
	return at ? at + strlen(row->from ? row->from : row->is) : NULL;
}

/* Cut the text to the value of "key=value,key=value". */
static bool transport_cut(char *text, const char *key)
{
	char *rest = text, *word;
	size_t len = strlen(key);

	while ((word = strsep(&rest, ",")))
		if (!strncmp(word, key, len) && word[len] == '=') {
			memmove(text, word + len + 1, strlen(word + len + 1) + 1);
			return true;
		}
	return false;
}

static bool transport_mount_text(struct impact_search *s, const struct transport *row,
				 const struct mount_entry *m, char *text, size_t size)
{
	const char *at = NULL;
	char *value = NULL;
	int found =
		row->key && *row->key ? mount_next_option(m, row->key, &at, &value) : 0;

	search_unread(s, found < 0 ? found : 0);
	snprintf(text, size, "%s", found > 0 ? value : m->source);
	free(value);
	return found > 0 || (row->key && !*row->key);
}

/* Read the text of a row. Return false if it does not exist. */
static bool transport_text(struct impact_search *s, const struct transport *row,
			   const struct thing *t, const char *after, char *text,
			   size_t size)
{
	int len = (int)strcspn(after, "/"), before;

	if (t->mount)
		return transport_mount_text(s, row, t->mount, text, size);
	if (!row->file) {
		snprintf(text, size, "%.*s", len, after);
		return true;
	}
	before = (int)strcspn(row->file, "#");
	return !sysfs_text(s->dr->root, text, size, "%.*s%.*s%s", before, row->file, len,
			   after, row->file + before + 1) &&
	       (!row->key || transport_cut(text, row->key));
}

/* What a port serves is lost with its card. */
static bool end_port(struct impact_search *s, size_t thing, const char *text)
{
	const char *wanted = strstr(text, "pn-0x");
	_cleanup_names_ struct kern_names hosts = { 0 };
	char name[32], target[PATH_MAX];

	if (!wanted)
		return false;
	search_list(s, &hosts, KERN_LIST_ALL, "sys/class/fc_host");
	for (size_t i = 0; i < hosts.n; i++) {
		if (sysfs_text(s->dr->root, name, sizeof(name),
			       "sys/class/fc_host/%s/port_name", hosts.name[i]) ||
		    strcasecmp(name, wanted + strlen("pn-")) != 0 ||
		    sysfs_link(s->dr->root, target, sizeof(target),
			       "sys/class/fc_host/%s", hosts.name[i]))
			continue;
		if (!search_below(s, target)) {
			s->things[thing].is_elsewhere = true;
			return true;
		}
		search_edge(s, search_lose_part(s, hosts.name[i]), thing, EDGE_PART,
			    NULL);
		return true;
	}
	return false;
}

/* An address, and the interface to which it belongs: a name or number; "": not given */
struct net_address {
	int family;
	unsigned char bytes[16];
	char text[INET6_ADDRSTRLEN], scope[IFNAMSIZ];
};

/* Parse "192.0.2.1:6789/...", "192.0.2.9@o2ib:/fs", "[2001:db8::1]:6789", "fe80::1%eth1.5". An
 * address of IPv4 in one of IPv6 is the same address. */
static bool address_parse(struct net_address *a, const char *from)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	size_t len;

	*a = (struct net_address){ 0 };
	from += *from == '[';
	len = strspn(from, "0123456789.");
	snprintf(a->text, sizeof(a->text), "%.*s", (int)len, from);
	a->family = AF_INET;
	if (inet_pton(AF_INET, a->text, a->bytes) == 1)
		return true;
	a->family = 0;
	len = strspn(from, "0123456789abcdefABCDEF:.");
	if ((size_t)snprintf(a->text, sizeof(a->text), "%.*s", (int)len, from) >=
		    sizeof(a->text) ||
	    inet_pton(AF_INET6, a->text, a->bytes) != 1)
		return false;
	a->family = AF_INET6;
	if (from[len] == '%')
		snprintf(a->scope, sizeof(a->scope), "%.*s",
			 (int)strcspn(from + len + 1, "/@,]"), from + len + 1);
	if (!memcmp(a->bytes, mapped, sizeof(mapped))) {
		a->family = AF_INET;
		memmove(a->bytes, a->bytes + sizeof(mapped), 4);
	}
	return inet_ntop(a->family, a->bytes, a->text, sizeof(a->text));
}

/* Each interface has such addresses. */
static bool address_needs_scope(const struct net_address *a)
{
	return a->family == AF_INET6 && a->bytes[0] == 0xfe &&
	       (a->bytes[1] & 0xc0) == 0x80;
}

static size_t end_scope(const struct impact_search *s, const char *scope)
{
	size_t net = search_find(s, THING_NET, scope);
	char index[16];

	for (size_t i = s->first[THING_NET];
	     !net && i < s->first[THING_NET] + s->n[THING_NET]; i++)
		if (!sysfs_text(s->dr->root, index, sizeof(index),
				"sys/class/net/%s/ifindex", s->things[i].name) &&
		    !strcmp(index, scope))
			net = i;
	return net;
}

static size_t end_source(const struct impact_search *s, const struct net_address *wanted)
{
	struct net_address a;

	if (*wanted->scope)
		return end_scope(s, wanted->scope);
	for (size_t i = 1; i < s->n_things; i++)
		if (s->things[i].kind == IMPACT_ADDRESS &&
		    address_parse(&a, s->things[i].name) && a.family == wanted->family &&
		    !memcmp(a.bytes, wanted->bytes, a.family == AF_INET ? 4 : 16))
			return s->things[i].parent;
	return 0;
}

/* from: "" or the source, which has no interface of its own. */
static size_t end_route(const struct impact_search *s, const struct net_address *a,
			const char *from)
{
	const struct net_facts *net = s->dr->net;
	char interface[64];

	if (*a->scope)
		return end_scope(s, a->scope);
	return !net || address_needs_scope(a) ||
			       net->route_to(net->priv, a->text, *from ? from : NULL,
					     interface, sizeof(interface))
		       ? 0
		       : search_find(s, THING_NET, interface);
}

/* Convert an address of 4 or 16 bytes that is not 0. */
static const char *address_of_bytes(const char *text, char *address, socklen_t size)
{
	unsigned char bytes[16] = { 0 }, any = 0;
	unsigned int byte;
	size_t n = 0;

	for (; n < sizeof(bytes) && sscanf(text, "%2x", &byte) == 1; n++) {
		bytes[n] = (unsigned char)byte;
		any |= bytes[n];
		text += strcspn(text, ":");
		text += *text == ':';
	}
	if (!any || *text || (n != 4 && n != 16))
		return "";
	return inet_ntop(n == 4 ? AF_INET : AF_INET6, bytes, address, size);
}

/* Find the interface. a: the address, if the text is one. */
static size_t end_find(const struct impact_search *s, enum local_end end,
		       const char *text, const char *from, struct net_address *a)
{
	char peer[INET6_ADDRSTRLEN];

	a->family = 0;
	if (end == END_INTERFACE)
		return search_find(s, THING_NET, text);
	if (end == END_PEER)
		text = address_of_bytes(text, peer, sizeof(peer));
	if (end == END_ANY || !address_parse(a, text))
		return 0;
	return end == END_SOURCE ? end_source(s, a) : end_route(s, a, from);
}

bool transport_is_known(const struct impact_search *s, size_t thing)
{
	for (size_t i = 0; i < ARRAY_SIZE(transports); i++)
		if (transports[i].type != THING_NET &&
		    transport_match(&transports[i], &s->things[thing]))
			return true;
	return false;
}

static bool net_has_address(const struct impact_search *s, size_t net)
{
	for (size_t e = s->things[net].first_edge; e; e = s->edges[e].next)
		if (s->things[s->edges[e].to].type == THING_ADDRESS)
			return true;
	return false;
}

static const char *transport_label(const struct thing *t)
{
	return !t->mount || !strcmp(t->name, "/") ? NULL : t->mount->source;
}

static void transport_any(struct impact_search *s, size_t thing)
{
	const struct thing *t = &s->things[thing];
	int flags = EDGE_UNSURE | (t->type == THING_NET ? EDGE_PART : 0);

	for (size_t i = 0; i < s->n[THING_NET]; i++)
		if (s->first[THING_NET] + i != thing &&
		    net_has_address(s, s->first[THING_NET] + i))
			search_edge(s, s->first[THING_NET] + i, thing, flags,
				    transport_label(t));
}

static void transport_read(struct impact_search *s, size_t thing);

/* Interfaces that Linux does not link to a lower one, such as tunnels, have a way of their
 * own. It matters only to what they carry. */
static void transport_through(struct impact_search *s, size_t net, size_t thing)
{
	bool is_block = s->things[thing].type == THING_BLOCK;

	search_edge(s, net, thing, is_block ? EDGE_PART : 0,
		    transport_label(&s->things[thing]));
	if (!s->things[net].is_tested && !s->things[net].is_lost &&
	    !net_has_lower(s, s->things[net].name) && !net_next_datapath(s, net, 0)) {
		s->things[net].is_tested = true;
		transport_read(s, net);
	}
}

static void transport_read(struct impact_search *s, size_t thing)
{
	struct net_address a, from = { 0 };
	bool may_be_any = false;

	for (size_t i = 0; i < ARRAY_SIZE(transports); i++) {
		const struct transport *row = &transports[i];
		const char *after = transport_match(row, &s->things[thing]);
		char text[512];
		bool has_text;
		size_t net;

		if (!after || (row->end != END_PORT && !s->has_lost_net))
			continue;
		has_text = transport_text(s, row, &s->things[thing], after, text,
					  sizeof(text));
		may_be_any |=
			row->type != THING_BLOCK || (row->end == END_ANY && has_text);
		if (has_text && row->end == END_PORT && end_port(s, thing, text))
			return;
		net = has_text ? end_find(s, row->end, text, from.text, &a) : 0;
		/* A source that is named must be found; one on a dummy is no local end. */
		if (row->end == END_SOURCE && has_text && !net)
			s->things[thing].is_doubtful |=
				a.family && !address_needs_scope(&a);
		else if (row->end == END_SOURCE && net &&
			 !net_leads_out(s, s->things[net].name)) {
			from = a;
			net = 0;
		}
		if (net) {
			transport_through(s, net, thing);
			return;
		}
	}
	if (may_be_any)
		transport_any(s, thing);
}

void transports_read(struct impact_search *s)
{
	for (size_t i = 1; i < s->n_things; i++)
		if (!s->things[i].is_lost && !s->things[i].parent &&
		    (s->things[i].type == THING_BLOCK ||
		     s->things[i].type == THING_MOUNT))
			transport_read(s, i);
}
