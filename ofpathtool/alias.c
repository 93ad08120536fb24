// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "ofpathtool/handle.h"
#include "ofpathtool/path.h"

/* Add an alias. Ignore values that are not paths. */
static void alias_add(struct ofp *h, const char *name)
{
	struct cache *cache = &h->cache;
	char text[OFP_PATH_MAX];
	struct path path;

	if (!strcmp(name, "name") || !strcmp(name, "phandle") ||
	    !strcmp(name, "linux,phandle") ||
	    tree_text(&h->src, text, sizeof(text), "/aliases", name) ||
	    path_parse(text, &path))
		return;

	*vec_add(&cache->mem, cache->aliases, cache->n_aliases) = (struct alias){
		.name = mem_copy(&cache->mem, name),
		.path = mem_copy(&cache->mem, text),
	};
}

static void alias_read_all(struct ofp *h)
{
	_cleanup_names_ struct kern_names names = { 0 };

	if (h->cache.has_aliases)
		return;
	h->cache.has_aliases = true;
	if (source_list(&h->src, &names, "%s/aliases", h->src.tree))
		return;
	for (size_t i = 0; i < names.n; i++)
		alias_add(h, names.name[i]);
}

const char **ofp_aliases(struct ofp *h, const char *path)
{
	const char **names = NULL;
	size_t n = 0;

	alias_read_all(h);
	for (size_t i = 0; i < h->cache.n_aliases; i++)
		if (ofp_equal(path, h->cache.aliases[i].path))
			*vec_add(&h->mem, names, n) =
				mem_copy(&h->mem, h->cache.aliases[i].name);
	*vec_add(&h->mem, names, n) = NULL;
	return handle_end(h, 0) ? NULL : names;
}

int alias_expand(struct ofp *h, const char *text, char *path, size_t size)
{
	size_t len = strcspn(text, "/:,");

	if (*text == '/')
		return (size_t)snprintf(path, size, "%s", text) < size ? 0 : OFP_EINVAL;

	alias_read_all(h);
	for (size_t i = 0; i < h->cache.n_aliases; i++) {
		const struct alias *alias = &h->cache.aliases[i];

		if (strlen(alias->name) == len && !memcmp(alias->name, text, len))
			return (size_t)snprintf(path, size, "%s%s", alias->path,
						text + len) < size
				       ? 0
				       : OFP_EINVAL;
	}
	return OFP_EINVAL;
}
