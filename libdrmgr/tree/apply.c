// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <libfdt.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/tree/cc_walk.h"
#include "libdrmgr/core/drc_state.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/tree/tree_read.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/dlpar.h"
#include "kern/own_file.h"
#include "kern/spawn.h"
#include "kern/sysfs.h"
#include "wire/dt_name.h"

/* In order of preference. */
static const struct apply_backend *const backends[] = { &apply_overlay, &apply_dlpar,
							&apply_ofdt };

static int none_probe(const struct kern_root *root)
{
	(void)root;
	return -EOPNOTSUPP;
}

static int none_attach(struct xact *x, const struct connector *c, const char *parent,
		       const struct fdt_frag *frag)
{
	(void)c;
	(void)frag;
	return xact_fail(x, DR_FAULT_NO_BACKEND, "attach", -EOPNOTSUPP, "%s", parent);
}

static int none_detach(struct xact *x, const struct connector *c,
		       const char *const *nodes, size_t n)
{
	(void)c;
	(void)n;
	return xact_fail(x, DR_FAULT_NO_BACKEND, "detach", -EOPNOTSUPP, "%s", nodes[0]);
}

const struct apply_backend apply_none = {
	.name = "none",
	.probe = none_probe,
	.attach = none_attach,
	.detach = none_detach,
};

/* Probe a backend that the user named. If its file is missing, load its module first. */
static int backend_probe_forced(const struct dr_ctx *dr,
				const struct apply_backend *backend)
{
	const char *const modprobe[] = { "/sbin/modprobe", "-q", backend->module, NULL };
	int err = backend->probe(dr->root);

	if (err != -ENOENT || !backend->module || !dr->root->is_system || dr->dry_run)
		return err;
	if (spawn_wait(modprobe))
		dr_log_info(dr->log, "%s: the module was not loaded", backend->module);
	return backend->probe(dr->root);
}

/* Return 0 if the walk of this backend is possible, too. */
static int backend_probe_walk(const struct dr_ctx *dr,
			      const struct apply_backend *backend, bool attaches)
{
	return attaches && !backend->walks ? cc_probe(dr) : 0;
}

/* Return true if a probe has shown that an interface of the kernel cannot be used. After other
 * errors that is unknown, and no other interface is taken instead. */
static bool apply_is_absent(int err)
{
	return err == -EOPNOTSUPP || err == -EPERM || err == -EACCES ||
	       !kern_read_failure(err);
}

static int backend_error(const struct dr_ctx *dr, struct dr_error *error,
			 enum dr_fault fault, const char *name, int err)
{
	if (!apply_is_absent(err)) {
		dr_error_read(error, dr->root, fault, err);
		return err;
	}
	*error = (struct dr_error){ .fault = fault, .err = err };
	snprintf(error->what, sizeof(error->what), "%s", name);
	return err;
}

static int apply_choose_forced(struct dr_ctx *dr, const char *name, bool attaches,
			       struct dr_error *error)
{
	const struct apply_backend *forced = NULL;
	int err;

	for (size_t i = 0; i < ARRAY_SIZE(backends); i++)
		if (!strcmp(backends[i]->name, name))
			forced = backends[i];
	err = forced ? backend_probe_forced(dr, forced) : -EOPNOTSUPP;
	if (err)
		return backend_error(dr, error, DR_FAULT_NO_BACKEND, name, err);
	err = backend_probe_walk(dr, forced, attaches);
	if (err)
		return backend_error(dr, error, DR_FAULT_NO_WALK, name, err);
	dr->backend = forced;
	return 0;
}

int apply_choose(struct dr_ctx *dr, const char *name, bool attaches,
		 struct dr_error *error)
{
	enum dr_fault fault = DR_FAULT_NO_BACKEND;
	int err = -EOPNOTSUPP;

	dr->backend = NULL;
	dr->is_backend_forced = strcmp(name, "auto") != 0;
	if (dr->is_backend_forced)
		return apply_choose_forced(dr, name, attaches, error);

	for (size_t i = 0; i < ARRAY_SIZE(backends); i++) {
		err = backends[i]->probe(dr->root);
		fault = err ? DR_FAULT_NO_BACKEND : DR_FAULT_NO_WALK;
		if (!err)
			err = backend_probe_walk(dr, backends[i], attaches);
		if (!err) {
			dr->backend = backends[i];
			return 0;
		}
		if (!apply_is_absent(err))
			break;
		dr_log_info(dr->log, "%s: not used: %s", backends[i]->file,
			    strerror(-err));
	}
	return backend_error(dr, error, fault, name, err);
}

/* Return true if the connector is described by lists, and nothing can be attached. */
static bool connector_is_spare(struct dr_ctx *dr, const struct connectors *cs,
			       const struct connector *c)
{
	struct rtas_args args = { .in = { DRC_ENTITY_SENSE, c->drc.index } };
	struct deadline dl = dr_wait_until(dr, DR_CALL_MS);
	int32_t status = 0;

	return c->parent->raw[DRC_LIST_NAMES].data && !connector_is_occupied(cs, c) &&
	       !engine_call(dr->engine, RTAS_GET_SENSOR_STATE, &args, &status, &dl) &&
	       !status &&
	       (args.out[1] == DRC_SENSE_EMPTY || args.out[1] == DRC_SENSE_UNUSABLE);
}

/* Keep in /run whether the kernel finds connectors, a fact of this boot: not every process may
 * read the kernel's log. found < 0: only read it. Return 1, 0, or -ENODATA. */
static int fact_keep(const struct dr_ctx *dr, int found)
{
	_cleanup_close_ int dir = found < 0 ? own_dir_open(dr->root, JOURNAL_DIR)
					    : own_dir_make(dr->root, JOURNAL_DIR);
	_cleanup_close_ int fd =
		dir < 0 ? -1
			: own_file_open(dir, "dt-add",
					found < 0 ? O_RDONLY : O_RDWR | O_CREAT, 0600);
	char boot_id[64], text[80] = "", now[2][80];
	ssize_t n;

	if (fd < 0 || sysfs_text(dr->root, boot_id, sizeof(boot_id),
				 "proc/sys/kernel/random/boot_id"))
		return -ENODATA;
	for (int i = 0; i < 2; i++)
		snprintf(now[i], sizeof(now[i]), "%s %d\n", boot_id, i);
	n = found < 0 ? pread(fd, text, sizeof(text) - 1, 0)
		      : pwrite(fd, now[found], strlen(now[found]), 0);
	if (n < 0 || found >= 0)
		return found;
	return !strcmp(text, now[1]) ? 1 : !strcmp(text, now[0]) ? 0 : -ENODATA;
}

int apply_choose_for(struct dr_ctx *dr, const struct connectors *cs, const char *name,
		     struct dr_error *error)
{
	int found, err = apply_choose(dr, name, true, error);

	if (err || dr->backend != &apply_dlpar || dr->dry_run || !cc_probe(dr))
		return err;
	found = fact_keep(dr, -ENODATA);
	for (size_t i = 0; found == -ENODATA && i < cs->n; i++)
		if (connector_is_spare(dr, cs, &cs->list[i])) {
			found = dlpar_finds_connector(dr->root, cs->list[i].drc.index);
			if (found >= 0)
				fact_keep(dr, found);
			break;
		}
	if (found == -ENODATA) /* without a spare connector */
		found = 1;
	if (found > 0)
		return 0;
	dr->backend = NULL;
	backend_error(dr, error, DR_FAULT_NO_SEARCH, name, found);
	return found ? found : -EOPNOTSUPP;
}

int apply_check_kernel(const struct dr_ctx *dr, const char *resource,
		       struct dr_error *error)
{
	int err = dlpar_probe(dr->root, resource);

	return err ? backend_error(dr, error, DR_FAULT_NO_BACKEND, apply_dlpar.name, err)
		   : 0;
}

int tree_find_new_occupant(const struct xact *x, const struct connector *c,
			   const struct kern_names *before, const char **node)
{
	_cleanup_names_ struct kern_names children = { 0 };
	const struct kern_root *root = x->dr->root;
	_cleanup_mem_ struct mem m = { 0 }; /* of a path for each child */
	int err = node_children(root, c->parent->path, &children);
	uint32_t index;

	*node = NULL;
	for (size_t i = 0; !err && i < children.n; i++) {
		const char *path;

		if (dt_name_is_controller(children.name[i]) ||
		    kern_names_has(before, children.name[i]))
			continue;
		path = node_child(&m, c->parent->path, children.name[i]);
		err = mem_check(&m);
		if (!err)
			err = prop_u32(root, path, "ibm,my-drc-index", &index);
		if (!err && index == c->drc.index) {
			*node = mem_copy(x->mem, path);
			err = mem_check(x->mem);
			return err ? err : 1;
		}
		err = kern_read_failure(err); /* the node may have gone meanwhile */
	}

	return kern_read_failure(err);
}

int tree_find_occupant(const struct xact *x, const struct connector *c, const char **node)
{
	return tree_find_new_occupant(x, c, &(struct kern_names){ 0 }, node);
}

int tree_is_occupied(const struct xact *x, const struct connector *c)
{
	const char *node;

	return tree_find_occupant(x, c, &node);
}

int tree_expect_attached(struct xact *x, const char *node)
{
	int err = xact_note_node(x, node);

	if (kern_read_failure(err))
		return xact_unread(x, "attach", err);
	return err ? xact_fail(x, DR_FAULT_TREE, "attach", -ENOENT, "%s", node) : 0;
}

int tree_expect_detached(struct xact *x, const char *step, const char *node)
{
	int found = node_exists(x->dr->root, node);

	if (found < 0)
		return xact_unread(x, step, found);
	return found ? xact_fail(x, DR_FAULT_TREE, step, -EEXIST, "%s", node) : 0;
}

/* Report the calls and the place of an attachment. Its nodes are unknown: reading them
 * from firmware would change the connector. */
static int tree_plan_attach(struct xact *x, const struct connector *c, const char **node)
{
	const struct apply_backend *backend = x->dr->backend;
	struct fdt_frag none;
	int err;

	if (backend->walks) {
		err = backend->attach(x, c, c->parent->path, NULL);
	} else {
		err = cc_walk(x, c, &none);
		if (err >= 0)
			err = xact_step_begin(x, "attach",
					      "write %s nodes of that walk, below %s",
					      backend->file, c->parent->path);
	}
	*node = NULL;
	return err < 0 ? err : 0;
}

/* Attach by the kernel. Only the device tree has the name of the new node. */
static int tree_attach_by_kernel(struct xact *x, const struct connector *c,
				 const char **node)
{
	int err;

	err = x->dr->backend->attach(x, c, c->parent->path, NULL);
	if (err)
		return err;
	err = tree_find_occupant(x, c, node);
	if (err < 0)
		return xact_unread(x, "attach", err);
	return err ? tree_expect_attached(x, *node)
		   : xact_fail(x, DR_FAULT_TREE, "attach", -ENOENT, "%s",
			       c->parent->path);
}

/* The kernel could not attach the nodes: prepare a walk of this process. The first kernels
 * with "dt" do not find the parent of a connector that is described by lists. The kernel
 * may have left an unfinished walk. */
static int tree_leave_kernel(struct xact *x, const struct connector *c)
{
	int err;

	dr_log_info(x->dr->log, "%s (0x%08x): the kernel cannot attach it, trying %s",
		    c->drc.name, c->drc.index, apply_ofdt.name);
	x->error = (struct dr_error){ 0 };
	x->dr->backend = &apply_ofdt;

	cc_drain(x, c);
	err = drc_isolate(x, c);
	return err ? err : drc_unisolate(x, c);
}

int tree_attach_described(struct xact *x, const struct connector *c, const char **node,
			  struct fdt_frag *frag)
{
	int err = 0;

	*frag = (struct fdt_frag){ 0 };
	if (x->dr->dry_run)
		return tree_plan_attach(x, c, node);
	if (x->dr->backend->walks) {
		err = tree_attach_by_kernel(x, c, node);
		if (err != -EIO || x->dr->is_backend_forced ||
		    apply_ofdt.probe(x->dr->root) || cc_probe(x->dr))
			return err;
		err = tree_leave_kernel(x, c);
		if (err)
			return err;
	}

	err = cc_walk(x, c, frag);
	if (err)
		return err;
	err = x->dr->backend->attach(x, c, c->parent->path, frag);
	if (err)
		return err;
	*node = node_child(x->mem, c->parent->path,
			   fdt_get_name(frag->fdt, frag->own, NULL));
	return mem_check(x->mem);
}

int tree_attach(struct xact *x, const struct connector *c, const char **node)
{
	struct fdt_frag frag;
	int err = tree_attach_described(x, c, node, &frag);

	fdt_frag_free(&frag);
	return err;
}

/* What is needed to attach removed nodes again. */
struct saved {
	const struct connector *c;
	const char *parent;
	struct fdt_frag frag;
};

static struct saved *saved_new(struct mem *m, const struct connector *c,
			       const char *parent)
{
	struct saved *saved = mem_new(m, struct saved);

	saved->c = c;
	saved->parent = mem_copy(m, parent);
	return saved;
}

/* Attach what firmware describes. A node that exists was attached with the node of a
 * bridge above it: firmware does not count it as configured. */
static int saved_attach_by_kernel(struct xact *x, const struct saved *saved)
{
	int occupied = tree_is_occupied(x, saved->c);

	if (occupied < 0)
		return xact_unread(x, "attach", occupied);
	return occupied ? apply_again_by_kernel(x, saved->c)
			: apply_dlpar.attach(x, saved->c, saved->parent, NULL);
}

/* Attach the removed nodes. The ofdt interface can restore any tree, "dt add" only what
 * firmware describes. But if this process could not walk the connector, only the kernel
 * can. */
static int saved_attach(struct xact *x, void *arg)
{
	const struct saved *saved = arg;
	const struct apply_backend *backend =
		x->dr->backend->walks ? &apply_ofdt : x->dr->backend;
	bool by_kernel = backend->probe(x->dr->root) || cc_probe(x->dr);
	int32_t sense;
	int err;

	if (x->is_recovering && !drc_sense(x, saved->c, &sense) &&
	    (sense == DRC_SENSE_EMPTY || sense == DRC_SENSE_UNUSABLE))
		return 0; /* the resource that they describe was removed */
	err = by_kernel && !apply_dlpar.probe(x->dr->root)
		      ? saved_attach_by_kernel(x, saved)
		      : backend->attach(x, saved->c, saved->parent, &saved->frag);
	if (err)
		return err;
	err = tree_matches(x->dr->root, saved->parent, &saved->frag);
	if (err < 0)
		return xact_unread(x, "attach", err);
	return err ? 0
		   : xact_fail(x, DR_FAULT_TREE, "attach", -EUCLEAN, "%s", saved->parent);
}

static void saved_encode(struct journal_line *line, const void *arg)
{
	const struct saved *saved = arg;

	journal_put_connector(line, saved->c);
	journal_put(line, "%s", saved->parent);
	journal_put_fdt(line, saved->frag.fdt);
}

static int saved_decode(struct recovery *r, void **arg)
{
	const struct connector *c = recovery_connector(r);
	const char *parent = c ? recovery_word(r) : NULL;
	struct saved *saved;
	int err;

	if (!parent)
		return -EBADMSG;
	*arg = saved = saved_new(recovery_mem(r), c, parent);
	if (mem_check(recovery_mem(r)))
		return -ENOMEM;
	err = recovery_fdt(r, &saved->frag);
	saved->frag.fdt = mem_own(recovery_mem(r), saved->frag.fdt);
	return err;
}

const struct undo_kind undo_detach = {
	.name = "detach",
	.leaves = "node",
	.undo = saved_attach,
	.encode = saved_encode,
	.decode = saved_decode,
};

static int saved_push(struct xact *x, const struct connector *c, const char *const *nodes,
		      size_t n)
{
	size_t len = (size_t)(strrchr(nodes[0], '/') - nodes[0]);
	struct saved *saved = saved_new(x->mem, c, mem_copy_n(x->mem, nodes[0], len));
	int err = xact_check_memory(x, nodes[0]);

	if (err)
		return err;
	err = tree_read(x->dr->root, nodes, n, &saved->frag);
	saved->frag.fdt = mem_own(x->mem, saved->frag.fdt);
	if (!err)
		return xact_push(x, &undo_detach, saved);
	return err == -ENOENT ? xact_fail(x, DR_FAULT_TREE, "detach", err, "%s", nodes[0])
			      : xact_unread(x, "detach", err);
}

int tree_detach(struct xact *x, const struct connector *c, const char *const *nodes,
		size_t n)
{
	int err = saved_push(x, c, nodes, n);
	size_t n_undo = x->n_undo;
	const struct saved *saved;

	if (err)
		return err;
	saved = x->undo[n_undo - 1].arg;
	err = x->dr->backend->detach(x, c, nodes, n);
	if (err && !x->is_unknown && x->n_undo == n_undo &&
	    tree_matches(x->dr->root, saved->parent, &saved->frag) > 0)
		xact_drop(x);
	return err;
}
