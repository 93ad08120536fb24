// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <libfdt.h>

#include "tests/guest/corpus.h"

static uint32_t cell_of(const void *fdt, int node, const char *name)
{
	int len;
	const fdt32_t *value = fdt_getprop(fdt, node, name, &len);

	return value && len == sizeof(*value) ? fdt32_to_cpu(*value) : 0;
}

static bool amount_rule(const void *overlay, struct corpus_rule *rule)
{
	unsigned int fragments = 0, nodes = 0;
	int node, content;

	fdt_for_each_subnode(node, overlay, 0) {
		content = fdt_subnode_offset(overlay, node, "__overlay__");
		if (content < 0)
			continue;
		fragments++;
		nodes += corpus_count_nodes(overlay, content) - 1;
	}
	if (!fragments) {
		rule->error = EINVAL;
		strcpy(rule->about, "no fragment");
		strcpy(rule->text, "no fragment, nothing to do");
		return true;
	}
	if (fragments <= OVERLAY_FRAGMENTS_MAX && nodes <= OVERLAY_NODES_MAX)
		return false;
	rule->error = E2BIG;
	snprintf(rule->text, sizeof(rule->text), "%u fragments, %u nodes", fragments,
		 nodes);
	return true;
}

/* Find a node of the tree that would get a handle, or another one. The handles are those of
 * the overlay as compiled: newer libfdt replaces them with the node's own. */
static bool handle_rule(const struct corpus_trial *t, int content, const void *tree,
			const char *path, struct corpus_rule *rule)
{
	int there = fdt_path_offset(tree, path), child;
	uint32_t handle = fdt_get_phandle(t->overlay, content), has, largest;

	if (there < 0)
		return false;
	if (fdt_find_max_phandle(t->before, &largest))
		errx(2, "the tree has no handles");
	has = fdt_get_phandle(tree, there);
	if (handle && has && handle + largest != has) {
		rule->error = EINVAL;
		snprintf(rule->about, sizeof(rule->about), "%s", path);
		snprintf(rule->text, sizeof(rule->text),
			 "a node keeps its handle: %s has 0x%x, not 0x%x", path, has,
			 handle + largest);
		return true;
	}
	if (handle && !has) {
		rule->error = EOPNOTSUPP;
		snprintf(rule->about, sizeof(rule->about), "%s", path);
		snprintf(rule->text, sizeof(rule->text),
			 "a node of the tree gets no handle: %s", path);
		return true;
	}
	fdt_for_each_subnode(child, t->overlay, content) {
		char below[CORPUS_PATH_BYTES];

		snprintf(below, sizeof(below), "%s/%s", strcmp(path, "/") ? path : "",
			 fdt_get_name(t->overlay, child, NULL));
		if (handle_rule(t, child, tree, below, rule))
			return true;
	}
	return false;
}

static bool fragment_rule(const struct corpus_trial *t, int node,
			  struct corpus_rule *rule)
{
	const char *path = fdt_getprop(t->overlay, node, "target-path", NULL);
	uint32_t handle = cell_of(t->resolved, node, "target");
	int content = fdt_subnode_offset(t->overlay, node, "__overlay__"), target;
	char found[CORPUS_PATH_BYTES];

	/* After: an earlier fragment can have added the target. */
	target = handle ? fdt_node_offset_by_phandle(t->after, handle)
			: fdt_path_offset(t->after, path ? path : "");
	if (content < 0 || target < 0 ||
	    fdt_get_path(t->after, target, found, sizeof(found)))
		return false;
	return handle_rule(t, content, t->before, found, rule) ||
	       handle_rule(t, content, t->after, found, rule);
}

static bool label_rule(const void *before, const void *after, struct corpus_rule *rule)
{
	int was = fdt_path_offset(before, "/__symbols__");
	int is = fdt_path_offset(after, "/__symbols__"), at, len, old_len;
	const char *name, *path, *old;

	if (was < 0 || is < 0)
		return false;
	fdt_for_each_property_offset(at, after, is) {
		path = fdt_getprop_by_offset(after, at, &name, &len);
		old = fdt_getprop(before, was, name, &old_len);
		if (!path || !old || (len == old_len && !memcmp(path, old, (size_t)len)))
			continue;
		rule->error = EEXIST;
		snprintf(rule->about, sizeof(rule->about), "label %s ", name);
		snprintf(rule->text, sizeof(rule->text),
			 "a label keeps its path: %s is %s, not %s", name, old, path);
		return true;
	}
	return false;
}

static bool is_reason(const struct corpus_rule *rule, int error, const char *reason)
{
	return rule->error == error && strstr(reason, rule->about);
}

bool corpus_find_rule(const struct corpus_trial *t, int error, const char *reason,
		      struct corpus_rule *rule)
{
	int node;

	*rule = (struct corpus_rule){ 0 };
	if (amount_rule(t->overlay, rule) && is_reason(rule, error, reason))
		return true;
	fdt_for_each_subnode(node, t->overlay, 0)
		if (fragment_rule(t, node, rule) && is_reason(rule, error, reason))
			return true;
	return label_rule(t->before, t->after, rule) && is_reason(rule, error, reason);
}
