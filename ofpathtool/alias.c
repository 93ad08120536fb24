// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ofpathtool/alias.h"
#include "ofpathtool/path.h"

void aliases_clear(struct ofp *h)
{
	for (size_t i = 0; i < h->n_aliases; i++) {
		free(h->aliases[i].name);
		free(h->aliases[i].path);
		free(h->aliases[i].key);
	}
	free(h->aliases);
	h->aliases = NULL;
	h->n_aliases = 0;
	h->has_aliases = false;
}

/* Add an alias. Return 0 or OFP_ENOMEM. Ignore values that are not paths. */
static int alias_add(struct ofp *h, const char *name)
{
	char text[OFP_PATH_MAX];
	struct path path;
	struct alias *alias = &h->aliases[h->n_aliases];

	if (!strcmp(name, "name") || !strcmp(name, "phandle") ||
	    !strcmp(name, "linux,phandle") ||
	    tree_text(&h->src, text, sizeof(text), "/aliases", name) ||
	    path_parse(text, &path))
		return 0;

	*alias = (struct alias){ .name = strdup(name),
				 .path = strdup(text),
				 .key = strdup(path.key) };
	h->n_aliases++;
	return alias->name && alias->path && alias->key ? 0 : OFP_ENOMEM;
}

static int aliases_read(struct ofp *h)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = 0;

	if (h->has_aliases)
		return 0;
	h->has_aliases = true;
	if (source_list(&h->src, &names, "%s/aliases", h->src.tree) || !names.n)
		return 0;
	h->aliases = calloc(names.n, sizeof(*h->aliases));
	if (!h->aliases)
		return OFP_ENOMEM;
	for (size_t i = 0; !err && i < names.n; i++)
		err = alias_add(h, names.name[i]);
	return err;
}

int ofp_aliases(struct ofp *h, const char *path, char ***names)
{
	size_t n = 0;
	int err = aliases_read(h);

	*names = calloc(h->n_aliases + 1, sizeof(**names));
	if (err || !*names)
		return OFP_ENOMEM;
	for (size_t i = 0; i < h->n_aliases; i++) {
		if (!ofp_equal(path, h->aliases[i].path))
			continue;
		(*names)[n] = strdup(h->aliases[i].name);
		if (!(*names)[n++])
			return OFP_ENOMEM;
	}
	return 0;
}

void ofp_names_free(char **names)
{
	for (size_t i = 0; names && names[i]; i++)
		free(names[i]);
	free(names);
}

int alias_expand(struct ofp *h, const char *text, char *path, size_t size)
{
	size_t len = strcspn(text, "/:,");
	int err = *text == '/' ? 0 : aliases_read(h);

	if (err)
		return err;
	if (*text == '/')
		return (size_t)snprintf(path, size, "%s", text) < size ? 0 : OFP_EINVAL;

	for (size_t i = 0; i < h->n_aliases; i++) {
		if (strlen(h->aliases[i].name) != len ||
		    memcmp(h->aliases[i].name, text, len))
			continue;
		return (size_t)snprintf(path, size, "%s%s", h->aliases[i].path,
					text + len) < size
			       ? 0
			       : OFP_EINVAL;
	}
	return OFP_EINVAL;
}
