// SPDX-License-Identifier: LGPL-2.1-or-later
/* Change the device tree through /proc/device-tree-overlay: a whole fragment in one
 * write. */
#include <stdio.h>
#include <string.h>

#include <libfdt.h>

#include "base/mem.h"
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/tree/pci_functions.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/overlay.h"
#include "wire/overlay_blob.h"

#define OVERLAY "/proc/device-tree-overlay"

/* The names of this many nodes fit into a line of the journal. There are one or a few
 * nodes, unless a part of the fragment exists already. */
enum { NODES_MAX = 60 };

/* The top nodes to add, each with all nodes below it. */
struct coming {
	struct overlay_node node[NODES_MAX];
	size_t n;
};

static int coming_add(struct coming *coming, const char *path, int offset)
{
	if (coming->n == NODES_MAX)
		return -E2BIG;
	coming->node[coming->n++] =
		(struct overlay_node){ .path = path, .offset = offset };
	return 0;
}

/* Report that a blob cannot be made. */
static int overlay_blob_error(struct xact *x, const char *op, int err, const char *path)
{
	return xact_fail(x, err == -ENOMEM ? DR_FAULT_MEMORY : DR_FAULT_TREE, op, err,
			 "%s", path);
}

/* Record why the file rejected the blob. */
static int overlay_refused(struct xact *x, const char *op, int err, const char *reason)
{
	bool is_first = !x->error.fault;

	xact_fail(x, DR_FAULT_KERNEL, op, err, OVERLAY);
	if (is_first)
		snprintf(x->error.reason, sizeof(x->error.reason), "%s", reason);
	if (*reason)
		dr_log_info(x->dr->log, OVERLAY ": %s", reason);
	return err;
}

/* Write a blob. what, such as "add /a /b", is shown in plans and traces. */
static int overlay_write_blob(struct xact *x, const char *op,
			      const struct overlay_build *blob, const char *what)
{
	char reason[OVERLAY_TEXT_BYTES];
	int err = xact_step_begin(x, op, "write " OVERLAY " %s", what);

	if (err)
		return err < 0 ? err : 0;
	err = xact_step_end(x, overlay_write(x->dr->root, blob->fdt, blob->size, reason));
	return err ? overlay_refused(x, op, err, reason) : 0;
}

/* Compare a blob with the file's own limit. err is the error of making the blob. */
static int overlay_fits(const struct xact *x, const struct overlay_build *blob, int err)
{
	const struct kern_root *root = x->dr->root;
	struct overlay_status status = { .max = 0 };

	if (root->overlay_max)
		status.max = *root->overlay_max;
	if (!err && !status.max && !overlay_status_read(root, &status))
		overlay_status_free(&status);
	return !err && status.max && blob->size > status.max ? -EFBIG : err;
}

static bool overlay_is_too_large(int err)
{
	return err == -EFBIG || err == -E2BIG;
}

/* The blob is too large for the file. Return 0 if ofdt, which has no such limit, may make
 * the change. An undo may use it even if the user named a backend. "dt add" would need
 * another walk. */
static int overlay_fall_back(struct xact *x, const char *op, int err)
{
	if ((x->dr->is_backend_forced && !x->is_undoing) || apply_ofdt.probe(x->dr->root))
		return xact_fail(x, DR_FAULT_NO_BACKEND, op, err, "%s",
				 apply_overlay.name);
	dr_log_info(x->dr->log,
		    "%s: not used: the change exceeds its limits (%s), trying %s",
		    OVERLAY, strerror(-err), apply_ofdt.name);
	return 0;
}

/* The text of a step. A longer text is cut in the step, too. */
struct what {
	char text[320];
	size_t len;
};

static void what_add(struct what *what, const char *word)
{
	size_t room = sizeof(what->text) - 1 - what->len, len = strlen(word);

	if (what->len && room) {
		what->text[what->len++] = ' ';
		room--;
	}
	len = len < room ? len : room;
	memcpy(what->text + what->len, word, len);
	what->len += len;
}

/* Handle err of a removal. Return 0 if the nodes do not exist any more. */
static int overlay_settle(struct xact *x, int err, const char *const *nodes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (node_exists(x->dr->root, nodes[i]))
			return err;
	return xact_was_done(x);
}

static int overlay_remove_written(struct xact *x, const struct overlay_build *blob,
				  const char *const *nodes, size_t n)
{
	struct what what = { 0 };
	int err;

	what_add(&what, "remove-node");
	for (size_t i = 0; i < n; i++)
		what_add(&what, nodes[i]);
	err = overlay_write_blob(x, "detach", blob, what.text);
	if (xact_is_unknown(err) && !x->dr->dry_run)
		return overlay_settle(x, err, nodes, n);
	for (size_t i = 0; !err && !x->dr->dry_run && i < n; i++)
		err = tree_expect_detached(x, "detach", nodes[i]);
	return err;
}

static int overlay_remove_nodes(struct xact *x, const char *const *nodes, size_t n)
{
	struct overlay_build blob;
	int err = overlay_fits(x, &blob, overlay_blob_remove(&blob, nodes, n));

	if (!err)
		err = overlay_remove_written(x, &blob, nodes, n);
	else if (!overlay_is_too_large(err))
		overlay_blob_error(x, "detach", err, nodes[0]);
	else if (!(err = overlay_fall_back(x, "detach", err)))
		err = apply_ofdt.detach(x, NULL, nodes, n);
	overlay_build_free(&blob);
	return err;
}

static int overlay_undo_attach(struct xact *x, void *arg)
{
	const struct coming *coming = arg;
	const char *nodes[NODES_MAX];
	size_t n = 0;
	int err = 0;

	for (size_t i = 0; !err && i < coming->n; i++) {
		const char *path = coming->node[i].path;

		int found = node_exists(x->dr->root, path);

		if (found < 0)
			return xact_unread(x, "detach", found);
		if (!found)
			continue;
		nodes[n++] = path;
		if (x->is_recovering) /* another process may have scanned for devices */
			err = functions_unconfigure(x, path);
	}
	if (err || !n)
		return err;
	/* The module may have been unloaded between the kill and the recovery. */
	if (x->is_recovering && overlay_probe(x->dr->root))
		return apply_ofdt.detach(x, NULL, nodes, n);
	return overlay_remove_nodes(x, nodes, n);
}

static void coming_encode(struct journal_line *line, const void *arg)
{
	const struct coming *coming = arg;

	for (size_t i = 0; i < coming->n; i++)
		journal_put(line, "%s", coming->node[i].path);
}

static int coming_decode(struct recovery *r, void **arg)
{
	struct coming *coming = *arg = mem_new(recovery_mem(r), struct coming);
	const char *word;
	int err = 0;

	while (!err && (word = recovery_word(r)))
		err = coming_add(coming, mem_copy(recovery_mem(r), word), -1);
	return err || coming->n ? err : -EBADMSG;
}

const struct undo_kind undo_overlay_attach = {
	.name = "overlay-attach",
	.leaves = "node",
	.attaches = true,
	.undo = overlay_undo_attach,
	.encode = coming_encode,
	.decode = coming_decode,
};

/* Collect the nodes to add. The file rejects the whole blob if one node exists. */
static int coming_collect(struct xact *x, struct coming *coming, const char *parent,
			  const void *fdt, int node)
{
	const char *path = node_child(x->mem, parent, fdt_get_name(fdt, node, NULL));
	int child, err = mem_check(x->mem);

	if (!err)
		err = node_exists(x->dr->root, path);
	if (err < 0)
		return err;
	if (!err)
		return coming_add(coming, path, node);

	dr_log_info(x->dr->log, "%s exists already, not changed", path);
	fdt_for_each_subnode(child, fdt, node) {
		err = coming_collect(x, coming, path, fdt, child);
		if (err)
			return err;
	}
	return 0;
}

/* Handle err of an addition. Return 0 if all nodes exist. */
static int overlay_settle_add(struct xact *x, int err, const struct coming *coming)
{
	if (err && !xact_is_unknown(err))
		return err;
	for (size_t i = 0; i < coming->n; i++)
		if (err ? xact_note_node(x, coming->node[i].path)
			: tree_expect_attached(x, coming->node[i].path))
			return err ? err : -EIO;
	return xact_was_done(x);
}

/* Find the nodes that do not exist, and make a blob of them. */
static int overlay_add_prepare(struct xact *x, const char *parent,
			       const struct fdt_frag *frag, struct coming *coming,
			       struct overlay_build *blob)
{
	int top, err = 0;

	for (top = fdt_frag_top(frag); !err && top >= 0;
	     top = fdt_frag_next_top(frag, top))
		err = coming_collect(x, coming, parent, frag->fdt, top);
	if (err || !coming->n)
		return err;
	return overlay_fits(x, blob,
			    overlay_blob_add(blob, frag, coming->node, coming->n));
}

static int overlay_attach(struct xact *x, const struct connector *c, const char *parent,
			  const struct fdt_frag *frag)
{
	struct coming *coming = mem_new(x->mem, struct coming);
	struct overlay_build blob = { 0 };
	int err = overlay_add_prepare(x, parent, frag, coming, &blob);

	if (overlay_is_too_large(err)) {
		err = overlay_fall_back(x, "attach", err);
		if (!err)
			err = apply_ofdt.attach(x, c, parent, frag);
	} else if (err) {
		overlay_blob_error(x, "attach", err, parent);
	} else if (coming->n) {
		struct what what = { 0 };

		what_add(&what, "add");
		for (size_t i = 0; i < coming->n; i++)
			what_add(&what, coming->node[i].path);
		err = xact_push(x, &undo_overlay_attach, coming);
		if (!err)
			err = overlay_settle_add(
				x, overlay_write_blob(x, "attach", &blob, what.text),
				coming);
	}
	overlay_build_free(&blob);
	return err;
}

static int overlay_detach(struct xact *x, const struct connector *c,
			  const char *const *nodes, size_t n)
{
	(void)c;
	return overlay_remove_nodes(x, nodes, n);
}

const struct apply_backend apply_overlay = {
	.name = "overlay",
	.file = OVERLAY,
	.module = "papr_dt_overlay",
	.probe = overlay_probe,
	.attach = overlay_attach,
	.detach = overlay_detach,
};
