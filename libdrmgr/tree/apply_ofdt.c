// SPDX-License-Identifier: LGPL-2.1-or-later
/* Change the device tree through /proc/ppc64/ofdt: one node a write, parents first. */
#include <string.h>

#include <libfdt.h>

#include "base/mem.h"
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/tree/pci_functions.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/ofdt.h"

#define OFDT "/proc/ppc64/ofdt"

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
		   : tree_expect_detached(x, "detach", path);
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

	*arg = (void *)(uintptr_t)mem_copy(recovery_mem(r), path);
	return path ? 0 : -EBADMSG;
}

const struct undo_kind undo_add_node = {
	.name = "add-node",
	.leaves = "node",
	.attaches = true,
	.undo = ofdt_undo_attach,
	.encode = ofdt_encode_path,
	.decode = ofdt_decode_path,
};

/* Attach a node of the fragment. *values is the room for its properties, the same for all
 * nodes. */
static int ofdt_attach_node(struct xact *x, const char *path, const void *fdt, int node,
			    struct ofdt_value **values)
{
	size_t n = 0;
	int prop, len, err;

	fdt_for_each_property_offset(prop, fdt, node) {
		struct ofdt_value *value = vec_add(x->mem, *values, n);

		value->value = fdt_getprop_by_offset(fdt, prop, &value->name, &len);
		value->len = (size_t)len;
	}
	err = mem_check(x->mem);
	if (!err)
		err = node_exists(x->dr->root, path);
	if (err < 0)
		return xact_unread(x, "attach", err);
	if (err) {
		dr_log_info(x->dr->log, "%s exists already, not changed", path);
		return 0;
	}
	err = xact_push(x, &undo_add_node, (void *)(uintptr_t)path);
	if (!err)
		err = xact_step_begin(x, "attach", "write " OFDT " add_node %s", path);
	if (err)
		return err;
	ofdt_note_unread(x);
	err = xact_step_end(x, ofdt_add_node(x->dr->root, path, *values, n));
	if (xact_is_unknown(err) && !xact_note_node(x, path))
		return 0;
	return err ? ofdt_failed(x, "attach", err) : tree_expect_attached(x, path);
}

static int ofdt_attach(struct xact *x, const struct connector *c, const char *parent,
		       const struct fdt_frag *frag)
{
	struct ofdt_value *values = NULL;
	const char *path = parent;
	int node = 0, depth = 0, err = 0;

	(void)c;
	while (!err && (node = fdt_next_node(frag->fdt, node, &depth)) >= 0 &&
	       depth > 0) {
		const char *end = path + strlen(parent);

		/* The path of the last node begins with the one of the parent. */
		for (int i = 1; i < depth; i++)
			end = strchrnul(end + 1, '/');
		path = mem_text(x->mem, "%.*s%s%s", (int)(end - path), path,
				end != path && end[-1] == '/' ? "" : "/",
				fdt_get_name(frag->fdt, node, NULL));
		err = ofdt_attach_node(x, path, frag->fdt, node, &values);
	}
	return err;
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
		const char *child = node_child(x->mem, node, children.name[i]);

		err = xact_check_memory(x, node);
		if (!err)
			err = ofdt_detach_subtree(x, child);
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
