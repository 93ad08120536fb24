// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "wire/fdt_index.h"

struct fdt_index_node {
	int parent, node;
	int open; /* while the index is made: the node above at this depth */
	int len;
	const char *name;
	uint32_t handle;
};

uint32_t fdt_index_handle(const void *fdt, int node)
{
	int len;
	const void *own = fdt_getprop(fdt, node, "ibm,phandle", &len);
	uint32_t handle = own && len == 4 ? fdt32_ld(own) : fdt_get_phandle(fdt, node);

	return handle == UINT32_MAX ? 0 : handle;
}

static int fdt_index_compare(const void *a, const void *b)
{
	const struct fdt_index_node *x = a, *y = b;
	int order = (x->parent > y->parent) - (x->parent < y->parent);

	if (!order)
		order = memcmp(x->name, y->name,
			       (size_t)(x->len < y->len ? x->len : y->len));
	return order ? order : x->len - y->len;
}

int fdt_index_make(struct fdt_index *index, const void *fdt)
{
	size_t n = 0;
	int node, depth = 0;

	for (node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL))
		n++;
	*index = (struct fdt_index){ .fdt = fdt,
				     .nodes = calloc(n, sizeof(*index->nodes)) };
	if (!index->nodes)
		return -ENOMEM;
	for (node = 0; node >= 0 && depth >= 0; node = fdt_next_node(fdt, node, &depth)) {
		struct fdt_index_node *own = &index->nodes[index->n++];

		index->nodes[depth].open = node;
		own->node = node;
		own->parent = depth ? index->nodes[depth - 1].open : -1;
		own->name = fdt_get_name(fdt, node, &own->len);
		own->handle = fdt_index_handle(fdt, node);
		if (own->handle > index->largest)
			index->largest = own->handle;
	}
	qsort(index->nodes, index->n, sizeof(*index->nodes), fdt_index_compare);
	return 0;
}

void fdt_index_free(struct fdt_index *index)
{
	free(index->nodes);
	*index = (struct fdt_index){ 0 };
}

static int fdt_index_find(const struct fdt_index *index, int node, const char *name,
			  size_t len, bool is_short)
{
	struct fdt_index_node key = { .parent = node, .name = name, .len = (int)len };
	const struct fdt_index_node *found =
		bsearch(&key, index->nodes, index->n, sizeof(key), fdt_index_compare);

	if (found)
		return found->node;
	if (is_short && !memchr(name, '@', len))
		node = fdt_subnode_offset_namelen(index->fdt, node, name, (int)len);
	else
		node = -ENODEV;
	return node < 0 ? -ENODEV : node;
}

int fdt_index_child(const struct fdt_index *index, int parent, const void *fdt, int node,
		    bool is_short)
{
	int len;
	const char *name = fdt_get_name(fdt, node, &len);

	return fdt_index_find(index, parent, name, (size_t)len, is_short);
}

int fdt_index_at(const struct fdt_index *index, const char *path, size_t len,
		 bool is_short)
{
	const char *end = path + len;
	int node = 0;

	for (; node >= 0 && path < end; path += len + 1) {
		const char *slash = memchr(path, '/', (size_t)(end - path));

		len = (size_t)((slash ? slash : end) - path);
		if (len)
			node = fdt_index_find(index, node, path, len, is_short);
	}
	return node;
}

int fdt_index_owner(const struct fdt_index *index, uint32_t handle)
{
	for (size_t i = 0; handle && i < index->n; i++)
		if (index->nodes[i].handle == handle)
			return index->nodes[i].node;
	return -ENODEV;
}
