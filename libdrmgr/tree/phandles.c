// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "libdrmgr/core/connector.h"
#include "libdrmgr/tree/phandles.h"
#include "kern/ofdt.h"
#include "kern/prop.h"

static int phandles_add(struct phandles *p, const struct kern_root *root,
			const char *node)
{
	uint32_t phandle;
	int err = ofdt_phandle(root, node, &phandle);

	if (err)
		return kern_read_failure(err);
	number_map_add(&p->mem, &p->map, phandle, p->n);
	*vec_add(&p->mem, p->nodes, p->n) = node;
	return mem_check(&p->mem);
}

/* Add a node and the nodes below it. A node that is removed meanwhile has no phandle. */
static int phandles_add_tree(struct phandles *p, const struct kern_root *root,
			     const char *node)
{
	_cleanup_names_ struct kern_names children = { 0 };
	int err = phandles_add(p, root, node);

	if (!err)
		err = kern_read_failure(node_children(root, node, &children));
	for (size_t i = 0; !err && i < children.n; i++)
		err = phandles_add_tree(p, root,
					node_child(&p->mem, node, children.name[i]));
	return err;
}

int phandles_read(struct phandles *p, const struct kern_root *root)
{
	int err;

	*p = (struct phandles){ 0 };
	err = node_exists(root, "/");
	if (err <= 0)
		return err ? err : -ENOENT;
	err = phandles_add_tree(p, root, "/");
	if (!err)
		number_map_sort(&p->map);
	return err;
}

void phandles_free(struct phandles *p)
{
	mem_end(&p->mem);
	*p = (struct phandles){ 0 };
}

const char *phandles_find(const struct phandles *p, uint32_t phandle)
{
	size_t at;

	return number_map_find(&p->map, phandle, &at) ? p->nodes[at] : NULL;
}
