// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kern/text.h"
#include "ofpathtool/hfi.h"
#include "ofpathtool/path.h"

#define HFI_NODE "hfi-ethernet"

enum { TREE_DEPTH_MAX = 16 };

struct ends {
	char *first, *last;
};

static void hfi_free_ends(struct ends *ends)
{
	if (ends->last != ends->first)
		free(ends->last);
	free(ends->first);
}

/* Find the first and the last node, in the order of their paths. */
static void hfi_find_ends(struct source *src, const char *node, unsigned depth,
			  struct ends *ends)
{
	_cleanup_names_ struct kern_names children = { 0 };

	if (depth > TREE_DEPTH_MAX || tree_children(src, &children, node))
		return;
	for (size_t i = 0; i < children.n; i++) {
		char *child = text_of("%s/%s", node, children.name[i]);

		if (!child)
			return;
		if (strncmp(children.name[i], HFI_NODE, strlen(HFI_NODE)) ||
		    !tree_has(src, child, "")) {
			hfi_find_ends(src, child, depth + 1, ends);
			free(child);
			continue;
		}
		if (ends->last != ends->first)
			free(ends->last);
		ends->last = child;
		if (!ends->first)
			ends->first = child;
	}
}

bool hfi_is_name(const char *name)
{
	return !strncmp(name, "hf", 2) && name[2] >= '0' && name[2] <= '9' && !name[3];
}

int hfi_from_device(struct ofp *h, const char *name, struct results *results)
{
	struct ends ends = { NULL, NULL };
	int err = OFP_ENOPATH;

	if (name[2] <= '3')
		hfi_find_ends(&h->src, "", 0, &ends);
	if (ends.first)
		err = results_add_node(results, name,
				       (name[2] - '0') % 2 ? ends.last : ends.first,
				       "hfi");
	hfi_free_ends(&ends);
	return err;
}

static bool hfi_is_node(const char *node, const char *key)
{
	struct path path;
	bool loose;

	return node && !path_parse(node, &path) && path_is(key, path.key, &loose);
}

int hfi_to_device(struct ofp *h, const char *key, struct results *results)
{
	struct ends ends = { NULL, NULL };
	int err = 0;

	if (!strstr(key, "/" HFI_NODE))
		return 0;
	hfi_find_ends(&h->src, "", 0, &ends);
	if (hfi_is_node(ends.first, key))
		err = results_add_node(results, "hf0", ends.first, "hfi");
	else if (hfi_is_node(ends.last, key))
		err = results_add_node(results, "hf1", ends.last, "hfi");
	hfi_free_ends(&ends);
	return err;
}
