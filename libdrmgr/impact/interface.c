// SPDX-License-Identifier: LGPL-2.1-or-later
/* Network interfaces, those on them, and what is reached at them. */
#include <string.h>

#include "libdrmgr/impact/search.h"
#include "kern/rtnetlink.h"
#include "kern/sysfs.h"

#define NET_DIR "sys/class/net"

static int net_fact_add(struct impact_search *s, enum impact_kind kind,
			const char *interface, const char *text)
{
	size_t net = search_find(s, THING_NET, interface);
	size_t fact = net ? search_add(s, THING_ADDRESS, kind, text) : 0;

	if (fact)
		s->things[fact].parent = net;
	search_edge(s, net, fact, 0, NULL);
	return mem_check(s->mem);
}

static int net_on_address(void *to, const char *interface, const char *text)
{
	return net_fact_add(to, IMPACT_ADDRESS, interface, text);
}

static int net_on_route(void *to, const char *interface, const char *text)
{
	return net_fact_add(to, IMPACT_DEFAULT_ROUTE, interface, text);
}

void nets_read(struct impact_search *s)
{
	const struct net_facts *net = s->dr->net;
	int err = 0;

	search_read_class(s, THING_NET, NET_DIR);
	if (s->has_lost_net && net)
		err = net->addresses(net->priv, net_on_address, s);
	if (s->has_lost_net && net && !err)
		err = net->default_routes(net->priv, net_on_route, s);
	search_unread(s, err);
}

static const char *net_link(const char *file, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(file, prefix, len) != 0 ? NULL : file + len;
}

bool net_has_lower(struct impact_search *s, const char *name)
{
	_cleanup_names_ struct kern_names files = { 0 };

	search_list(s, &files, KERN_LIST_ALL, NET_DIR "/%s", name);
	for (size_t i = 0; i < files.n; i++)
		if (net_link(files.name[i], "lower_"))
			return true;
	return false;
}

void nets_spread(struct impact_search *s, size_t thing)
{
	_cleanup_names_ struct kern_names files = { 0 };

	search_list(s, &files, KERN_LIST_ALL, NET_DIR "/%s", s->things[thing].name);
	for (size_t i = 0; i < files.n; i++) {
		const char *upper = net_link(files.name[i], "upper_");

		if (upper)
			search_take(s, thing, search_find(s, THING_NET, upper), 0, NULL);
	}
}

static int net_on_link(void *to, const char *interface, const char *text)
{
	struct impact_search *s = to;
	const char *what = mem_text(s->mem, "of network namespace %.16s", text);
	struct thing *t = &s->things[search_find(s, THING_NET, interface)];

	if (!t->is_lost)
		return 0;
	t->is_used = true;
	search_report(s, &(struct dr_impact){ .kind = IMPACT_INTERFACE,
					      .what = what,
					      .through = t->chain });
	return mem_check(s->mem);
}

/* A macvlan of a pod has no address here: without another use, ask other namespaces. An
 * interface that is up has a reason, which may be outside of what Linux shows. */
void nets_report_unused(struct impact_search *s)
{
	const struct net_facts *net = s->dr->net;

	for (size_t i = 0; (i = search_next_lost(s, THING_NET, i));) {
		const struct thing *t = &s->things[i];

		if (t->is_used || t->kind != IMPACT_KINDS || t->is_unsure ||
		    !net_leads_out(s, t->name))
			continue;
		if (net)
			net->links_elsewhere(net->priv, net_on_link, s);
		net = NULL;
		if (!t->is_used)
			search_report(s, &(struct dr_impact){ .kind = IMPACT_INTERFACE,
							      .what = t->name,
							      .through = t->chain,
							      .is_note = true });
	}
}
