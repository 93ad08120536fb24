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

static void adapter_free(void *p)
{
	struct adapter *adapter = p;

	if (!adapter)
		return;
	free(adapter->dir);
	free(adapter->node);
	free(adapter->key);
	free(adapter->found_in);
	free(adapter);
}

void adapters_clear(struct adapters *adapters)
{
	tdestroy(adapters->known, adapter_free);
	adapters->known = NULL;
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

static void adapter_find_node(struct source *src, struct adapter *adapter, char *dir)
{
	char node[PATH_MAX];
	struct path path;
	char *slash;

	while ((slash = strrchr(dir, '/')) && slash > dir + strlen("sys/devices")) {
		if (adapter_read_node(src, dir, node, sizeof(node)) &&
		    !path_parse(node, &path)) {
			adapter->node = strdup(node);
			adapter->key = strdup(path.key);
			adapter->found_in = strdup(dir);
			return;
		}
		if (adapter_is_pci_function(slash + 1))
			return;
		*slash = '\0';
	}
}

const struct adapter *adapter_of(struct adapters *adapters, struct source *src,
				 const char *dir, size_t len)
{
	char text[PATH_MAX];
	struct adapter wanted = { .dir = text }, *made, **found;

	snprintf(text, sizeof(text), "%.*s", (int)len, dir);
	found = tfind(&wanted, &adapters->known, adapter_compare);
	if (found)
		return *found;

	made = calloc(1, sizeof(*made));
	if (!made)
		return NULL;
	made->dir = strdup(text);
	if (made->dir)
		adapter_find_node(src, made, text);
	if (!made->dir || (made->node && (!made->key || !made->found_in)) ||
	    !tsearch(made, &adapters->known, adapter_compare)) {
		adapter_free(made);
		return NULL;
	}
	return made;
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

const struct adapter *adapter_of_place(struct adapters *adapters, struct source *src,
				       const struct place *place)
{
	const char *slash = strrchr(place->via, '/');

	if (slash)
		return adapter_of(adapters, src, place->via,
				  (size_t)(slash - place->via));
	return adapter_of(adapters, src, place->dir, adapter_search_begin(place));
}
