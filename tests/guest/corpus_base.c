// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <stdio.h>
#include <string.h>

#include <libfdt.h>

#include "tests/guest/corpus.h"

#define ID "corpus-base-"

enum { BLOB_NODES = 1000 /* below OVERLAY_NODES_MAX */ };

static void base_flush(struct corpus_base *base)
{
	char reason[CORPUS_REASON_BYTES], newest[OVERLAY_ID_MAX + 1];
	int error;

	if (!base->is_open)
		return;
	error = corpus_write_built(&base->b);
	corpus_read(reason, newest);
	if (error)
		errx(2, "a base cannot be added: %s: %s", strerrorname_np(error), reason);
	base->is_open = false;
	base->blobs++;
}

/* Make room for nodes below parent, in this blob or in the next one. */
static void base_room(struct corpus_base *base, unsigned int nodes, const char *parent)
{
	char id[OVERLAY_ID_MAX];

	if (base->nodes + nodes > BLOB_NODES ||
	    base->b.fragments == OVERLAY_FRAGMENTS_MAX)
		base_flush(base);
	if (!base->is_open) {
		snprintf(id, sizeof(id), ID "%u", base->blobs);
		overlay_build_begin(&base->b, id, 0, NULL);
		base->is_open = true;
		base->nodes = 0;
		*base->parent = '\0';
	}
	if (strcmp(parent, base->parent) != 0) {
		overlay_build_fragment(&base->b, OVERLAY_ADD, parent, NULL, 0);
		snprintf(base->parent, sizeof(base->parent), "%s", parent);
	}
	base->nodes += nodes;
}

/* Return true if a top node gets another name, in the tree and in the paths of labels: the
 * guest has such a node, or the kernel reads it. */
static bool is_renamed(const struct corpus_base *base, const char *name, int len)
{
	static const char *const kernels[] = { "aliases", "chosen", "cpus", "memory" };

	if (len == 11 && !strncmp(name, "__symbols__", 11))
		return false;
	for (size_t i = 0; i < sizeof(kernels) / sizeof(*kernels); i++)
		if (!strncmp(name, kernels[i], strlen(kernels[i])))
			return true;
	return fdt_subnode_offset_namelen(base->guest, 0, name, len) >= 0;
}

static void put_label(struct corpus_base *base, const char *label, const char *path)
{
	char renamed[CORPUS_PATH_BYTES];
	size_t len = strcspn(path + 1, "/");

	snprintf(renamed, sizeof(renamed), "/%s%s",
		 is_renamed(base, path + 1, (int)len) ? "corpus-" : "", path + 1);
	overlay_build_property(&base->b, label, renamed, strlen(renamed) + 1);
}

/* Copy the properties except device_type: the kernel acts on nodes of some types. */
static void put_properties(struct corpus_base *base, int node, bool is_symbols)
{
	const char *name;
	const void *value;
	int at, len;

	fdt_for_each_property_offset(at, base->fdt, node) {
		value = fdt_getprop_by_offset(base->fdt, at, &name, &len);
		if (!value)
			errx(2, "a damaged base");
		if (is_symbols)
			put_label(base, name, value);
		else if (strcmp(name, "device_type") != 0)
			overlay_build_property(&base->b, name, value, (size_t)len);
	}
}

static void put_node(struct corpus_base *base, int node, const char *name)
{
	int child;

	overlay_build_node(&base->b, name);
	put_properties(base, node, !strcmp(name, "__symbols__"));
	fdt_for_each_subnode(child, base->fdt, node)
		put_node(base, child, fdt_get_name(base->fdt, child, NULL));
	overlay_build_node_end(&base->b);
}

unsigned int corpus_count_nodes(const void *fdt, int node)
{
	unsigned int n = 1;
	int child;

	fdt_for_each_subnode(child, fdt, node)
		n += corpus_count_nodes(fdt, child);
	return n;
}

/* Add a subtree. If it exceeds a blob, add the node first, then each child. */
static void add_below(struct corpus_base *base, int node, const char *parent,
		      const char *name)
{
	unsigned int n = corpus_count_nodes(base->fdt, node);
	char path[CORPUS_PATH_BYTES];
	int child;

	base_room(base, n > BLOB_NODES ? 1 : n, *parent ? parent : "/");
	if (n <= BLOB_NODES) {
		put_node(base, node, name);
		return;
	}
	overlay_build_node(&base->b, name);
	put_properties(base, node, false);
	overlay_build_node_end(&base->b);
	base_flush(base);
	snprintf(path, sizeof(path), "%s/%s", parent, name);
	fdt_for_each_subnode(child, base->fdt, node)
		add_below(base, child, path, fdt_get_name(base->fdt, child, NULL));
}

/* Each base gets a /__symbols__: libfdt adds a missing one, the file does not. */
void corpus_base_add(struct corpus_base *base, const void *fdt, const void *guest)
{
	char name[CORPUS_PATH_BYTES];
	const char *own;
	int node;

	*base = (struct corpus_base){ .fdt = fdt, .guest = guest };
	fdt_for_each_subnode(node, fdt, 0) {
		own = fdt_get_name(fdt, node, NULL);
		snprintf(name, sizeof(name), "%s%s",
			 is_renamed(base, own, (int)strlen(own)) ? "corpus-" : "", own);
		add_below(base, node, "", name);
	}
	if (fdt_subnode_offset(fdt, 0, "__symbols__") < 0) {
		base_room(base, 1, "/");
		overlay_build_node(&base->b, "__symbols__");
		overlay_build_node_end(&base->b);
	}
	base_flush(base);
}

void corpus_base_remove(struct corpus_base *base)
{
	char id[OVERLAY_ID_MAX];

	while (base->blobs) {
		snprintf(id, sizeof(id), ID "%u", --base->blobs);
		corpus_revert(id);
	}
}
