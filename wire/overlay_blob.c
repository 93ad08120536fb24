// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "wire/dt_name.h"
#include "wire/overlay_blob.h"

/* Return the length of the parent's path; 0 is the root. */
static size_t overlay_blob_parent_len(const char *path)
{
	return (size_t)(strrchr(path, '/') - path);
}

static bool overlay_blob_have_one_parent(const char *a, const char *b)
{
	size_t len = overlay_blob_parent_len(a);

	return len == overlay_blob_parent_len(b) && !strncmp(a, b, len);
}

static int overlay_blob_begin_fragment(struct overlay_build *b, const char *path)
{
	size_t len = overlay_blob_parent_len(path);
	char *parent = len ? strndup(path, len) : strdup("/");

	if (!parent)
		return -ENOMEM;
	overlay_build_fragment(b, OVERLAY_ADD, parent, NULL, 0);
	free(parent);
	return 0;
}

static int overlay_blob_add_node(struct overlay_build *b, const struct fdt_frag *frag,
				 const struct overlay_node *node,
				 const struct overlay_node *before)
{
	int err = dt_path_is_ok(node->path) ? 0 : -EINVAL;

	if (!err && (!before || !overlay_blob_have_one_parent(before->path, node->path)))
		err = overlay_blob_begin_fragment(b, node->path);
	if (!err)
		overlay_build_tree(b, frag->fdt, node->offset);
	return err;
}

/* Complete the blob. Its nodes are within the limits of the file, as those of each
 * fragment (fdt_frag.h). */
static int overlay_blob_end(struct overlay_build *b, int err)
{
	if (!err && !b->fragments)
		err = -EINVAL;
	if (!err && b->fragments > OVERLAY_FRAGMENTS_MAX)
		err = -E2BIG;
	return err ? err : overlay_build_end(b);
}

int overlay_blob_add(struct overlay_build *b, const struct fdt_frag *frag,
		     const struct overlay_node *nodes, size_t n)
{
	int err = 0;

	overlay_build_begin(b, NULL, OVERLAY_TRANSIENT, NULL);
	for (size_t i = 0; !err && i < n; i++)
		err = overlay_blob_add_node(b, frag, &nodes[i], i ? &nodes[i - 1] : NULL);
	return overlay_blob_end(b, err);
}

int overlay_blob_remove(struct overlay_build *b, const char *const *paths, size_t n)
{
	int err = 0;

	overlay_build_begin(b, NULL, OVERLAY_TRANSIENT, NULL);
	for (size_t i = 0; !err && i < n; i++) {
		err = dt_path_is_ok(paths[i]) && paths[i][1] ? 0 : -EINVAL;
		if (!err)
			overlay_build_fragment(b, OVERLAY_REMOVE_NODE, paths[i], NULL, 0);
	}
	return overlay_blob_end(b, err);
}
