// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdarg.h>
#include <string.h>

#include "libdrmgr/impact/search.h"
#include "kern/sysfs.h"

void search_unread(struct impact_search *s, int err)
{
	if (err == -ENOMEM)
		mem_fail(s->mem);
	s->out->is_incomplete |= err != 0;
}

bool search_list(struct impact_search *s, struct kern_names *names,
		 enum kern_list_what what, const char *fmt, ...)
{
	const char *path;
	va_list ap;
	int err;

	va_start(ap, fmt);
	path = mem_vtext(s->mem, fmt, ap);
	va_end(ap);
	*names = (struct kern_names){ 0 };
	err = mem_check(s->mem);
	if (!err)
		err = kern_list(s->dr->root, path, what, names);
	search_unread(s, kern_read_failure(err));
	return !err;
}

size_t search_add(struct impact_search *s, enum thing_type type, enum impact_kind kind,
		  const char *name)
{
	size_t i = s->n_things;

	name = mem_copy(s->mem, name);
	*vec_add(s->mem, s->things, s->n_things) = (struct thing){
		.type = type, .kind = kind, .name = name, .what = name, .target = ""
	};
	if (mem_check(s->mem))
		return 0;
	if (!s->n[type]++)
		s->first[type] = i;
	return i;
}

static int search_compare(const void *name, const void *thing)
{
	return strcmp(name, ((const struct thing *)thing)->name);
}

size_t search_find(const struct impact_search *s, enum thing_type type, const char *name)
{
	const struct thing *t = bsearch(name, s->things + s->first[type], s->n[type],
					sizeof(*t), search_compare);

	return t ? (size_t)(t - s->things) : 0;
}

void search_read_class(struct impact_search *s, enum thing_type type, const char *dir)
{
	_cleanup_names_ struct kern_names names = { 0 };
	char target[PATH_MAX];

	search_list(s, &names, KERN_LIST_ALL, "%s", dir);
	for (size_t i = 0; i < names.n; i++) {
		size_t k = search_add(s, type, IMPACT_KINDS, names.name[i]);

		if (sysfs_link(s->dr->root, target, sizeof(target), "%s/%s", dir,
			       names.name[i]))
			continue;
		s->things[k].target = mem_copy(s->mem, target);
		if (search_below(s, target))
			search_lose(s, k, block_label(s, &s->things[k]));
	}
}

void search_edge(struct impact_search *s, size_t from, size_t to, int flags,
		 const char *label)
{
	size_t e = s->n_edges;

	if (!from || !to)
		return;
	*vec_add(s->mem, s->edges, s->n_edges) =
		(struct edge){ .from = from, .to = to, .flags = flags, .label = label };
	if (mem_check(s->mem))
		return;
	*(s->things[from].first_edge ? &s->edges[s->things[from].last_edge].next
				     : &s->things[from].first_edge) = e;
	s->things[from].last_edge = e;
	s->edges[e].next_in = s->things[to].first_in;
	s->things[to].first_in = e;
	s->has_unsure |= (flags & EDGE_UNSURE) != 0;
}

void search_lose(struct impact_search *s, size_t thing, const char *chain)
{
	struct thing *t = &s->things[thing];

	if (!thing || t->is_lost)
		return;
	t->is_lost = true;
	t->is_unsure = s->is_unsure;
	t->chain = chain;
	t->through = t->through ? t->through : chain;
	*(s->last_lost ? &s->things[s->last_lost].next_lost : &s->first_lost) = thing;
	s->last_lost = thing;
	s->has_lost_net |= t->type == THING_NET;
}

size_t search_lose_part(struct impact_search *s, const char *name)
{
	size_t part = search_add(s, THING_DEVICE, IMPACT_KINDS, name);

	search_lose(s, part, s->things[part].name);
	return part;
}

/* A bind of a part of a disk says nothing of its other parts. If /proc is mounted below a
 * mount, that mount is the root of another container or chroot. */
static bool mount_explains(const struct impact_search *s, const struct thing *t)
{
	size_t len = strlen(t->name);

	if (strcmp(t->mount->dir, "/") != 0)
		return false;
	for (size_t i = 0; i < s->n_proc; i++)
		if (!strncmp(s->proc[i], t->name, len) &&
		    !strcmp(s->proc[i] + len, "/proc"))
			return false;
	return true;
}

void search_take(struct impact_search *s, size_t from, size_t to, int flags,
		 const char *label)
{
	struct thing *t = &s->things[to], *below = &s->things[from];
	bool survives = false;

	if (!from || !to)
		return;
	/* A file system whose mount is unknown is no use: the mount is. */
	if (t->type != THING_FILE_SYSTEM || t->first_edge)
		below->is_used |= (!(flags & EDGE_PART) || below->type == THING_NET) &&
				  (t->type != THING_KERNEL_USER || !below->mount);
	if (t->type != THING_KERNEL_USER && (!t->mount || mount_explains(s, t)))
		below->is_explained |= t->type != THING_FILE_SYSTEM || t->first_edge;
	if (t->is_lost)
		return;
	if (!(flags & EDGE_PART)) {
		survives = t->type == THING_BLOCK ? block_survives(s, t)
			   : t->type == THING_NET ? net_survives(s, t)
						  : false;
		below->is_path |= t->kind == IMPACT_MULTIPATH;
	}
	if (t->type == THING_BLOCK || t->type == THING_NET)
		label = block_label(s, t);
	if (survives && t->is_degraded)
		return;
	t->is_degraded = survives;
	t->through = below->chain;
	if (!survives)
		search_lose(s, to,
			    label ? mem_text(s->mem, "%s > %s", below->chain, label)
				  : below->chain);
}

static void search_walk(struct impact_search *s)
{
	for (size_t i = s->first_lost; i; i = s->things[i].next_lost) {
		bool has_walked = s->things[i].has_walked;

		s->things[i].has_walked = true;
		if (!has_walked && s->things[i].type == THING_BLOCK)
			blocks_spread(s, i);
		if (!has_walked && s->things[i].type == THING_NET)
			nets_spread(s, i);
		for (size_t e = s->things[i].first_edge; e; e = s->edges[e].next)
			if (s->is_unsure || !(s->edges[e].flags & EDGE_UNSURE))
				search_take(s, i, s->edges[e].to, s->edges[e].flags,
					    s->edges[e].label);
	}
}

void search_lose_path(struct impact_search *s, const char *component, const char *name)
{
	*vec_add(s->mem, s->paths, s->n_paths) =
		(struct lost_path){ mem_text(s->mem, "/%s/", component),
				    mem_copy(s->mem, name) };
}

const char *search_below(const struct impact_search *s, const char *target)
{
	for (size_t i = 0; i < s->n_paths; i++)
		if (strstr(target, s->paths[i].text))
			return s->paths[i].name;
	return NULL;
}

size_t search_next_lost(const struct impact_search *s, enum thing_type type, size_t at)
{
	do
		at = at ? s->things[at].next_lost : s->first_lost;
	while (at && s->things[at].type != type);
	return at;
}

void search_report(struct impact_search *s, const struct dr_impact *impact)
{
	/* A volume group is lost once for all its volumes. */
	if (impact->kind == IMPACT_KINDS ||
	    (impact->kind == IMPACT_VOLUME_GROUP &&
	     impacts_have(s->out, impact->kind, impact->what)))
		return;
	*vec_add(s->mem, s->out->list, s->out->n) = *impact;
}

static void search_report_thing(struct impact_search *s, const struct thing *t)
{
	search_report(s, &(struct dr_impact){ .kind = t->kind,
					      .what = t->what,
					      .through = t->mount ? t->chain : t->through,
					      .is_fatal = t->is_fatal,
					      .is_degraded = t->is_degraded,
					      .is_unsure = t->is_unsure });
}

/* Report layers in the order of their loss, mounts as the kernel lists them. */
static void search_report_type(struct impact_search *s, enum thing_type type)
{
	for (size_t i = 0; type != THING_MOUNT && (i = search_next_lost(s, type, i));)
		search_report_thing(s, &s->things[i]);
	for (size_t i = 1; i < s->n_things; i++)
		if (s->things[i].type == type &&
		    (type == THING_MOUNT ? s->things[i].is_lost
					 : s->things[i].is_degraded))
			search_report_thing(s, &s->things[i]);
}

static void (*const readers[])(struct impact_search *s) = {
	consoles_read, nets_read,	blocks_read,
	mounts_search, transports_read, kernel_users_read,
};

static void search_all(struct impact_search *s, const char *const *nodes, size_t n)
{
	devices_read(s, nodes, n);
	for (size_t i = 0; s->n_paths && i < ARRAY_SIZE(readers); i++)
		readers[i](s);
	if (mem_check(s->mem))
		return;
	needs_prove(s);
	search_walk(s);
	s->is_unsure = s->has_unsure;
	if (s->has_unsure)
		search_walk(s);
	claims_test(s);
	needs_decide(s);
	for (int type = 0; type < THING_ADDRESS; type++)
		search_report_type(s, type);
	claims_report(s);
	needs_report(s);
	programs_search(s);
	search_report_type(s, THING_ADDRESS);
	nets_report_unused(s);
}

int impact_find(const struct dr_ctx *dr, const char *const *nodes, size_t n,
		struct impacts *impacts)
{
	struct impact_search s = { .dr = dr, .out = impacts, .mem = impacts->mem };

	/* Item 0 of each list is none. */
	*vec_add(s.mem, s.things, s.n_things) =
		(struct thing){ .name = "", .target = "", .chain = "" };
	vec_add(s.mem, s.edges, s.n_edges);
	if (!mem_check(s.mem))
		search_all(&s, nodes, n);
	mounts_free(&s.mounts);
	return mem_check(s.mem);
}
