// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /proc/device-tree-overlay, like the module papr_dt_overlay: collects a blob from the
 * writes of each opener, applies it as a whole, and keeps the change for a later revert.
 */
#include <errno.h>
#include <fcntl.h>
#include <libfdt.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel_changes.h"
#include "wire/dt_name.h"
#include "wire/overlay.h"

struct record {
	struct record *next; /* the previous record */
	unsigned int number;
	char *id;
	struct kchanges changes;
};

struct koverlay {
	struct kernel *k;
	struct pfs_node *module;
	struct record *newest;
	unsigned int last_number, completed;
	/* Result of the newest blob, and its reason */
	int last;
	char reason[OVERLAY_REASON_BYTES];
};

/* What an opener has written so far */
struct collector {
	uint8_t head[OVERLAY_HEAD_BYTES];
	uint8_t *blob; /* allocated when its size is known */
	size_t size, have;
	/* Result of its newest blob, if it has one, and the reason */
	bool is_done;
	int result;
	char reason[OVERLAY_REASON_BYTES];
};

/* ---- How a blob changes the tree --------------------------------------------------- */

/* A node keeps its phandle, because other nodes may refer to it. Only a new node without
 * a phandle accepts one. */
static int merge_handle(struct kchanges *c, struct dt_node *node, enum overlay_op op,
			const char *name, const void *value, int len)
{
	uint32_t handle = len == 4 ? ktree_cell(value, 0) : 0;
	struct dt_node *other;

	if (!handle)
		return kchanges_refuse_at(c, node, -EINVAL,
					  "%s must be one cell, and not 0", name);
	if (node->phandle == handle)
		return 0;
	if (node->phandle)
		return kchanges_refuse_at(c, node, -EINVAL,
					  "the node has handle 0x%x, not 0x%x",
					  node->phandle, handle);
	if (!kchanges_is_new(c, node))
		return kchanges_refuse_at(c, node, -EOPNOTSUPP,
					  "a node of the live tree cannot get a handle");
	if (op == OVERLAY_UPDATE)
		return kchanges_refuse_at(c, node, -ENOENT, "property %s does not exist",
					  name);
	other = ktree_by_phandle(c->k, handle);
	if (!other)
		return kchanges_set(c, node, name, value, (size_t)len);
	return kchanges_refuse_handle(c, ktree_path(node), ktree_path(other), handle);
}

static int merge_property(struct kchanges *c, struct dt_node *node, enum overlay_op op,
			  const void *fdt, int at)
{
	const char *name;
	int len;
	const void *value = fdt_getprop_by_offset(fdt, at, &name, &len);
	bool is_there = ktree_get(node, name, NULL);

	if (!strcmp(name, "name")) /* every node keeps its own name */
		return 0;
	if (dt_name_is_handle(name))
		return merge_handle(c, node, op, name, value, len);
	if (op == OVERLAY_ADD && is_there)
		return kchanges_refuse_at(c, node, -EEXIST, "property %s exists", name);
	if (op == OVERLAY_UPDATE && !is_there)
		return kchanges_refuse_at(c, node, -ENOENT, "property %s does not exist",
					  name);
	return kchanges_set(c, node, name, value, (size_t)len);
}

static int merge(struct kchanges *c, struct dt_node *node, enum overlay_op op,
		 const void *fdt, int content)
{
	struct dt_node *there;
	const char *name;
	int at, err = 0;

	fdt_for_each_property_offset(at, fdt, content) {
		err = merge_property(c, node, op, fdt, at);
		if (err)
			return err;
	}
	fdt_for_each_subnode(at, fdt, content) {
		name = fdt_get_name(fdt, at, NULL);
		there = ktree_child(node, name);
		if (there && op == OVERLAY_ADD)
			return kchanges_refuse_at(c, there, -EEXIST, "the node exists");
		if (!there && op == OVERLAY_UPDATE)
			return kchanges_refuse_at(c, node, -ENOENT,
						  "child %s does not exist", name);
		err = there ? merge(c, there, op, fdt, at)
			    : kchanges_add_node(c, node, fdt, at);
		if (err)
			return err;
	}
	return 0;
}

static int remove_properties(struct kchanges *c, struct dt_node *node,
			     const struct overlay_fragment *f)
{
	const char *name = f->names;
	int err = 0;

	for (; !err && name < f->names + f->names_len; name += strlen(name) + 1) {
		/* Other nodes refer to this node by these properties. */
		if (!ktree_get(node, name, NULL))
			err = kchanges_refuse_at(c, node, -ENOENT,
						 "property %s does not exist", name);
		else if (dt_name_is_handle(name) || !strcmp(name, "name"))
			err = kchanges_refuse_at(c, node, -EINVAL,
						 "property %s cannot be removed", name);
		else
			err = kchanges_unset(c, node, name);
	}
	return err;
}

static int apply_fragment(struct kchanges *c, const void *fdt,
			  const struct overlay_fragment *f, struct dt_node *target)
{
	switch (f->op) {
	case OVERLAY_REMOVE_NODE:
		if (target->parent)
			return kchanges_remove_node(c, target);
		return kchanges_refuse_at(c, target, -EPERM,
					  "the root cannot be removed");
	case OVERLAY_REMOVE_PROPERTIES:
		return remove_properties(c, target, f);
	case OVERLAY_MERGE:
	case OVERLAY_ADD:
	case OVERLAY_UPDATE:
		break;
	}
	return merge(c, target, f->op, fdt, f->content);
}

static struct dt_node *find_target(struct kchanges *c, const struct overlay_fragment *f)
{
	struct dt_node *target =
		f->path ? ktree_find(c->k, f->path) : ktree_by_phandle(c->k, f->phandle);

	if (!target && f->path)
		kchanges_refuse(c, -ENODEV, "%.64s, %.200s: the node does not exist",
				f->name, f->path);
	else if (!target)
		kchanges_refuse(c, -ENODEV, "%.64s: no node has handle 0x%x", f->name,
				f->phandle);
	return target;
}

static int apply_fragments(struct kchanges *c, const struct overlay *o)
{
	struct overlay_fragment f;
	int at = 0, err = 0;

	while (!err && overlay_next(o, &at, &f) == 1) {
		struct dt_node *target = find_target(c, &f);

		c->fragment = f.name;
		err = target ? apply_fragment(c, o->fdt, &f, target) : -ENODEV;
		c->fragment = NULL;
	}
	return err;
}

/* ---- Records ------------------------------------------------------------------------- */

static struct record *record_called(const struct koverlay *ov, const char *id)
{
	struct record *r = ov->newest;

	while (r && strcmp(r->id, id) != 0)
		r = r->next;
	return r;
}

static void record_free(struct record *r)
{
	kchanges_free(&r->changes);
	free(r->id);
	free(r);
}

static void record_end(struct koverlay *ov, struct record *r)
{
	struct record **at = &ov->newest;

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	record_free(r);
}

static struct record *record_new(struct koverlay *ov, const char *id)
{
	struct record *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->number = ov->last_number + 1;
	if (id)
		r->id = strdup(id);
	else if (asprintf(&r->id, "#%u", r->number) < 0)
		r->id = NULL;
	if (r->id)
		return r;
	free(r);
	return NULL;
}

/* Settle the changes, or undo them after an error or for a check. Return 0 if all of them
 * were made, or could be made. */
static int end(struct kchanges *c, const struct overlay *o, int err)
{
	bool is_real = !err && !(o->flags & OVERLAY_CHECK_ONLY);

	if (is_real)
		err = kchanges_allowed(c);
	if (is_real && !err)
		err = kchanges_note(c);
	if (is_real && !err)
		kchanges_settle(c);
	else
		kchanges_undo(c);
	return err;
}

static void note_reason(struct overlay *o, const struct kchanges *c)
{
	if (!*o->reason)
		memcpy(o->reason, c->reason, sizeof(o->reason));
}

/* Forget a record. The tree stays as it is. */
static int forget(struct koverlay *ov, struct overlay *o)
{
	struct record *r = record_called(ov, o->revert);

	if (!r) {
		snprintf(o->reason, sizeof(o->reason), "blob: no change is kept as %.63s",
			 o->revert);
		return -ENOENT;
	}
	if (!(o->flags & OVERLAY_CHECK_ONLY))
		record_end(ov, r);
	return 0;
}

static int revert(struct koverlay *ov, struct overlay *o, bool *has_changed)
{
	struct kchanges c = { .k = ov->k };
	struct record *r = record_called(ov, o->revert), *newer;
	int err;

	if (!r)
		kchanges_refuse(&c, -ENOENT, "blob: no change is kept as %.63s",
				o->revert);
	for (newer = ov->newest; r && newer != r; newer = newer->next)
		if (kchanges_overlap(&newer->changes, &r->changes))
			kchanges_refuse(&c, -EBUSY,
					"%s: the later change %s must be reverted first",
					r->id, newer->id);
	if (*c.reason) {
		note_reason(o, &c);
		return r ? -EBUSY : -ENOENT;
	}
	err = end(&c, o, kchanges_revert(&c, &r->changes));
	note_reason(o, &c);
	kchanges_free(&c);
	if (err || o->flags & OVERLAY_CHECK_ONLY)
		return err;
	*has_changed = r->changes.kept;
	record_end(ov, r);
	return 0;
}

static unsigned int count_records(const struct koverlay *ov)
{
	const struct record *r;
	unsigned int n = 0;

	for (r = ov->newest; r; r = r->next)
		n++;
	return n;
}

static int apply(struct koverlay *ov, struct overlay *o, bool *has_changed)
{
	struct record *r;
	int err;

	if (o->id && record_called(ov, o->id)) {
		snprintf(o->reason, sizeof(o->reason), "blob: a change is kept as %s",
			 o->id);
		return -EEXIST;
	}
	if (count_records(ov) == OVERLAY_RECORDS_MAX && !(o->flags & OVERLAY_TRANSIENT)) {
		snprintf(o->reason, sizeof(o->reason),
			 "blob: %d changes are kept, revert or forget one",
			 OVERLAY_RECORDS_MAX);
		return -ENOSPC;
	}
	r = record_new(ov, o->id);
	if (!r)
		return -ENOMEM;
	r->changes.k = ov->k;
	r->changes.keep = !(o->flags & OVERLAY_CHECK_ONLY);
	err = kchanges_begin(&r->changes);
	if (!err)
		err = end(&r->changes, o, apply_fragments(&r->changes, o));
	note_reason(o, &r->changes);
	*has_changed = r->changes.kept;
	if (err || o->flags) {
		record_free(r);
		return err;
	}
	ov->last_number++;
	r->next = ov->newest;
	ov->newest = r;
	return 0;
}

static int complete(struct koverlay *ov, struct collector *c)
{
	struct overlay o;
	const char *name;
	bool has_changed = false;
	int err = overlay_decode(&o, c->blob, c->size);

	if (!err)
		err = overlay_refuse_unresolved(
			&o, !o.is_marked && ktree_find(ov->k, "/__symbols__"));
	if (!err && !o.revert)
		err = apply(ov, &o, &has_changed);
	else if (!err)
		err = o.flags & OVERLAY_TRANSIENT ? forget(ov, &o)
						  : revert(ov, &o, &has_changed);
	memcpy(c->reason, o.reason, sizeof(c->reason));
	if (err || !has_changed)
		return err;
	ov->completed++;
	name = o.revert				     ? o.revert
	       : o.id || o.flags & OVERLAY_TRANSIENT ? o.id
						     : ov->newest->id;
	kuevent(ov->k, "change", ov->module, "module",
		"PAPR_OVERLAY=%s\nPAPR_OVERLAY_ACTION=%s\nPAPR_OVERLAY_SEQ=%u",
		name ? name : "#0", o.revert ? "revert" : "apply", ov->completed);
	return 0;
}

/* ---- The file -------------------------------------------------------------------------- */

static int file_open(struct pfs_node *file, int flags, pid_t pid, void **handle)
{
	struct koverlay *ov = file->priv;

	if ((flags & O_ACCMODE) == O_RDONLY)
		return 0;
	if (kernel_locked_down(ov->k) || !kernel_capable(ov->k, pid, CAP_SYS_ADMIN))
		return -EPERM;
	*handle = calloc(1, sizeof(struct collector));
	return *handle ? 0 : -ENOMEM;
}

static void drop(struct collector *c)
{
	free(c->blob);
	c->blob = NULL;
	c->size = 0;
	c->have = 0;
}

/* The head is complete: allocate room for the whole blob. */
static int begin(struct collector *c)
{
	int err = overlay_size(c->head, &c->size);

	if (err == -EFBIG)
		snprintf(c->reason, sizeof(c->reason), "blob: %u bytes, the limit is %d",
			 fdt_totalsize(c->head), OVERLAY_BYTES_MAX);
	else if (err)
		snprintf(c->reason, sizeof(c->reason),
			 "blob: not a flattened device tree");
	if (err)
		return err;
	c->blob = malloc(c->size);
	if (!c->blob)
		return -ENOMEM;
	memcpy(c->blob, c->head, sizeof(c->head));
	return 0;
}

/* Collect the bytes. Return 1 when the blob is complete, 0 when bytes are missing. */
static int collect(struct collector *c, const char *bytes, size_t len)
{
	size_t part;
	int err;

	if (!c->blob) {
		part = sizeof(c->head) - c->have;
		part = len < part ? len : part;
		memcpy(c->head + c->have, bytes, part);
		c->have += part;
		bytes += part;
		len -= part;
		if (c->have < sizeof(c->head))
			return 0;
		err = begin(c);
		if (err)
			return err;
	}
	if (len > c->size - c->have) {
		snprintf(c->reason, sizeof(c->reason), "blob: bytes after its end");
		return -EINVAL;
	}
	memcpy(c->blob + c->have, bytes, len);
	c->have += len;
	return c->have == c->size;
}

static void note_result(struct koverlay *ov, struct collector *c, int err)
{
	if (!err)
		*c->reason = '\0';
	else if (!*c->reason && err != -ENOMEM)
		snprintf(c->reason, sizeof(c->reason), "blob: error %d", -err);
	c->result = err;
	c->is_done = true;
	ov->last = err;
	memcpy(ov->reason, c->reason, sizeof(ov->reason));
}

static ssize_t file_write(struct pfs_node *file, void *handle, const char *bytes,
			  size_t len)
{
	struct koverlay *ov = file->priv;
	struct collector *c = handle;
	int err;

	if (!c)
		return -EBADF;
	if (!c->have) {
		*c->reason = '\0';
		c->is_done = false;
	}
	err = collect(c, bytes, len);
	if (!err)
		return (ssize_t)len;
	if (err > 0)
		err = complete(ov, c);
	note_result(ov, c, err);
	drop(c);
	return err ? err : (ssize_t)len;
}

static void file_release(struct pfs_node *file, void *handle)
{
	struct koverlay *ov = file->priv;
	struct collector *c = handle;

	if (!c)
		return;
	if (c->have) {
		kernel_print(ov->k, "papr_dt_overlay: an incomplete blob is dropped");
		snprintf(c->reason, sizeof(c->reason),
			 "blob: incomplete when the file was closed");
		note_result(ov, c, -EPIPE);
	}
	drop(c);
	free(c);
}

static void show_records(const struct record *r, struct text *out)
{
	if (!r)
		return;
	show_records(r->next, out);
	text_add(out, "%u %s nodes=+%u/-%u props=%u\n", r->number, r->id,
		 r->changes.added, r->changes.removed, r->changes.props);
}

static int file_show(struct pfs_node *file, void *handle, struct text *out)
{
	const struct koverlay *ov = file->priv;
	const struct collector *c = handle;
	bool is_own = c && c->is_done;
	const char *reason = is_own ? c->reason : ov->reason;

	text_add(out, "papr-dt-overlay 1 backend=changeset max=%d seq=%u last=%d\n",
		 OVERLAY_BYTES_MAX, ov->completed, is_own ? c->result : ov->last);
	if (*reason)
		text_add(out, "reason: %s\n", reason);
	show_records(ov->newest, out);
	return 0;
}

int koverlay_boot(struct kernel *k)
{
	static const struct pfs_ops ops = { .open = file_open,
					    .write = file_write,
					    .release = file_release,
					    .show_to = file_show };

	if (!k->has_overlay)
		return 0;
	k->overlay = calloc(1, sizeof(*k->overlay));
	if (!k->overlay)
		return -ENOMEM;
	k->overlay->k = k;
	k->overlay->module = pfs_path(k->sys, "module/papr_dt_overlay");
	return pfs_file(k->proc, "device-tree-overlay", 0600, &ops, k->overlay) ? 0
										: -ENOMEM;
}

void koverlay_free(struct kernel *k)
{
	struct record *r;

	while (k->overlay && (r = k->overlay->newest)) {
		k->overlay->newest = r->next;
		record_free(r);
	}
	free(k->overlay);
	k->overlay = NULL;
}
