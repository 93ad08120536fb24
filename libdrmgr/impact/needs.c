// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the system needs: each need is followed down to a card, and remains only if every way
 * ends at what stays.
 *
 * A known name means that the readers found every way down. So a name can only permit a
 * removal: below a thing with an unknown name, anything can be.
 */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/search.h"
#include "kern/rtnetlink.h"
#include "kern/sysfs.h"

enum { DEPTH_MAX = 64 };

/* What was found below a thing: the worst, and how many remain. */
struct below {
	enum verdict verdict;
	int on;
	size_t thing;
	size_t n, n_remain;
};

/* File systems that are in memory, or only wait for a mount. */
static const char *const on_nothing[] = { "tmpfs",    "ramfs",	"rootfs",
					  "devtmpfs", "autofs", NULL };

/* File systems whose devices are all known: from sysfs, the source or the options. */
static const char *const on_named[] = { "ext2",	 "ext3",     "ext4",	 "xfs",
					"vfat",	 "msdos",    "exfat",	 "iso9660",
					"udf",	 "squashfs", "erofs",	 "cramfs",
					"btrfs", "bcachefs", "reiserfs", NULL };

/* File systems of files or disks of this machine. What is below can be hidden. */
static const char *const on_local[] = { "overlay", "erofs",    "zfs",
					"btrfs",   "bcachefs", NULL };

/* Beginnings of the names of block devices: in memory; on a local pool or file; with all
 * their devices in the folder "slaves". */
static const char *const disks_in_memory[] = { "ram", "zram", "pmem", NULL };
static const char *const disks_local[] = { "loop", "zd", NULL };
static const char *const layers[] = { "dm-", "md", "bcache", "nvme", "loop", NULL };

/* Kinds of interfaces that lead to a program or namespace of this machine. */
static const char *const nets_inside[] = { "veth", "tun", "dummy", NULL };

static bool begins_with_one_of(const char *text, const char *const *words)
{
	while (*words && strncmp(text, *words, strlen(*words)) != 0)
		words++;
	return *words;
}

static enum verdict stands(struct impact_search *s, size_t i, int depth);

static void below_unknown(struct below *b, int on)
{
	if (b->verdict < UNKNOWN) {
		b->verdict = UNKNOWN;
		b->thing = 0;
	}
	b->on |= on;
	b->n++;
}

static void below_add(struct impact_search *s, struct below *b, size_t i, int depth)
{
	enum verdict v = stands(s, i, depth + 1);

	b->n++;
	b->n_remain += v == REMAINS;
	if (v > b->verdict) {
		b->verdict = v;
		b->thing = s->things[i].verdict == ASKED_NOW ? 0 : i;
	}
	if (v == UNKNOWN)
		b->on |= s->things[i].on;
}

/* Add what edges lead from. */
static void below_add_edges(struct impact_search *s, struct below *b, size_t i, int depth)
{
	bool is_unsure = false, is_sure = false;

	for (size_t e = s->things[i].first_in; e; e = s->edges[e].next_in) {
		is_unsure |= (s->edges[e].flags & EDGE_UNSURE) != 0;
		is_sure |= !(s->edges[e].flags & EDGE_UNSURE) &&
			   s->things[s->edges[e].from].type == THING_NET;
		if (!(s->edges[e].flags & EDGE_UNSURE))
			below_add(s, b, s->edges[e].from, depth);
	}
	if ((is_unsure && !is_sure) || s->things[i].is_doubtful)
		below_unknown(b, ON_NET);
}

/* A device of a bus whose cards have a name there. */
static bool is_on_bus(const struct thing *t)
{
	return strstr(t->target, "/devices/pci") || strstr(t->target, "/devices/vio/");
}

/* If survive.c says that the members that remain suffice, the layer remains. */
static void layer_stands(struct impact_search *s, struct below *b, size_t i, int depth)
{
	_cleanup_names_ struct kern_names names = { 0 };
	const char *name = s->things[i].name;

	search_list(s, &names, KERN_LIST_ALL, "sys/class/block/%s/slaves", name);
	for (size_t k = 0; k < names.n; k++) {
		size_t slave = search_find(s, THING_BLOCK, names.name[k]);

		if (slave)
			below_add(s, b, slave, depth);
		else
			below_unknown(b, ON_ANY);
	}
	for (size_t path = 0; !names.n && !strncmp(name, "nvme", 4) &&
			      (path = nvme_next_path(s, name, path));)
		below_add(s, b, path, depth);
	if (b->verdict != REMAINS && b->n_remain) {
		if (s->has_states && block_survives(s, &s->things[i]))
			*b = (struct below){ .verdict = REMAINS, .n = b->n };
		s->has_states = true;
	}
	if (b->n && !begins_with_one_of(name, layers))
		below_unknown(b, transport_is_known(s, i) ? ON_NET : ON_ANY);
}

static bool disk_works(const struct impact_search *s, const char *name)
{
	static const char *const states[] = { "running", "live", NULL };
	char state[32];

	return sysfs_text(s->dr->root, state, sizeof(state),
			  "sys/class/block/%s/device/state", name) ||
	       word_is_one_of(state, states);
}

static void block_stands(struct impact_search *s, struct below *b, size_t i, int depth)
{
	const struct thing *t;

	if (s->things[i].parent)
		below_add(s, b, s->things[i].parent, depth);
	else if (!is_on_bus(&s->things[i]))
		layer_stands(s, b, i, depth);
	below_add_edges(s, b, i, depth);
	t = &s->things[i];
	if (b->n || t->is_elsewhere)
		return;
	/* It is no other member of an array. */
	if (s->has_states && !disk_works(s, t->name))
		below_unknown(b, 0);
	if (transport_is_known(s, i))
		below_unknown(b, ON_NET);
	else if (!is_on_bus(t) && !begins_with_one_of(t->name, disks_in_memory))
		below_unknown(b, begins_with_one_of(t->name, disks_local) ? ON_HIDDEN
									  : ON_ANY);
}

/* Each lower interface that leads out may be the way, but a bond or team needs one. A tunnel
 * as a port of a bridge has no lower interface, and leads out. */
static void net_stands(struct impact_search *s, struct below *b, size_t i, int depth)
{
	_cleanup_names_ struct kern_names files = { 0 };
	const char *name = s->things[i].name;
	size_t lower;
	bool has_lower;

	search_list(s, &files, KERN_LIST_ALL, "sys/class/net/%s", name);
	for (size_t k = 0; k < files.n; k++) {
		lower = net_linked(s, files.name[k], "lower_");
		if (lower && net_has_link(s, s->things[lower].name) &&
		    (net_leads_out(s, s->things[lower].name) ||
		     !word_is_one_of(net_kind(s, s->things[lower].name), nets_inside)))
			below_add(s, b, lower, depth);
	}
	if (b->n_remain && b->n_remain < b->n &&
	    (net_has(s, name, "bonding") || !strcmp(net_kind(s, name), "team")) &&
	    net_survives(s, &s->things[i]))
		*b = (struct below){ .verdict = REMAINS, .n = 1 };
	has_lower = b->n > 0;
	for (size_t path = 0; !has_lower && (path = net_next_datapath(s, i, path));)
		below_add(s, b, path, depth);
	below_add_edges(s, b, i, depth);
	if (!b->n && !is_on_bus(&s->things[i]))
		below_unknown(b, ON_NET);
}

static int layer_is_shown(struct impact_search *s, const struct mount_entry *m,
			  const char *path, void *to)
{
	(void)to;
	return !block_of_path(s, path) && !mount_of_layer(s, path, m);
}

static void mount_stands(struct impact_search *s, struct below *b, size_t i, int depth)
{
	const struct mount_entry *m = s->things[i].mount;
	size_t block;

	below_add_edges(s, b, i, depth); /* also of a source that names a device */
	if (word_is_one_of(m->type, on_nothing)) {
		/* The root of a container can be in memory, too. */
		if (!strcmp(m->point, "/") && !strcmp(m->type, "tmpfs"))
			below_unknown(b, ON_HIDDEN);
		return;
	}
	if (m->major) {
		block = block_of_number(s, m->major, m->minor);
		if (block)
			below_add(s, b, block, depth);
		else
			below_unknown(b, ON_HIDDEN);
		if (!word_is_one_of(m->type, on_named))
			below_unknown(b, ON_ANY);
	} else if (mount_is_remote(m)) {
		if (!b->n)
			below_unknown(b, ON_NET);
	} else if (mount_is_virtio(m)) {
		if (!b->n && !s->things[i].has_servers)
			below_unknown(b, ON_ANY);
	} else if (!word_is_one_of(m->type, on_local)) {
		below_unknown(b, ON_ANY);
	} else if (!b->n || mount_each_path(s, m, layer_is_shown, NULL)) {
		below_unknown(b, ON_HIDDEN);
	}
}

/* Follow a thing down. */
static enum verdict stands(struct impact_search *s, size_t i, int depth)
{
	struct thing *t = &s->things[i];
	bool is_hidden = t->is_vital &&
			 (s->needs_unknown || (t->type == THING_MOUNT && !t->mount));
	struct below b = { .verdict = is_hidden ? UNKNOWN : REMAINS,
			   .on = is_hidden ? ON_HIDDEN : 0 };

	if (t->verdict == ASKED_NOW || depth > DEPTH_MAX) {
		t->on |= ON_HIDDEN;
		return UNKNOWN;
	}
	if (t->verdict != NOT_ASKED)
		return t->verdict;
	t->verdict = ASKED_NOW;
	if (t->is_lost)
		b.verdict = GONE;
	else if (t->type == THING_BLOCK)
		block_stands(s, &b, i, depth);
	else if (t->type == THING_NET)
		net_stands(s, &b, i, depth);
	else if (t->mount)
		mount_stands(s, &b, i, depth);
	else
		below_add_edges(s, &b, i, depth);
	t = &s->things[i];
	if (t->type == THING_SWAP && !b.n)
		below_unknown(&b, ON_ANY);
	t->verdict = b.verdict;
	t->on |= b.on;
	t->below = b.thing;
	return b.verdict;
}

static void needs_ask(struct impact_search *s)
{
	for (size_t i = 1; i < s->n_things; i++) {
		s->things[i].verdict = NOT_ASKED;
		s->things[i].on = 0;
	}
	for (size_t i = 1; i < s->n_things; i++)
		if (s->things[i].is_vital && s->things[i].type != THING_CONSOLE)
			stands(s, i, 0);
}

/* Read the states of disks only if an array loses a member, in a second pass. */
void needs_prove(struct impact_search *s)
{
	s->is_proof = true;
	needs_ask(s);
	if (s->has_states)
		needs_ask(s);
	s->is_proof = false;
}

/* ---- What a card could carry ---- */

/* Return a lost disk, or share of another machine, that is in use, and whose use is not
 * explained (or any: ON_ANY). */
static size_t disk_that_carries(const struct impact_search *s, int on)
{
	for (size_t i = s->first_lost; i; i = s->things[i].next_lost) {
		const struct thing *t = &s->things[i];

		if (t->type == THING_BLOCK && !t->is_used &&
		    (t->is_split ? t->claim == CLAIM_HELD : t->claim != CLAIM_FREE))
			return i;
		if ((t->type == THING_BLOCK || t->type == THING_FILE_SYSTEM) &&
		    t->is_used && (!t->is_explained || (on & ON_ANY)))
			return i;
		if (t->type == THING_MOUNT && !t->is_vital && !t->mount->major &&
		    strcmp(t->mount->dir, "/") != 0 && !t->is_used)
			return i;
	}
	return 0;
}

static size_t net_that_carries(struct impact_search *s)
{
	for (size_t i = 0; (i = search_next_lost(s, THING_NET, i));)
		if (search_below(s, s->things[i].target) &&
		    net_leads_out(s, s->things[i].name))
			return i;
	return 0;
}

/* Return the name of a lost function that has neither disk nor interface, and which may be
 * for storage, a network or serial ports by its class. */
static const char *card_that_carries(struct impact_search *s)
{
	static const char *const others[] = { "0x03", "0x04", "0x05", "0x06",
					      "0x0b", "0x10", "0x12", NULL };
	char class[32];

	for (size_t i = 0; i < s->n_paths; i++) {
		bool is_known = false;

		for (size_t k = 1; k < s->n_things && !is_known; k++)
			is_known = (s->things[k].type == THING_BLOCK ||
				    s->things[k].type == THING_NET) &&
				   strstr(s->things[k].target, s->paths[i].text);
		if (!is_known &&
		    !sysfs_text(s->dr->root, class, sizeof(class),
				"sys/bus/pci/devices/%s/class", s->paths[i].name))
			is_known = begins_with_one_of(class, others);
		if (!is_known)
			return s->paths[i].name;
	}
	return NULL;
}

/* Return the part of the lost cards on which a need may depend. */
static struct impact_carrier carrier_find(struct impact_search *s, int on)
{
	size_t i = on & (ON_ANY | ON_HIDDEN) ? disk_that_carries(s, on) : 0;

	if (i)
		return (struct impact_carrier){ CARRIER_DISK, s->things[i].chain };
	i = on & (ON_ANY | ON_NET) ? net_that_carries(s) : 0;
	if (i)
		return (struct impact_carrier){ CARRIER_NET, s->things[i].chain };
	return (struct impact_carrier){ CARRIER_CARD, on & (ON_ANY | ON_PORT)
							      ? card_that_carries(s)
							      : NULL };
}

/* The chain of a need: "vda > md0 > vg0-root", or "rpool/ROOT (zfs)". */
static const char *need_chain(struct impact_search *s, size_t need)
{
	const struct mount_entry *m = s->things[need].mount;
	const char *text = NULL;

	if (!s->things[need].below)
		return m ? mem_text(s->mem, "%s (%s)", m->source, m->type)
			 : s->things[need].name;
	for (size_t i = s->things[need].below, n = 0; i && n < DEPTH_MAX;
	     i = s->things[i].below, n++) {
		const struct thing *t = &s->things[i];
		const char *label = t->mount ? t->mount->source : block_label(s, t);

		/* the table of mounts is freed before the report */
		text = text ? mem_text(s->mem, "%s > %s", label, text)
			    : mem_copy(s->mem, label);
	}
	return text;
}

/* ---- Consoles ---- */

size_t terminals_count(struct impact_search *s, bool only_remaining)
{
	_cleanup_names_ struct kern_names names = { 0 };
	char node[64];
	size_t n = 0;

	search_list(s, &names, KERN_LIST_ALL, "sys/bus/vio/devices");
	for (size_t i = 0; i < names.n; i++)
		n += (!only_remaining ||
		      !search_below(s, mem_text(s->mem, "/%s/", names.name[i]))) &&
		     !sysfs_link_name(s->dr->root, node, sizeof(node),
				      "sys/bus/vio/devices/%s/of_node", names.name[i]) &&
		     !strncmp(node, "vty@", 4);
	return n;
}

/* A virtual terminal needs a display that stays. */
static bool has_display(struct impact_search *s)
{
	static const char *const classes[] = { "drm", "graphics" };
	char target[PATH_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		_cleanup_names_ struct kern_names names = { 0 };

		search_list(s, &names, KERN_LIST_ALL, "sys/class/%s", classes[i]);
		for (size_t k = 0; k < names.n; k++)
			if ((!strncmp(names.name[k], "card", 4) ||
			     !strncmp(names.name[k], "fb", 2)) &&
			    !sysfs_link(s->dr->root, target, sizeof(target),
					"sys/class/%s/%s", classes[i], names.name[k]) &&
			    !search_below(s, target))
				return true;
	}
	return false;
}

static enum verdict console_stands(struct impact_search *s, const char *tty)
{
	char target[PATH_MAX], chosen[PATH_MAX];
	const char *unit;

	for (size_t i = 0; (i = search_next_lost(s, THING_CONSOLE, i));)
		if (!strcmp(s->things[i].name, tty))
			return GONE;
	if (!strncmp(tty, "tty", 3) && tty[3] >= '0' && tty[3] <= '9')
		return has_display(s) ? REMAINS : GONE;
	if (!sysfs_link(s->dr->root, target, sizeof(target), "sys/class/tty/%s", tty) &&
	    !strstr(target, "/virtual/"))
		return REMAINS;
	/* hvc0 is the terminal that firmware chose, or else any of the hypervisor. */
	if (strcmp(tty, "hvc0") != 0)
		return UNKNOWN;
	if (console_read_chosen(s->dr->root, chosen, sizeof(chosen)) ||
	    strncmp(chosen, "/vdevice/", 9) != 0 || !(unit = strchr(chosen, '@')))
		return terminals_count(s, true) ? REMAINS : UNKNOWN;
	return search_below(s, mem_text(s->mem, "/%s/", unit + 1)) ? UNKNOWN : REMAINS;
}

static void consoles_decide(struct impact_search *s)
{
	char active[256], *save = NULL;
	const char *unknown = NULL;
	struct impact_carrier by = { 0 };
	bool remains = false;

	if (sysfs_text(s->dr->root, active, sizeof(active),
		       "sys/class/tty/console/active"))
		return;
	for (char *tty = strtok_r(active, " ", &save); tty;
	     tty = strtok_r(NULL, " ", &save)) {
		enum verdict v = console_stands(s, tty);

		remains |= v == REMAINS;
		if (v == UNKNOWN)
			unknown = mem_copy(s->mem, tty);
	}
	if (!remains && unknown)
		by = carrier_find(s, ON_PORT);
	if (remains || (unknown && !by.name))
		return;
	for (size_t i = 0; (i = search_next_lost(s, THING_CONSOLE, i));)
		s->things[i].is_fatal = true;
	if (unknown)
		search_report(s, &(struct dr_impact){ .kind = IMPACT_CONSOLE,
						      .what = unknown,
						      .through = unknown,
						      .carrier = by,
						      .is_fatal = true });
}

void needs_decide(struct impact_search *s)
{
	for (size_t i = 1; i < s->n_things; i++) {
		struct thing *t = &s->things[i];

		if (!t->is_vital || t->type == THING_CONSOLE)
			continue;
		if (t->verdict == UNKNOWN)
			t->carrier = carrier_find(s, t->on);
		t->is_fatal = t->verdict == GONE || t->carrier.name;
	}
	consoles_decide(s);
}

/* Report the needs that are refused and not in the list of losses. */
void needs_report(struct impact_search *s)
{
	for (size_t i = 1; i < s->n_things; i++) {
		const struct thing *t = &s->things[i];

		if (t->is_fatal && !t->is_lost && t->type != THING_CONSOLE)
			search_report(s, &(struct dr_impact){ .kind = t->kind,
							      .what = t->what,
							      .through = need_chain(s, i),
							      .carrier = t->carrier,
							      .is_fatal = true });
	}
}
