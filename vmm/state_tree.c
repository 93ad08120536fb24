// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>

#include "vmm/state.h"

static void save(const struct papr_vmm *vmm, struct builder *b)
{
	const struct tree *tree = &vmm->tree;

	builder_be32(b, (uint32_t)tree->initial_size);
	builder_bytes(b, tree->fdt, tree->fdt ? tree->size : 0);
}

static void discard(void *loaded)
{
	tree_free(loaded);
	free(loaded);
}

/* There may be room behind the tree, which a client of the firmware fills. */
static bool is_whole(const struct tree *tree)
{
	return tree->size <= FDT_OUT_MAX && !fdt_check_full(tree->fdt, tree->size);
}

static int load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		struct papr_error *error)
{
	struct tree *tree;
	size_t initial_size = cursor_be32(c), size = cursor_left(c);

	(void)vmm, (void)error;
	if (initial_size > FDT_OUT_MAX || size < sizeof(struct fdt_header))
		return -EBADMSG;
	tree = calloc(1, sizeof(*tree));
	if (!tree)
		return -ENOMEM;
	tree->initial_size = initial_size;
	tree->size = size;
	tree->fdt = malloc(size);
	if (tree->fdt)
		memcpy(tree->fdt, cursor_bytes(c, size), size);
	if (!tree->fdt || !is_whole(tree)) {
		int err = tree->fdt ? -EBADMSG : -ENOMEM;

		discard(tree);
		return err;
	}
	*loaded = tree;
	return 0;
}

static void apply(struct papr_vmm *vmm, void *loaded)
{
	const struct tree *tree = loaded;

	tree_free(&vmm->tree);
	vmm->tree = *tree;
	free(loaded);
}

const struct state_section state_tree = {
	.tag = "TREE", .save = save, .load = load, .apply = apply, .discard = discard
};
