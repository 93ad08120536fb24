// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/powerpc/ofdt: each write is one change of the tree. Any process that may open the
 * file may write. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel.h"
#include "wire/ofdt_cmd.h"

/* The real parser reads lengths from here on as negative. */
#define LENGTH_CRASHES 0x80000000ull

static char *text_of(const struct ofdt_text *text)
{
	return strndup(text->s, text->len);
}

static struct dt_node *find(struct kernel *k, const struct ofdt_text *path)
{
	char *text = text_of(path);
	struct dt_node *node = text ? ktree_find(k, text) : NULL;

	free(text);
	return node;
}

static int add_props(struct dt_node *node, struct ofdt_cmd *cmd)
{
	struct ofdt_prop prop;
	int more, err = 0;

	while (!err && (more = ofdt_cmd_next_property(cmd, &prop)) > 0) {
		char *name = text_of(&prop.name);

		err = name ? ktree_put(node, name, prop.value, prop.len) : -ENOMEM;
		free(name);
	}
	return err ? err : more;
}

/* Return true if the first property has a length that crashes the parser of the real
 * kernel. */
static bool has_mad_length(const struct ofdt_cmd *cmd)
{
	const struct cursor *c = &cmd->properties;
	const char *p = (const char *)c->p, *end = (const char *)c->end;
	unsigned long long n = 0;
	const char *blank = memchr(p, ' ', (size_t)(end - p));

	for (p = blank ? blank + 1 : end; p < end && *p >= '0' && *p <= '9'; p++)
		n = n * 10 + (unsigned long long)(*p - '0');
	return n >= LENGTH_CRASHES && n < 0xffffffffull;
}

/* Return the node before the last slash, and set *name to the rest. A path without a
 * slash is below the root. */
static struct dt_node *parent_of(struct kernel *k, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	struct dt_node *node;
	char *above;

	*name = slash ? slash + 1 : path;
	if (!slash || slash == path)
		return k->tree;
	above = strndup(path, (size_t)(slash - path));
	node = above ? ktree_find(k, above) : NULL;
	free(above);
	return node;
}

static int add_node(struct kernel *k, struct ofdt_cmd *cmd)
{
	struct dt_node *parent, *node;
	const char *name;
	char *path;
	int err;

	if (find(k, &cmd->path))
		return -EINVAL;
	path = text_of(&cmd->path);
	if (!path)
		return -ENOMEM;
	parent = parent_of(k, path, &name);
	if (has_mad_length(cmd)) {
		kernel_oops(k, "ofdt: impossible property length");
		err = -EINVAL;
	} else if (!parent) {
		struct ofdt_prop prop;

		/* The properties are parsed first: a malformed one fails before the
		 * crash. */
		while ((err = ofdt_cmd_next_property(cmd, &prop)) > 0)
			;
		if (!err)
			kernel_oops(k, "ofdt: add_node without a parent");
		err = -EINVAL;
	} else {
		node = ktree_add(k, parent, name);
		err = node ? add_props(node, cmd) : -ENOMEM;
		if (node && err)
			ktree_remove(k, node);
		else if (node)
			ktree_attached(k, node);
	}
	free(path);
	return err;
}

static int remove_node(struct kernel *k, const struct ofdt_cmd *cmd)
{
	struct dt_node *node = find(k, &cmd->path);

	if (!node)
		return -ENODEV;
	if (!node->parent)
		return -EINVAL;
	if (node->children)
		return -EBUSY;
	ktree_remove(k, node);
	return 0;
}

static int change_property(struct kernel *k, struct ofdt_cmd *cmd, bool update)
{
	struct dt_node *node = ktree_by_phandle(k, cmd->phandle);
	struct ofdt_prop prop;
	char *name;
	int err;

	if (!node)
		return -ENODEV;
	if (has_mad_length(cmd)) {
		kernel_oops(k, "ofdt: impossible property length");
		return -EINVAL;
	}
	/* " 4 wxyz" has an empty name. The real kernel looks for that property. */
	if (update && cursor_left(&cmd->properties) && *cmd->properties.p == ' ')
		return -ENODEV;
	if (ofdt_cmd_next_property(cmd, &prop) != 1)
		return -EINVAL;
	name = text_of(&prop.name);
	if (!name)
		return -ENOMEM;
	/* Adding an existing property succeeds and changes nothing. */
	err = !update && ktree_get(node, name, NULL)
		      ? 0
		      : ktree_set(node, name, prop.value, prop.len);
	free(name);
	return err;
}

static int remove_property(struct kernel *k, const struct ofdt_cmd *cmd)
{
	struct dt_node *node = ktree_by_phandle(k, cmd->phandle);
	char *name;
	int err;

	if (!node)
		return -ENODEV;
	if (!cmd->property.len)
		return -EINVAL;
	name = text_of(&cmd->property);
	err = name ? ktree_unset(node, name) : -ENOMEM;
	free(name);
	return err;
}

/* Return the error of a command that cannot be parsed. "add_property 0xdead" has no blank
 * after the handle: the kernel then reports that the node does not exist. */
static int parse_error(const char *bytes, size_t len)
{
	static const char *const verbs[] = { "add_property ", "update_property ",
					     "remove_property " };
	char text[64];

	snprintf(text, sizeof(text), "%.*s", len < 63 ? (int)len : 63, bytes);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (!strncmp(text, verbs[i], strlen(verbs[i])))
			return -ENODEV;
	return -EINVAL;
}

static ssize_t ofdt_store(struct pfs_node *file, const char *bytes, size_t len)
{
	struct kernel *k = file->priv;
	struct ofdt_cmd cmd;
	int err;

	if (kernel_locked_down(k)) {
		kernel_print(k, "Lockdown: modifying device tree contents is restricted");
		return -EPERM;
	}
	if (ofdt_cmd_parse(&cmd, bytes, len))
		return parse_error(bytes, len);

	switch (cmd.verb) {
	case OFDT_ADD_NODE:
		err = add_node(k, &cmd);
		break;
	case OFDT_REMOVE_NODE:
		err = remove_node(k, &cmd);
		break;
	case OFDT_ADD_PROPERTY:
	case OFDT_UPDATE_PROPERTY:
		err = change_property(k, &cmd, cmd.verb == OFDT_UPDATE_PROPERTY);
		break;
	case OFDT_REMOVE_PROPERTY:
		err = remove_property(k, &cmd);
		break;
	default:
		err = -EINVAL;
	}
	return err ? err : (ssize_t)len;
}

void kofdt_files(struct kernel *k)
{
	static const struct pfs_ops ops = { .store = ofdt_store };

	pfs_file(k->powerpc, "ofdt", 0200, &ops, k);
}
