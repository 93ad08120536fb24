// SPDX-License-Identifier: LGPL-2.1-or-later
/* Change the device tree through /proc/ppc64/ofdt: one node a write, parents first. */
#include <string.h>

#include <libfdt.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/tree/pci_functions.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/ofdt.h"

#define OFDT "/proc/ppc64/ofdt"

enum { VALUES_STEP = 64 };

/* Begin to note files that cannot be read, for ofdt_failed(). */
static void ofdt_note_unread(const struct xact *x)
{
	if (x->dr->root->unread)
		x->dr->root->unread->err = 0;
}

/* Report the write, or the file that could not be read before it. */
static int ofdt_failed(struct xact *x, const char *step, int err)
{
	const struct kern_unread *unread = x->dr->root->unread;

	return unread && unread->err == err
		       ? xact_unread(x, step, err)
		       : xact_fail(x, DR_FAULT_KERNEL, step, err, OFDT);
}

static int ofdt_detach_node(struct xact *x, const char *path)
{
	int err;

	if (xact_plan_gone(x, path))
		return 0;
	err = xact_step_begin(x, "detach", "write " OFDT " remove_node %s", path);
	if (err)
		return err < 0 ? err : 0;
	ofdt_note_unread(x);
	err = xact_step_end(x, ofdt_remove_node(x->dr->root, path));
	if (xact_is_unknown(err) && !node_exists(x->dr->root, path))
		return 0;
	return err ? ofdt_failed(x, "detach", err)
		   : tree_expect(x, "detach", path, false);
}

static int ofdt_undo_attach(struct xact *x, void *arg)
{
	int err = node_exists(x->dr->root, arg);

	if (err <= 0)
		return err ? xact_unread(x, "detach", err) : 0;
	err = 0;
	if (x->is_recovering) /* another process may have scanned for devices */
		err = functions_unconfigure(x, arg);
	return err ? err : ofdt_detach_node(x, arg);
}

static void ofdt_encode_path(struct journal_line *line, const void *arg)
{
	journal_put(line, "%s", (const char *)arg);
}

static int ofdt_decode_path(struct recovery *r, void **arg)
{
	const char *path = recovery_word(r);

	*arg = path ? strdup(path) : NULL;
	return *arg ? 0 : -EBADMSG;
}

const struct undo_kind undo_add_node = {
	.name = "add-node",
	.leaves = "node",
	.undo = ofdt_undo_attach,
	.free_arg = free,
	.encode = ofdt_encode_path,
	.decode = ofdt_decode_path,
};

/* List the properties of a node of the fragment. The values point into the fragment. The
 * caller frees the list; NULL: no memory. */
static struct ofdt_value *ofdt_values(const void *fdt, int node, size_t *n)
{
	struct ofdt_value *values = NULL;
	int prop, len;

	*n = 0;
	fdt_for_each_property_offset(prop, fdt, node) {
		struct ofdt_value *more = values;

		if (*n % VALUES_STEP == 0)
			more = reallocarray(values, *n + VALUES_STEP, sizeof(*values));
		if (!more) {
			free(values);
			return NULL;
		}
		values = more;
		more += (*n)++;
		more->value = fdt_getprop_by_offset(fdt, prop, &more->name, &len);
		more->len = (size_t)len;
	}
	return values ? values : malloc(1);
}

static int ofdt_attach_node(struct xact *x, const char *path, const void *fdt, int node)
{
	_cleanup_free_ struct ofdt_value *values = NULL;
	char *undo_path;
	size_t n;
	int err = node_exists(x->dr->root, path);

	if (err < 0)
		return xact_unread(x, "attach", err);
	if (err) {
		dr_log_info(x->dr->log, "%s exists already, not changed", path);
		return 0;
	}
	undo_path = strdup(path);
	if (!undo_path)
		return xact_fail(x, DR_FAULT_MEMORY, "attach", -ENOMEM, "%s", path);
	err = xact_push(x, &undo_add_node, undo_path);
	if (err)
		return err;
	values = ofdt_values(fdt, node, &n);
	if (!values)
		return xact_fail(x, DR_FAULT_MEMORY, "attach", -ENOMEM, "%s", path);

	err = xact_step_begin(x, "attach", "write " OFDT " add_node %s", path);
	if (err)
		return err;
	ofdt_note_unread(x);
	err = xact_step_end(x, ofdt_add_node(x->dr->root, path, values, n));
	if (xact_is_unknown(err) && node_exists(x->dr->root, path) > 0)
		return 0;
	return err ? ofdt_failed(x, "attach", err) : tree_expect(x, "attach", path, true);
}

/* Return the path of a node, depth levels below the first parent_len bytes of the path of
 * the node before it, which is cut. The caller frees it. */
static char *ofdt_path_after(char *path, size_t parent_len, int depth, const char *name)
{
	char *end = path + parent_len;

	while (--depth > 0)
		end = strchrnul(end + 1, '/');
	*end = '\0';
	return node_join(*path ? path : "/", name);
}

static int ofdt_attach(struct xact *x, const struct connector *c, const char *parent,
		       const struct fdt_frag *frag)
{
	_cleanup_free_ char *path = strdup(parent);
	int node = 0, depth = 0, err = 0;

	(void)c;
	while (!err && path && (node = fdt_next_node(frag->fdt, node, &depth)) >= 0 &&
	       depth > 0) {
		char *next = ofdt_path_after(path, strlen(parent), depth,
					     fdt_get_name(frag->fdt, node, NULL));

		free(path);
		path = next;
		if (path)
			err = ofdt_attach_node(x, path, frag->fdt, node);
	}
	return path ? err
		    : xact_fail(x, DR_FAULT_MEMORY, "attach", -ENOMEM, "%s", parent);
}

static int ofdt_detach_subtree(struct xact *x, const char *node)
{
	_cleanup_names_ struct kern_names children = { 0 };
	int err = node_children(x->dr->root, node, &children);

	if (err && err != -ENOENT)
		return xact_unread(x, "detach", err);
	if (err)
		return xact_fail(x, DR_FAULT_TREE, "detach", err, "%s", node);
	for (size_t i = 0; i < children.n; i++) {
		_cleanup_free_ char *child = node_join(node, children.name[i]);

		err = child ? ofdt_detach_subtree(x, child) : -ENOMEM;
		if (err)
			return err;
	}
	return ofdt_detach_node(x, node);
}

static int ofdt_detach(struct xact *x, const struct connector *c,
		       const char *const *nodes, size_t n)
{
	int err = 0;

	(void)c;
	for (size_t i = 0; !err && i < n; i++)
		if (!i || node_exists(x->dr->root, nodes[i]))
			err = ofdt_detach_subtree(x, nodes[i]);
	return err;
}

const struct apply_backend apply_ofdt = {
	.name = "ofdt",
	.file = OFDT,
	.probe = ofdt_probe,
	.attach = ofdt_attach,
	.detach = ofdt_detach,
};
