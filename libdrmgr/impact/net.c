// SPDX-License-Identifier: LGPL-2.1-or-later
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/parts.h"
#include "kern/rtnetlink.h"
#include "kern/sysfs.h"
#include "kern/text.h"

#define NET_DIR "sys/class/net"

/* The lost interfaces, in the order of their loss. */
struct net_search {
	struct impact_search *s;
	struct kern_names lost;
	struct kern_names chains; /* of each lost interface */
	int err;
};

static size_t net_position(const struct net_search *n, const char *name)
{
	size_t i = 0;

	while (i < n->lost.n && strcmp(n->lost.name[i], name) != 0)
		i++;
	return i;
}

static bool net_is_lost(const struct net_search *n, const char *name)
{
	return net_position(n, name) < n->lost.n;
}

static int net_lose(struct net_search *n, const char *name, const char *below)
{
	_cleanup_free_ char *chain = impact_chain(below, name);
	int err = chain ? kern_names_add(&n->lost, name) : -ENOMEM;

	return err ? err : kern_names_add(&n->chains, chain);
}

static int net_add(struct net_search *n, enum impact_kind kind, const char *what,
		   const char *through, bool is_fatal, bool is_degraded)
{
	const struct dr_impact impact = { .kind = kind,
					  .what = what,
					  .through = through,
					  .is_fatal = is_fatal,
					  .is_degraded = is_degraded };

	return impact_add(n->s->out, &impact);
}

static int net_list(const struct net_search *n, const char *name,
		    struct kern_names *files)
{
	_cleanup_free_ char *dir = text_of(NET_DIR "/%s", name);

	return dir ? kern_list(n->s->dr->root, dir, KERN_LIST_ALL, files) : -ENOMEM;
}

static bool net_has(const struct net_search *n, const char *name, const char *file)
{
	_cleanup_free_ char *path = text_of(NET_DIR "/%s/%s", name, file);

	return path && kern_exists(n->s->dr->root, path);
}

static const char *net_link_suffix(const char *file, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(file, prefix, len) != 0 ? NULL : file + len;
}

static bool net_has_lower(const struct net_search *n, const char *name)
{
	_cleanup_names_ struct kern_names files = { 0 };

	if (net_list(n, name, &files))
		return false;
	for (size_t i = 0; i < files.n; i++)
		if (net_link_suffix(files.name[i], "lower_"))
			return true;
	return false;
}

/* Test whether an interface leads out of the machine. A tap, a veth, a dummy and an
 * interface without a link do not. */
static bool net_leads_out(const struct net_search *n, const char *name)
{
	char state[32];

	if (!sysfs_text(n->s->dr->root, state, sizeof(state), NET_DIR "/%s/operstate",
			name) &&
	    (!strcmp(state, "down") || !strcmp(state, "lowerlayerdown")))
		return false;
	return net_has(n, name, "device") || net_has_lower(n, name);
}

static bool net_has_other_lower(const struct net_search *n, const char *upper)
{
	_cleanup_names_ struct kern_names files = { 0 };

	if (net_list(n, upper, &files))
		return false;
	for (size_t i = 0; i < files.n; i++) {
		const char *lower = net_link_suffix(files.name[i], "lower_");

		if (lower && !net_is_lost(n, lower) && net_leads_out(n, lower))
			return true;
	}
	return false;
}

static int net_lose_upper(struct net_search *n, const char *upper, const char *chain)
{
	bool survives = net_has_other_lower(n, upper);
	int err = 0;

	if (net_has(n, upper, "bridge"))
		err = net_add(n, IMPACT_BRIDGE, upper, chain, false, survives);
	else if (survives || net_has(n, upper, "bonding"))
		err = net_add(n, IMPACT_BOND, upper, chain, false, survives);
	if (err || survives || net_is_lost(n, upper))
		return err;
	return net_lose(n, upper, chain);
}

static int net_lose_uppers(struct net_search *n, size_t i)
{
	_cleanup_names_ struct kern_names files = { 0 };
	int err = net_list(n, n->lost.name[i], &files);

	if (err && err != -ENOMEM)
		return 0;
	for (size_t k = 0; !err && k < files.n; k++) {
		const char *upper = net_link_suffix(files.name[k], "upper_");

		if (upper)
			err = net_lose_upper(n, upper, n->chains.name[i]);
	}
	return err;
}

static int net_lose_own(struct net_search *n)
{
	_cleanup_names_ struct kern_names names = { 0 };
	char target[PATH_MAX];
	int err = kern_list(n->s->dr->root, NET_DIR, KERN_LIST_ALL, &names);

	if (err && err != -ENOMEM)
		return 0; /* a kernel without networks */
	for (size_t i = 0; !err && i < names.n; i++) {
		_cleanup_free_ char *link = text_of(NET_DIR "/%s", names.name[i]);

		if (!link)
			return -ENOMEM;
		if (!kern_readlink(n->s->dr->root, link, target, sizeof(target)) &&
		    impact_is_below(&n->s->devices, target))
			err = net_lose(n, names.name[i], NULL);
	}
	return err;
}

static int net_fact_add(struct net_search *n, enum impact_kind kind,
			const char *interface, const char *text)
{
	size_t i = net_position(n, interface);

	if (i < n->lost.n)
		n->err = net_add(n, kind, text, n->chains.name[i], false, false);
	return n->err;
}

static int net_on_address(void *to, const char *interface, const char *text)
{
	return net_fact_add(to, IMPACT_ADDRESS, interface, text);
}

static int net_on_route(void *to, const char *interface, const char *text)
{
	return net_fact_add(to, IMPACT_DEFAULT_ROUTE, interface, text);
}

static bool mount_is_remote(const struct mount_entry *m)
{
	static const char *const types[] = { "nfs", "nfs4", "cifs", "smb3" };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(m->type, types[i]))
			return true;
	return false;
}

static int net_lose_remote(struct net_search *n, const struct net_facts *net,
			   const struct mount_entry *m)
{
	bool is_root = !strcmp(m->point, "/");
	_cleanup_free_ char *chain = NULL;
	char address[64], interface[64];
	size_t i;

	if (!mount_option(m, "addr", address, sizeof(address)) ||
	    net->route_to(net->priv, address, interface, sizeof(interface)))
		return 0;
	i = net_position(n, interface);
	if (i == n->lost.n)
		return 0;
	chain = impact_chain(n->chains.name[i], m->source);
	if (!chain)
		return -ENOMEM;
	return net_add(n, is_root ? IMPACT_NFS_ROOT : IMPACT_MOUNT, m->point,
		       is_root ? n->chains.name[i] : chain, impact_is_vital(m->point),
		       false);
}

static int net_remote_search(struct net_search *n, const struct net_facts *net)
{
	struct impact_search *s = n->s;
	int err = impact_mounts_read(s);

	for (size_t i = 0; !err && i < s->mounts.n; i++)
		if (mount_is_remote(&s->mounts.list[i]))
			err = net_lose_remote(n, net, &s->mounts.list[i]);
	return err;
}

static int net_facts_search(struct net_search *n)
{
	const struct net_facts *net = n->s->dr->net;
	bool is_known = !net->addresses(net->priv, net_on_address, n) &&
			!net->default_routes(net->priv, net_on_route, n);

	if (n->err)
		return n->err;
	n->s->out->is_incomplete |= !is_known;
	return net_remote_search(n, net);
}

int impact_net_search(struct impact_search *s)
{
	struct net_search n = { .s = s };
	int err = net_lose_own(&n);

	for (size_t i = 0; !err && i < n.lost.n; i++)
		err = net_lose_uppers(&n, i);
	if (!err && n.lost.n && s->dr->net)
		err = net_facts_search(&n);
	kern_names_free(&n.lost);
	kern_names_free(&n.chains);
	return err;
}
