// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ofpathtool/adapter.h"
#include "ofpathtool/path.h"

#define OF_BASE "firmware/devicetree/base"

static int adapter_compare(const void *a, const void *b)
{
	return strcmp(((const struct adapter *)a)->dir, ((const struct adapter *)b)->dir);
}

/* The adapter is in the cache's memory. */
static void adapter_keep(void *adapter)
{
	(void)adapter;
}

void adapters_clear(struct ofp *h)
{
	tdestroy(h->cache.adapters, adapter_keep);
}

/* Read the node's path from the link of_node. Older kernels have its path in the file
 * devspec: "(null)" for a device without a node. */
static bool adapter_read_node(struct source *src, const char *dir, char *node,
			      size_t size)
{
	char path[PATH_MAX], text[PATH_MAX];
	const char *base = NULL;

	if ((size_t)snprintf(path, sizeof(path), "%s/of_node", dir) < sizeof(path) &&
	    !source_link(src, path, text, sizeof(text)))
		base = strstr(text, OF_BASE "/");
	if (base)
		snprintf(node, size, "%s", base + strlen(OF_BASE));
	else if (source_text(src, node, size, "%s/devspec", dir))
		return false;
	return tree_is_path(node) && strlen(node) < OFP_PATH_MAX &&
	       tree_has(src, node, "");
}

/* Return true for a name such as "0001:00:03.0". Its parent directories belong to a
 * bridge. */
static bool adapter_is_pci_function(const char *name)
{
	static const char form[] = "xxxx:xx:xx.x";
	size_t i;

	for (i = 0; form[i] && name[i]; i++)
		if (form[i] == 'x' ? !isxdigit((unsigned char)name[i])
				   : name[i] != form[i])
			return false;
	return !form[i] && !name[i];
}

static void adapter_find_node(struct ofp *h, struct adapter *adapter, char *dir)
{
	char node[PATH_MAX];
	struct path path;
	char *slash;

	while ((slash = strrchr(dir, '/')) && slash > dir + strlen("sys/devices")) {
		if (adapter_read_node(&h->src, dir, node, sizeof(node)) &&
		    !path_parse(node, &path)) {
			adapter->node = mem_copy(&h->cache.mem, node);
			adapter->key = mem_copy(&h->cache.mem, path.key);
			adapter->found_in = mem_copy(&h->cache.mem, dir);
			return;
		}
		if (adapter_is_pci_function(slash + 1))
			return;
		*slash = '\0';
	}
}

/* Return a new adapter, or NULL without memory. */
static struct adapter **adapter_add(struct ofp *h, char *dir)
{
	struct adapter *adapter = mem_new(&h->cache.mem, struct adapter), **added = NULL;

	adapter->dir = mem_copy(&h->cache.mem, dir);
	adapter_find_node(h, adapter, dir);
	if (!mem_check(&h->cache.mem))
		added = tsearch(adapter, &h->cache.adapters, adapter_compare);
	if (!added)
		mem_fail(&h->cache.mem);
	return added;
}

const struct adapter *adapter_of(struct ofp *h, const char *dir, size_t len)
{
	char text[PATH_MAX];
	struct adapter wanted = { .dir = text }, **found;

	snprintf(text, sizeof(text), "%.*s", (int)len, dir);
	found = tfind(&wanted, &h->cache.adapters, adapter_compare);
	if (!found)
		found = adapter_add(h, text);
	return found && (*found)->node ? *found : NULL;
}

/* Return the end of the path of the component's parent directory. */
static size_t adapter_parent_end(struct span span)
{
	return span.begin - 1;
}

static size_t adapter_search_begin(const struct place *place)
{
	const char *net;

	if (place->usb_root.end)
		return adapter_parent_end(place->usb_root);
	if (place->virtio.end)
		return adapter_parent_end(place->virtio);
	if (place->ata.end)
		return adapter_parent_end(place->ata);
	if (place->host.end)
		return adapter_parent_end(place->host);
	if (place->nvme.end)
		return adapter_parent_end(place->nvme);
	net = place->kind == PLACE_NET ? strstr(place->dir, "/net/") : NULL;
	return net ? (size_t)(net - place->dir) : strlen(place->dir);
}

const struct adapter *adapter_of_place(struct ofp *h, const struct place *place)
{
	const char *slash = strrchr(place->via, '/');

	if (slash)
		return adapter_of(h, place->via, (size_t)(slash - place->via));
	return adapter_of(h, place->dir, adapter_search_begin(place));
}
