// SPDX-License-Identifier: LGPL-2.1-or-later
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/parts.h"
#include "kern/rtnetlink.h"
#include "kern/sysfs.h"
#include "kern/text.h"

#define NET_DIR "sys/class/net"

static size_t net_position(const struct impact_interfaces *lost, const char *name)
{
	size_t i = 0;

	while (i < lost->names.n && strcmp(lost->names.name[i], name) != 0)
		i++;
	return i;
}

static bool net_is_lost(const struct impact_search *s, const char *name)
{
	return net_position(&s->interfaces, name) < s->interfaces.names.n;
}

static int net_lose(struct impact_search *s, const char *name, const char *below)
{
	_cleanup_free_ char *chain = impact_chain(below, name);
	int err = chain ? kern_names_add(&s->interfaces.names, name) : -ENOMEM;

	return err ? err : kern_names_add(&s->interfaces.chains, chain);
}

static int net_list(const struct impact_search *s, const char *name,
		    struct kern_names *files)
{
	_cleanup_free_ char *dir = text_of(NET_DIR "/%s", name);

	return dir ? kern_list(s->dr->root, dir, KERN_LIST_ALL, files) : -ENOMEM;
}

static bool net_has(const struct impact_search *s, const char *name, const char *file)
{
	_cleanup_free_ char *path = text_of(NET_DIR "/%s/%s", name, file);

	return path && kern_exists(s->dr->root, path);
}

static const char *net_link_suffix(const char *file, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(file, prefix, len) != 0 ? NULL : file + len;
}

static bool net_has_lower(const struct impact_search *s, const char *name)
{
	_cleanup_names_ struct kern_names files = { 0 };

	if (net_list(s, name, &files))
		return false;
	for (size_t i = 0; i < files.n; i++)
		if (net_link_suffix(files.name[i], "lower_"))
			return true;
	return false;
}

/* Test whether an interface leads out of the machine. A tap, a veth, a dummy and an
 * interface without a link do not. */
static bool net_leads_out(const struct impact_search *s, const char *name)
{
	char state[32];

	if (!sysfs_text(s->dr->root, state, sizeof(state), NET_DIR "/%s/operstate",
			name) &&
	    (!strcmp(state, "down") || !strcmp(state, "lowerlayerdown")))
		return false;
	return net_has(s, name, "device") || net_has_lower(s, name);
}

static bool net_has_other_lower(const struct impact_search *s, const char *upper)
{
	_cleanup_names_ struct kern_names files = { 0 };

	if (net_list(s, upper, &files))
		return false;
	for (size_t i = 0; i < files.n; i++) {
		const char *lower = net_link_suffix(files.name[i], "lower_");

		if (lower && !net_is_lost(s, lower) && net_leads_out(s, lower))
			return true;
	}
	return false;
}

/* An interface without others below it is reported, too: not all interfaces on it have
 * links. Those of Open vSwitch have none. */
static int net_lose_upper(struct impact_search *s, const char *upper, const char *chain)
{
	bool survives = net_has_other_lower(s, upper);
	const struct dr_impact impact = {
		.kind = net_has(s, upper, "bridge")    ? IMPACT_BRIDGE
			: net_has(s, upper, "bonding") ? IMPACT_BOND
						       : IMPACT_INTERFACE,
		.what = upper,
		.through = chain,
		.is_degraded = survives,
	};
	int err = impact_add(s->out, &impact);

	return err || survives || net_is_lost(s, upper) ? err : net_lose(s, upper, chain);
}

static int net_lose_uppers(struct impact_search *s, size_t i)
{
	_cleanup_names_ struct kern_names files = { 0 };
	int err = net_list(s, s->interfaces.names.name[i], &files);

	if (err && err != -ENOMEM)
		return 0;
	for (size_t k = 0; !err && k < files.n; k++) {
		const char *upper = net_link_suffix(files.name[k], "upper_");

		if (upper)
			err = net_lose_upper(s, upper, s->interfaces.chains.name[i]);
	}
	return err;
}

static int net_lose_own(struct impact_search *s)
{
	_cleanup_names_ struct kern_names names = { 0 };
	char target[PATH_MAX];
	int err = kern_list(s->dr->root, NET_DIR, KERN_LIST_ALL, &names);

	if (err && err != -ENOMEM)
		return 0; /* a kernel without networks */
	for (size_t i = 0; !err && i < names.n; i++) {
		_cleanup_free_ char *link = text_of(NET_DIR "/%s", names.name[i]);

		if (!link)
			return -ENOMEM;
		if (!kern_readlink(s->dr->root, link, target, sizeof(target)) &&
		    impact_is_below(&s->devices, target))
			err = net_lose(s, names.name[i], NULL);
	}
	return err;
}

static int net_fact_add(struct impact_search *s, enum impact_kind kind,
			const char *interface, const char *text)
{
	struct impact_interfaces *lost = &s->interfaces;
	struct impact_net_fact fact = { kind, net_position(lost, interface), NULL },
			       *grown;

	if (fact.interface == lost->names.n)
		return 0;
	grown = reallocarray(lost->facts, lost->n_facts + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	lost->facts = grown;
	fact.text = strdup(text);
	if (!fact.text)
		return -ENOMEM;
	lost->facts[lost->n_facts++] = fact;
	return 0;
}

static int net_on_address(void *to, const char *interface, const char *text)
{
	return net_fact_add(to, IMPACT_ADDRESS, interface, text);
}

static int net_on_route(void *to, const char *interface, const char *text)
{
	return net_fact_add(to, IMPACT_DEFAULT_ROUTE, interface, text);
}

static int net_facts_read(struct impact_search *s)
{
	const struct net_facts *net = s->dr->net;
	int err = net->addresses(net->priv, net_on_address, s);

	if (!err)
		err = net->default_routes(net->priv, net_on_route, s);
	s->out->is_incomplete |= err != 0;
	return err == -ENOMEM ? err : 0;
}

int impact_interfaces_read(struct impact_search *s)
{
	int err = net_lose_own(s);

	for (size_t i = 0; !err && i < s->interfaces.names.n; i++)
		err = net_lose_uppers(s, i);
	return !err && s->interfaces.names.n && s->dr->net ? net_facts_read(s) : err;
}

void impact_interfaces_free(struct impact_interfaces *lost)
{
	for (size_t i = 0; i < lost->n_facts; i++)
		free(lost->facts[i].text);
	free(lost->facts);
	kern_names_free(&lost->names);
	kern_names_free(&lost->chains);
}

int impact_interfaces_report(struct impact_search *s)
{
	int err = 0;

	for (size_t i = 0; !err && i < s->interfaces.n_facts; i++) {
		const struct impact_net_fact *fact = &s->interfaces.facts[i];
		const struct dr_impact impact = {
			.kind = fact->kind,
			.what = fact->text,
			.through = s->interfaces.chains.name[fact->interface],
		};

		err = impact_add(s->out, &impact);
	}
	return err;
}

const char *impact_chain_to(const struct impact_search *s, const char *address)
{
	const struct net_facts *net = s->dr->net;
	const char *scope = strchr(address, '%');
	char interface[64];
	size_t i;

	if (scope)
		snprintf(interface, sizeof(interface), "%s", scope + 1);
	else if (!s->interfaces.names.n || !net ||
		 net->route_to(net->priv, address, interface, sizeof(interface)))
		return NULL;
	i = net_position(&s->interfaces, interface);
	return i < s->interfaces.names.n ? s->interfaces.chains.name[i] : NULL;
}

const char *impact_chain_out(const struct impact_search *s, size_t *at)
{
	while (*at < s->interfaces.names.n) {
		size_t i = (*at)++;

		for (size_t k = 0; k < s->interfaces.n_facts; k++)
			if (s->interfaces.facts[k].interface == i)
				return s->interfaces.chains.name[i];
	}
	return NULL;
}
