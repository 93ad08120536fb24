// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "ofpathtool/hfi.h"
#include "ofpathtool/path.h"

#define HFI_NODE "hfi-ethernet"

enum { TREE_DEPTH_MAX = 16 };

struct ends {
	const char *first, *last;
};

/* Find the first and the last node, in the order of their paths. */
static void hfi_find_ends(struct ofp *h, const char *node, unsigned depth,
			  struct ends *ends)
{
	_cleanup_names_ struct kern_names children = { 0 };

	if (depth > TREE_DEPTH_MAX || tree_children(&h->src, &children, node))
		return;
	for (size_t i = 0; i < children.n && !mem_check(&h->mem); i++) {
		const char *child = mem_text(&h->mem, "%s/%s", node, children.name[i]);

		if (strncmp(children.name[i], HFI_NODE, strlen(HFI_NODE)) ||
		    !tree_has(&h->src, child, "")) {
			hfi_find_ends(h, child, depth + 1, ends);
			continue;
		}
		ends->last = child;
		if (!ends->first)
			ends->first = child;
	}
}

bool hfi_is_name(const char *name)
{
	return !strncmp(name, "hf", 2) && name[2] >= '0' && name[2] <= '9' && !name[3];
}

void hfi_from_device(const char *name, struct results *results)
{
	struct ends ends = { NULL, NULL };

	if (name[2] <= '3')
		hfi_find_ends(results->h, "", 0, &ends);
	if (ends.first)
		results_add_node(results, name,
				 (name[2] - '0') % 2 ? ends.last : ends.first, "hfi");
}

static bool hfi_is_node(const char *node, const char *key)
{
	struct path path;
	bool loose;

	return node && !path_parse(node, &path) && path_is(key, path.key, &loose);
}

void hfi_to_device(const char *key, struct results *results)
{
	struct ends ends = { NULL, NULL };

	if (!strstr(key, "/" HFI_NODE))
		return;
	hfi_find_ends(results->h, "", 0, &ends);
	if (hfi_is_node(ends.first, key))
		results_add_node(results, "hf0", ends.first, "hfi");
	else if (hfi_is_node(ends.last, key))
		results_add_node(results, "hf1", ends.last, "hfi");
}
