// SPDX-License-Identifier: LGPL-2.1-or-later
/* Change the device tree through /sys/kernel/dlpar. The kernel does the walk, too. */
#include <string.h>

#include "libdrmgr/core/drc_state.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/tree/pci_functions.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/dlpar.h"

static int dlpar_dt_probe(const struct kern_root *root)
{
	return dlpar_probe(root, "dt");
}

#define DLPAR "/sys/kernel/dlpar"

/* resource: "dt" for the nodes alone. */
static int dlpar_request(struct xact *x, const struct connector *c, const char *resource,
			 bool add)
{
	const char *op = add ? "attach" : "detach";
	int err = xact_step_begin(x, op, "write " DLPAR " %s %s index 0x%08x", resource,
				  add ? "add" : "remove", c->drc.index);

	if (err)
		return err < 0 ? err : 0;
	err = xact_step_end(x, dlpar_by_index(x->dr->root, resource, add, c->drc.index));
	if (xact_is_unknown(err) && tree_is_occupied(x, c) == add)
		return 0;
	return err ? xact_fail(x, DR_FAULT_KERNEL, op, err, DLPAR) : 0;
}

static int dlpar_dt_undo(struct xact *x, void *arg)
{
	const char *node = NULL;
	int err = 0;

	if (x->is_recovering) {
		err = tree_find_occupant(x, arg, &node);
		if (err <= 0)
			return err ? xact_unread(x, "detach", err) : 0;
		err = functions_unconfigure(x, node);
	}
	return err ? err : dlpar_request(x, arg, "dt", false);
}

const struct undo_kind undo_dlpar_attach = {
	.name = "dlpar-attach",
	.leaves = "node",
	.attaches = true,
	.undo = dlpar_dt_undo,
	.encode = undo_encode_connector,
	.decode = undo_decode_connector,
};

static int dlpar_dt_attach(struct xact *x, const struct connector *c, const char *parent,
			   const struct fdt_frag *frag)
{
	int err = xact_push_connector(x, &undo_dlpar_attach, c);

	(void)parent;
	(void)frag;
	if (err)
		return err;
	err = dlpar_request(x, c, "dt", true);
	if (err && !x->is_unknown && !tree_is_occupied(x, c))
		xact_drop(x);
	return err;
}

static int dlpar_dt_detach_node(struct xact *x, const struct connector *c,
				const char *node)
{
	int err = dlpar_request(x, c, "dt", false);

	/* The write also succeeds if the kernel removed no node. */
	return err || x->dr->dry_run ? err : tree_expect_detached(x, "detach", node);
}

int apply_walk_by_kernel(struct xact *x, const struct connector *c)
{
	int err = dlpar_dt_probe(x->dr->root);

	if (err || !strcmp(c->drc.type, "MEM"))
		return -EOPNOTSUPP;
	err = tree_is_occupied(x, c);
	if (err)
		return err < 0 ? xact_unread(x, "attach", err) : -EEXIST;
	err = dlpar_request(x, c, "dt", true);
	/* A core's walk describes its caches, too, which only "cpu remove" detaches. */
	return err ? err
		   : dlpar_request(x, c, strcmp(c->drc.type, "CPU") ? "dt" : "cpu",
				   false);
}

int apply_again_by_kernel(struct xact *x, const struct connector *c)
{
	const char *node = NULL;
	int err = tree_find_occupant(x, c, &node);
	int32_t status;

	if (err < 0)
		return xact_unread(x, "detach", err);
	err = node ? dlpar_dt_detach_node(x, c, node) : 0;

	/* A walk needs a connector that is not configured. Firmware refuses to isolate that
	 * one. */
	if (!err)
		err = drc_try_isolate(x, c, &status);
	if (!err)
		err = drc_unisolate(x, c);
	return err ? err : dlpar_dt_attach(x, c, c->parent->path, NULL);
}

static int dlpar_dt_detach(struct xact *x, const struct connector *c,
			   const char *const *nodes, size_t n)
{
	int err = 0;

	/* The kernel may have removed the others together with the first one. */
	for (size_t i = 0; !err && i < n; i++)
		if (!i || (!x->dr->dry_run && node_exists(x->dr->root, nodes[i])))
			err = dlpar_dt_detach_node(x, c, nodes[i]);
	return err;
}

const struct apply_backend apply_dlpar = {
	.name = "dlpar",
	.file = DLPAR,
	.walks = true,
	.probe = dlpar_dt_probe,
	.attach = dlpar_dt_attach,
	.detach = dlpar_dt_detach,
};
