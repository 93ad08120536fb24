// SPDX-License-Identifier: GPL-2.0-or-later
/* The device tree through /proc/device-tree-overlay: all of a fragment in one write. */
#include <stdio.h>
#include <string.h>

#include <libfdt.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/types/pci/slot_ops.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/overlay.h"
#include "wire/overlay_blob.h"

#define OVERLAY "/proc/device-tree-overlay"

/* As many as a line of the journal can name. It is one, or a few, unless some of what is
 * to come is there already. */
enum { NODES_MAX = 60 };

/* What is to come: each node with all below it. */
struct coming {
	struct overlay_node node[NODES_MAX];
	size_t n;
};

static void coming_free(void *arg)
{
	struct coming *coming = arg;

	while (coming->n)
		free(coming->node[--coming->n].path);
	free(coming);
}

static int coming_add(struct coming *coming, char **path, int offset)
{
	if (coming->n == NODES_MAX)
		return -E2BIG;
	coming->node[coming->n++] =
		(struct overlay_node){ .path = steal_ptr(path), .offset = offset };
	return 0;
}

/* A blob of these, or what cannot be made. */
static int no_blob(struct xact *x, const char *op, int err, const char *path)
{
	return xact_fail(x, err == -ENOMEM ? DR_FAULT_MEMORY : DR_FAULT_TREE, op, err,
			 "%s", path);
}

/* Keep why the file refused the blob. */
static int overlay_refused(struct xact *x, const char *op, int err, const char *reason)
{
	bool is_first = !x->error.fault;

	xact_fail(x, DR_FAULT_KERNEL, op, err, OVERLAY);
	if (is_first)
		snprintf(x->error.reason, sizeof(x->error.reason), "%s", reason);
	if (*reason)
		log_info(x->dr->log, OVERLAY ": %s", reason);
	return err;
}

/* what: "add /a /b", which a plan and a trace show. */
static int write_blob(struct xact *x, const char *op, const struct overlay_build *blob,
		      const char *what)
{
	char reason[OVERLAY_TEXT_BYTES];
	int err = xact_step_begin(x, op, "write " OVERLAY " %s", what);

	if (err)
		return err < 0 ? err : 0;
	err = xact_step_end(x, overlay_write(x->dr->root, blob->fdt, blob->size, reason));
	return err ? overlay_refused(x, op, err, reason) : 0;
}

/* Compare a blob with the file's own limit. err: of making the blob. */
static int overlay_fits(const struct xact *x, const struct overlay_build *blob, int err)
{
	struct overlay_status status;

	if (err || overlay_status_read(x->dr->root, &status))
		return err;
	if (status.max && blob->size > status.max)
		err = -EFBIG;
	overlay_status_free(&status);
	return err;
}

static bool overlay_is_too_large(int err)
{
	return err == -EFBIG || err == -E2BIG;
}

/* The file would refuse a blob for its size. Return 0 if ofdt, which has no such limit, is to
 * do it; an undo may use it whatever was forced. "dt add" would need another walk. */
static int overlay_pass_on(struct xact *x, const char *op, int err)
{
	if ((x->dr->is_backend_forced && !x->is_undoing) || apply_ofdt.probe(x->dr->root))
		return xact_fail(x, DR_FAULT_NO_BACKEND, op, err, "%s",
				 apply_overlay.name);
	log_info(x->dr->log,
		 "%s: not used: the change exceeds its limits (%s), trying %s", OVERLAY,
		 strerror(-err), apply_ofdt.name);
	return 0;
}

/* Room for what a step shows; a longer text is cut there too. */
struct what {
	char text[320];
	size_t len;
};

static void what_add(struct what *what, const char *word)
{
	size_t room = sizeof(what->text) - what->len;
	int len = snprintf(what->text + what->len, room, "%s%s", what->len ? " " : "",
			   word);

	what->len += len < (int)room ? (size_t)len : room - 1;
}

/* The write of a removal ended with err. Return 0 if the nodes are gone all the same. */
static int overlay_settle(struct xact *x, int err, const char *const *nodes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (node_exists(x->dr->root, nodes[i]))
			return err;
	return xact_was_done(x);
}

static int remove_written(struct xact *x, const struct overlay_build *blob,
			  const char *const *nodes, size_t n)
{
	struct what what = { .len = 0 };
	int err;

	what_add(&what, "remove-node");
	for (size_t i = 0; i < n; i++)
		what_add(&what, nodes[i]);
	err = write_blob(x, "detach", blob, what.text);
	if (xact_is_unknown(err) && !x->dr->dry_run)
		return overlay_settle(x, err, nodes, n);
	for (size_t i = 0; !err && !x->dr->dry_run && i < n; i++)
		if (node_exists(x->dr->root, nodes[i]))
			err = xact_fail(x, DR_FAULT_TREE, "detach", -EEXIST, "%s",
					nodes[i]);
	return err;
}

static int remove_nodes(struct xact *x, const char *const *nodes, size_t n)
{
	struct overlay_build blob;
	int err = overlay_fits(x, &blob, overlay_blob_remove(&blob, nodes, n));

	if (!err)
		err = remove_written(x, &blob, nodes, n);
	else if (!overlay_is_too_large(err))
		no_blob(x, "detach", err, nodes[0]);
	else if (!(err = overlay_pass_on(x, "detach", err)))
		err = apply_ofdt.detach(x, NULL, nodes, n);
	overlay_build_free(&blob);
	return err;
}

static int take_back(struct xact *x, void *arg)
{
	const struct coming *coming = arg;
	const char *nodes[NODES_MAX];
	size_t n = 0;
	int err = 0;

	for (size_t i = 0; !err && i < coming->n; i++) {
		const char *path = coming->node[i].path;

		if (!node_exists(x->dr->root, path))
			continue;
		nodes[n++] = path;
		if (x->is_recovering) /* somebody may have looked for devices since */
			err = slot_forget(x, path);
	}
	if (err || !n)
		return err;
	/* Between a kill and the recovery the module can have been unloaded. */
	if (x->is_recovering && overlay_probe(x->dr->root))
		return apply_ofdt.detach(x, NULL, nodes, n);
	return remove_nodes(x, nodes, n);
}

static void encode_paths(struct journal_line *line, const void *arg)
{
	const struct coming *coming = arg;

	for (size_t i = 0; i < coming->n; i++)
		journal_put(line, "%s", coming->node[i].path);
}

static int decode_paths(struct recovery *r, void **arg)
{
	struct coming *coming = calloc(1, sizeof(*coming));
	const char *word;
	int err = coming ? 0 : -ENOMEM;

	while (!err && (word = recovery_word(r))) {
		_cleanup_free_ char *path = strdup(word);

		err = path ? coming_add(coming, &path, -1) : -ENOMEM;
	}
	if (!err && !coming->n)
		err = -EBADMSG;
	if (err && coming)
		coming_free(coming);
	else
		*arg = coming;
	return err;
}

const struct undo_kind undo_overlay_attach = {
	.name = "overlay-attach",
	.leaves = "node",
	.undo = take_back,
	.free_arg = coming_free,
	.encode = encode_paths,
	.decode = decode_paths,
};

/* The file would refuse all of it where one node exists. */
static int collect(struct xact *x, struct coming *coming, const char *parent,
		   const void *fdt, int node)
{
	_cleanup_free_ char *path =
		node_join(*parent ? parent : "/", fdt_get_name(fdt, node, NULL));
	int child, err = 0;

	if (!path)
		return -ENOMEM;
	if (!node_exists(x->dr->root, path))
		return coming_add(coming, &path, node);

	log_info(x->dr->log, "%s exists already, left as it is", path);
	fdt_for_each_subnode(child, fdt, node) {
		err = collect(x, coming, path, fdt, child);
		if (err)
			return err;
	}
	return 0;
}

static int add_written(struct xact *x, const struct overlay_build *blob,
		       const struct coming *coming)
{
	struct what what = { .len = 0 };
	int err;

	what_add(&what, "add");
	for (size_t i = 0; i < coming->n; i++)
		what_add(&what, coming->node[i].path);
	err = write_blob(x, "attach", blob, what.text);
	if (err && !xact_is_unknown(err))
		return err;
	for (size_t i = 0; i < coming->n; i++)
		if (!node_exists(x->dr->root, coming->node[i].path))
			return err ? err
				   : xact_fail(x, DR_FAULT_TREE, "attach", -ENOENT, "%s",
					       coming->node[i].path);
	return xact_was_done(x);
}

/* Find the nodes that do not exist, and make a blob of them. */
static int add_prepare(struct xact *x, const char *parent, const struct fdt_frag *frag,
		       struct coming *coming, struct overlay_build *blob)
{
	int top, err = 0;

	for (top = fdt_frag_top(frag); !err && top >= 0;
	     top = fdt_frag_next_top(frag, top))
		err = collect(x, coming, parent, frag->fdt, top);
	if (err || !coming->n)
		return err;
	return overlay_fits(x, blob,
			    overlay_blob_add(blob, frag, coming->node, coming->n));
}

/* The blob is ready. The transaction owns *coming from its inverse on. */
static int add_nodes(struct xact *x, const struct overlay_build *blob,
		     struct coming **coming)
{
	struct coming *pushed = steal_ptr(coming);
	int err = xact_push(x, &undo_overlay_attach, pushed);

	return err ? err : add_written(x, blob, pushed);
}

static int attach(struct xact *x, const struct connector *c, const char *parent,
		  const struct fdt_frag *frag)
{
	struct coming *coming = calloc(1, sizeof(*coming));
	struct overlay_build blob = { 0 };
	int err = coming ? add_prepare(x, parent, frag, coming, &blob) : -ENOMEM;

	if (overlay_is_too_large(err)) {
		err = overlay_pass_on(x, "attach", err);
		if (!err)
			err = apply_ofdt.attach(x, c, parent, frag);
	} else if (err) {
		no_blob(x, "attach", err, parent);
	} else if (coming->n) {
		err = add_nodes(x, &blob, &coming);
	}
	if (coming)
		coming_free(coming);
	overlay_build_free(&blob);
	return err;
}

static int detach(struct xact *x, const struct connector *c, const char *const *nodes,
		  size_t n)
{
	(void)c;
	return remove_nodes(x, nodes, n);
}

const struct apply_backend apply_overlay = {
	.name = "overlay",
	.file = OVERLAY,
	.module = "papr_dt_overlay",
	.probe = overlay_probe,
	.attach = attach,
	.detach = detach,
};
