// SPDX-License-Identifier: LGPL-2.1-or-later
/* Network interfaces, those on them, and what is reached at them. */
#include <string.h>

#include "libdrmgr/impact/search.h"
#include "kern/rtnetlink.h"
#include "kern/sysfs.h"

#define NET_DIR "sys/class/net"

/* An address, or a default route. */
static int net_on_fact(void *to, const char *interface, const char *text)
{
	struct impact_search *s = to;
	size_t net = search_find(s, THING_NET, interface);
	bool is_route = !strncmp(text, "default", strlen("default"));
	size_t fact =
		net ? search_add(s, THING_ADDRESS,
				 is_route ? IMPACT_DEFAULT_ROUTE : IMPACT_ADDRESS, text)
		    : 0;

	if (fact)
		s->things[fact].parent = net;
	search_edge(s, net, fact, 0, NULL);
	return mem_check(s->mem);
}

void nets_read(struct impact_search *s)
{
	const struct net_facts *net = s->dr->net;
	int err = 0;

	search_read_class(s, THING_NET, NET_DIR);
	if (s->has_lost_net && net)
		err = net->addresses(net->priv, net_on_fact, s);
	if (s->has_lost_net && net && !err)
		err = net->default_routes(net->priv, net_on_fact, s);
	search_unread(s, err);
}

size_t net_linked(const struct impact_search *s, const char *file, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(file, prefix, len) != 0 ? 0
					       : search_find(s, THING_NET, file + len);
}

bool net_has_lower(struct impact_search *s, const char *name)
{
	_cleanup_names_ struct kern_names files = { 0 };

	search_list(s, &files, KERN_LIST_ALL, NET_DIR "/%s", name);
	for (size_t i = 0; i < files.n; i++)
		if (net_linked(s, files.name[i], "lower_"))
			return true;
	return false;
}

const char *net_kind(const struct impact_search *s, const char *name)
{
	const struct net_facts *net = s->dr->net;
	char kind[NET_KIND_BYTES];

	return net && !net->kind_of(net->priv, name, kind) ? mem_copy(s->mem, kind) : "";
}

static bool net_is_switch(const struct impact_search *s, size_t net)
{
	return !strcmp(net_kind(s, s->things[net].name), "openvswitch");
}

/* sysfs does not link a bridge of Open vSwitch to the datapath that has its ports. */
size_t net_next_datapath(struct impact_search *s, size_t net, size_t at)
{
	size_t end = s->first[THING_NET] + s->n[THING_NET];

	if (!at && !net_is_switch(s, net))
		return 0;
	for (at = at ? at + 1 : s->first[THING_NET]; at < end; at++)
		if (at != net && net_has_lower(s, s->things[at].name) &&
		    net_is_switch(s, at))
			return at;
	return 0;
}

void nets_spread(struct impact_search *s, size_t thing)
{
	_cleanup_names_ struct kern_names files = { 0 };
	size_t end = s->first[THING_NET] + s->n[THING_NET];

	search_list(s, &files, KERN_LIST_ALL, NET_DIR "/%s", s->things[thing].name);
	for (size_t i = 0; i < files.n; i++)
		search_take(s, thing, net_linked(s, files.name[i], "upper_"), 0, NULL);
	if (!strstr(s->things[thing].target, "/virtual/") || !net_is_switch(s, thing))
		return;
	for (size_t i = s->first[THING_NET]; i < end; i++)
		if (!net_has_lower(s, s->things[i].name) && net_is_switch(s, i))
			search_take(s, thing, i, 0, NULL);
}

static int net_on_link(void *to, const char *interface, const char *text)
{
	struct impact_search *s = to;
	const char *what = mem_text(s->mem, "of network namespace %.16s", text);
	struct thing *t = &s->things[search_find(s, THING_NET, interface)];
	const char *device = search_below(s, mem_text(s->mem, "/%s/", interface));

	if (device && !impacts_have(s->out, IMPACT_NAMESPACE, device))
		search_report(s, &(struct dr_impact){ .kind = IMPACT_NAMESPACE,
						      .what = device,
						      .through = device });
	if (!t->is_lost)
		return mem_check(s->mem);
	t->is_used = true;
	search_report(s, &(struct dr_impact){ .kind = IMPACT_INTERFACE,
					      .what = what,
					      .through = t->chain,
					      .is_unsure = t->is_unsure });
	return mem_check(s->mem);
}

/* A macvlan of a pod has no address here, and another port of the function can be in a pod
 * (one of virtio has a single port): ask other namespaces. An interface that is up has a
 * reason, which may be outside of what Linux shows. */
void nets_report_unused(struct impact_search *s)
{
	const struct net_facts *net = s->dr->net;

	for (size_t i = 0; (i = search_next_lost(s, THING_NET, i));) {
		const struct thing *t = &s->things[i];
		bool is_unused = !t->is_used && t->kind == IMPACT_KINDS &&
				 !t->is_unsure && net_leads_out(s, t->name);

		if (net && (is_unused || !strstr(t->target, "/virt"))) {
			net->links_elsewhere(net->priv, net_on_link, s);
			net = NULL;
		}
		if (is_unused && !t->is_used)
			search_report(s, &(struct dr_impact){ .kind = IMPACT_INTERFACE,
							      .what = t->name,
							      .through = t->chain,
							      .is_note = true });
	}
}
