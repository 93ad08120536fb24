// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>

#include <libfdt.h>

#include "vmm/state/state.h"
#include "vmm/tree/fdt_out.h"
#include "vmm/tree/tree.h"
#include "wire/fdt_check.h"

/* Save the tree. Free space after it, which a client may fill later, holds only zeroes
 * and is trimmed. */
static void save(const struct papr_vmm *vmm, struct builder *b)
{
	const struct tree *tree = tree_of(vmm);

	builder_be32(b, (uint32_t)tree->initial_size);
	builder_be32(b, (uint32_t)tree->size);
	state_put_trimmed(b, tree->fdt, tree->fdt ? tree->size : 0);
}

static void discard(void *loaded)
{
	tree_free(loaded);
	free(loaded);
}

static int load_tree(struct cursor *c, struct tree *tree)
{
	tree->initial_size = cursor_be32(c);
	tree->size = cursor_be32(c);
	if (c->err || tree->initial_size > FDT_OUT_MAX || tree->size > FDT_OUT_MAX ||
	    tree->size < sizeof(struct fdt_header))
		return -EBADMSG;
	tree->fdt = malloc(tree->size);
	if (!tree->fdt)
		return -ENOMEM;
	state_get_trimmed(c, tree->fdt, tree->size);
	if (c->err || cursor_left(c) || fdt_check(tree->fdt, tree->size))
		return -EBADMSG;
	return 0;
}

static int load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		struct papr_error *error)
{
	struct tree *tree = calloc(1, sizeof(*tree));
	int err;

	(void)vmm, (void)error;
	if (!tree)
		return -ENOMEM;
	err = load_tree(c, tree);
	if (err)
		discard(tree);
	else
		*loaded = tree;
	return err;
}

static void apply(struct papr_vmm *vmm, void *loaded)
{
	const struct tree *tree = loaded;

	tree_free(tree_of(vmm));
	*tree_of(vmm) = *tree;
	free(loaded);
}

const struct state_section state_tree = {
	.tag = "TREE", .save = save, .load = load, .apply = apply, .discard = discard
};
