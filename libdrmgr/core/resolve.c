// SPDX-License-Identifier: LGPL-2.1-or-later
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/resolve.h"
#include "kern/pci.h"
#include "kern/rtnetlink.h"
#include "kern/sysfs.h"
#include "kern/text.h"

#define NET_DIR "sys/class/net"

/* The connectors that match so far. */
struct match {
	struct connectors *cs;
	const struct dr_ctx *dr;
	const struct kern_root *root;
	const struct connector *first, *last;
	struct dr_error *error; /* error->what lists the indexes */
	size_t n;
	int err; /* a file that could have led to a match could not be read */
	const struct occupant
		*unlisted;     /* the node that the key names, without a connector */
	struct occupant child; /* of match_child() */
};

/* Note the error of a reading. */
static void match_note(struct match *m, int err)
{
	if (err < 0 && kern_read_failure(err))
		m->err = err;
}

static void match_add(struct match *m, const struct connector *c)
{
	size_t used = strlen(m->error->what);

	if (!c || c == m->first || c == m->last)
		return;
	if (!m->n++)
		m->first = c;
	m->last = c;
	snprintf(m->error->what + used, sizeof(m->error->what) - used, "%s0x%08x",
		 used ? ", " : "", c->drc.index);
}

static bool parse_number(const char *text, int base, uint32_t *v)
{
	unsigned long n;
	char *end;

	errno = 0;
	n = strtoul(text, &end, base);
	*v = (uint32_t)n;
	return *text >= '0' && *text <= '9' && !*end && !errno && n <= UINT32_MAX;
}

bool resolve_index(const char *key, uint32_t *index)
{
	return !strncmp(key, "0x", 2) && key[2] && parse_number(key, 16, index);
}

const char *resolve_text(uint32_t index, char text[RESOLVE_TEXT_MAX])
{
	snprintf(text, RESOLVE_TEXT_MAX, "0x%08x", index);
	return text;
}

static void match_name(struct match *m, const char *name, size_t len)
{
	for (size_t i = 0; i < m->cs->n; i++)
		if (strlen(m->cs->list[i].drc.name) == len &&
		    !memcmp(m->cs->list[i].drc.name, name, len))
			match_add(m, &m->cs->list[i]);
}

static void match_occupant(struct match *m, const struct occupant *o)
{
	size_t n = m->n;

	for (size_t i = 0; i < m->cs->n; i++)
		if (m->cs->list[i].drc.index == o->index &&
		    m->cs->list[i].parent == o->parent)
			match_add(m, &m->cs->list[i]);
	if (m->n == n && !m->unlisted)
		m->unlisted = o;
}

static void match_location(struct match *m, const char *code)
{
	for (size_t i = 0; i < m->cs->n_occupants; i++)
		if (m->cs->occupants[i].loc_code &&
		    !strcmp(m->cs->occupants[i].loc_code, code))
			match_occupant(m, &m->cs->occupants[i]);
}

/* The same if the occupants are not read. A parent is after those above it. */
static void match_child(struct match *m, const char *node)
{
	m->child.parent = NULL;
	for (size_t i = 0; i < m->cs->n_parents; i++) {
		const struct drc_parent *parent = m->cs->parents[i];
		size_t len = strlen(parent->path) + 1;
		const char *path;
		uint32_t index;
		int err;

		if (!pci_node_is_under(node, parent->path) || strlen(node) <= len)
			continue;
		path = mem_copy_n(m->cs->mem, node, len + strcspn(node + len, "/"));
		err = mem_check(m->cs->mem);
		if (!err)
			err = prop_u32(m->root, path, "ibm,my-drc-index", &index);
		match_note(m, err);
		if (!err)
			m->child = (struct occupant){ .parent = parent, .index = index };
	}
	if (m->child.parent)
		match_occupant(m, &m->child);
}

/* Match the occupant that is this node, or the nearest one above it. */
static void match_node(struct match *m, const char *node)
{
	const struct occupant *nearest = NULL;

	if (m->cs->is_unread)
		match_child(m, node);
	for (size_t i = 0; i < m->cs->n_occupants; i++) {
		const struct occupant *o = &m->cs->occupants[i];

		if (pci_node_is_under(node, o->path) &&
		    (!nearest || strlen(o->path) > strlen(nearest->path)))
			nearest = o;
	}
	if (nearest)
		match_occupant(m, nearest);
}

static void match_path(struct match *m, const char *path)
{
	static const char *const bases[] = { "/proc/device-tree",
					     "/sys/firmware/devicetree/base" };
	int found;

	for (size_t i = 0; i < ARRAY_SIZE(bases); i++)
		if (!strncmp(path, bases[i], strlen(bases[i])) &&
		    path[strlen(bases[i])] == '/')
			path += strlen(bases[i]);
	found = node_exists(m->root, path);
	match_note(m, found);
	if (found > 0)
		match_node(m, path);
}

/* ---- Names of Linux ---- */

/* Match the node of a device, or of the nearest device above it that has one. */
static void match_device(struct match *m, const char *device)
{
	char path[PATH_MAX], node[PATH_MAX], *slash;
	int err;

	snprintf(path, sizeof(path), "%s", device);
	while (strcmp(path, "sys/devices") && (slash = strrchr(path, '/'))) {
		err = sysfs_of_node(m->root, path, node, sizeof(node));
		match_note(m, err);
		if (!err)
			match_node(m, node);
		if (!err || m->err)
			return;
		*slash = '\0';
	}
}

/* A namespace with multipath belongs to no controller, but to a subsystem that lists its
 * controllers: .../nvme-subsystem/nvme-subsys0/nvme0. */
static void match_nvme_paths(struct match *m, const char *device)
{
	static const char subsystem[] = "/nvme-subsystem/";
	_cleanup_names_ struct kern_names names = { 0 };
	_cleanup_free_ char *dir = strdup(device);
	char *end = dir ? strstr(dir, subsystem) : NULL;

	end = end ? strchr(end + strlen(subsystem), '/') : NULL;
	if (!end)
		return;
	*end = '\0';
	match_note(m, kern_list(m->root, dir, KERN_LIST_ALL, &names));
	for (size_t i = 0; i < names.n; i++) {
		_cleanup_free_ char *link = text_of("%s/%s", dir, names.name[i]);
		char path[PATH_MAX], text[PATH_MAX];

		if (!strncmp(names.name[i], "nvme", 4) && link &&
		    !kern_readlink(m->root, link, text, sizeof(text)) &&
		    !kern_resolve(m->root, link, path, sizeof(path)))
			match_device(m, path);
	}
}

static void match_in_folder(struct match *m, const char *folder, const char *name)
{
	_cleanup_free_ char *link = text_of("%s/%s", folder, name);
	int found = link ? kern_exists(m->root, link) : -ENOMEM;
	char path[PATH_MAX];

	match_note(m, found);
	if (found <= 0 || kern_resolve(m->root, link, path, sizeof(path)))
		return;
	match_device(m, path);
	match_nvme_paths(m, path);
}

static void match_linux_name(struct match *m, const char *name)
{
	static const char *const dirs[] = { NET_DIR,
					    "sys/class/block",
					    "sys/class/nvme",
					    "sys/devices/system/cpu",
					    "sys/bus/pci/devices",
					    "sys/bus/vio/devices" };

	for (size_t i = 0; !m->n && i < ARRAY_SIZE(dirs); i++)
		match_in_folder(m, dirs[i], name);
}

/* Match an alternative name of an interface, which only the kernel knows. */
static void match_alternative_name(struct match *m, const char *name)
{
	const struct net_facts *net = m->dr->net;
	char interface[NET_NAME_BYTES];

	if (net && !net->name_of(net->priv, name, interface))
		match_in_folder(m, NET_DIR, interface);
}

/* ---- A key ---- */

static void match_key(struct match *m, const char *key, enum resolve_rules rules)
{
	const char *slash = strrchr(key, '/');
	uint32_t index;

	match_name(m, key, strlen(key));
	if (!m->n && slash)
		match_name(m, key, (size_t)(slash - key));
	if (!m->n && *key == '/')
		match_path(m, key);
	if (!m->n && *key && !slash && *key != '.')
		match_linux_name(m, key);
	if (!m->n && m->cs->is_unread)
		match_note(m, connectors_read_occupants(m->cs, m->dr, NULL));
	if (!m->n)
		match_location(m, key);
	if (!m->n && !(rules & RESOLVE_NO_DIGITS) && parse_number(key, 10, &index))
		match_add(m, connectors_by_index(m->cs, index));
	if (!m->n && !m->err && *key && !slash)
		match_alternative_name(m, key);
}

const struct occupant *connectors_find_unlisted(struct connectors *cs,
						const struct dr_ctx *dr, const char *key)
{
	struct dr_error error = { 0 };
	struct match m = { .cs = cs, .dr = dr, .root = dr->root, .error = &error };
	uint32_t index;

	if (!resolve_index(key, &index)) {
		match_key(&m, key, RESOLVE_NO_DIGITS);
		return m.n ? NULL : m.unlisted;
	}
	for (size_t i = 0; i < cs->n_occupants; i++)
		if (cs->occupants[i].index == index && !connectors_by_index(cs, index))
			return &cs->occupants[i];
	return NULL;
}

int connectors_find(struct connectors *cs, const struct dr_ctx *dr, const char *key,
		    enum resolve_rules rules, const struct connector **found,
		    struct dr_error *error)
{
	struct match m = { .cs = cs, .dr = dr, .root = dr->root, .error = error };
	bool by_index = !strncmp(key, "0x", 2);
	uint32_t index;

	*error = (struct dr_error){ 0 };
	if (!by_index)
		match_key(&m, key, rules);
	else if (resolve_index(key, &index))
		match_add(&m, connectors_by_index(cs, index));

	*found = m.first;
	if (m.n == 1) {
		*error = (struct dr_error){ 0 };
		m.err = cs->is_unread ? connectors_read_occupants(cs, dr, m.first) : 0;
		if (m.err)
			dr_error_read(error, dr->root, DR_FAULT_NO_SLOTS, m.err);
		return m.err;
	}
	if (m.n > 1) {
		error->fault = DR_FAULT_AMBIGUOUS;
		return error->err = -ENOTUNIQ;
	}
	if (m.err) {
		dr_error_read(error, dr->root, DR_FAULT_UNKNOWN, m.err);
		return m.err;
	}
	error->fault = by_index ? DR_FAULT_NO_INDEX : DR_FAULT_UNKNOWN;
	snprintf(error->what, sizeof(error->what), "%s", key);
	return error->err = -ENOENT;
}
