// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /proc/device-tree-overlay, as the module papr_dt_overlay has it: blobs are collected from
 * the writes of each opener, applied whole, and kept to be taken back.
 */
#include <errno.h>
#include <fcntl.h>
#include <libfdt.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel_changes.h"
#include "wire/overlay.h"

struct record {
	struct record *next; /* the one before */
	unsigned int number;
	char *id;
	struct kchanges changes;
};

struct koverlay {
	struct kernel *k;
	struct pfs_node *module;
	struct record *newest;
	unsigned int last_number, completed;
	int last; /* how the last blob ended */
};

/* What one opener has written so far. */
struct collector {
	uint8_t head[OVERLAY_HEAD_BYTES];
	uint8_t *blob; /* when its size is known */
	size_t size, have;
};

/* ---- What a blob does to the tree -------------------------------------------------- */

/* A node keeps its handle, for others refer to it. One that has none takes one that is
 * free. */
static int merge_handle(struct kchanges *c, struct dt_node *node, const char *name,
			const void *value, int len)
{
	uint32_t handle = len == 4 ? ktree_cell(value, 0) : 0;

	if (!handle)
		return -EINVAL;
	if (node->phandle)
		return handle == node->phandle ? 0 : -EINVAL;
	if (ktree_by_phandle(c->k, handle))
		return -EEXIST;
	return kchanges_set(c, node, name, value, (size_t)len);
}

static int merge_property(struct kchanges *c, struct dt_node *node, enum overlay_op op,
			  const void *fdt, int at)
{
	const char *name;
	int len;
	const void *value = fdt_getprop_by_offset(fdt, at, &name, &len);
	bool is_there = ktree_get(node, name, NULL);

	if (!strcmp(name, "name")) /* the node's own */
		return 0;
	if (kchanges_is_handle(name))
		return merge_handle(c, node, name, value, len);
	if (op == OVERLAY_ADD && is_there)
		return -EEXIST;
	if (op == OVERLAY_UPDATE && !is_there)
		return -ENOENT;
	return kchanges_set(c, node, name, value, (size_t)len);
}

static int merge(struct kchanges *c, struct dt_node *node, enum overlay_op op,
		 const void *fdt, int content)
{
	struct dt_node *there;
	int at, err = 0;

	fdt_for_each_property_offset(at, fdt, content) {
		err = merge_property(c, node, op, fdt, at);
		if (err)
			return err;
	}
	fdt_for_each_subnode(at, fdt, content) {
		there = ktree_child(node, fdt_get_name(fdt, at, NULL));
		if (there && op == OVERLAY_ADD)
			return -EEXIST;
		if (!there && op == OVERLAY_UPDATE)
			return -ENOENT;
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
		/* Others know the node by these. */
		if (kchanges_is_handle(name) || !strcmp(name, "name"))
			err = ktree_get(node, name, NULL) ? -EINVAL : -ENOENT;
		else
			err = kchanges_unset(c, node, name);
	}
	return err;
}

static int apply_fragment(struct kchanges *c, const void *fdt,
			  const struct overlay_fragment *f, struct dt_node *target)
{
	/* Another one of this blob has removed it. */
	if (!ktree_is_attached(c->k, target))
		return -ENODEV;
	switch (f->op) {
	case OVERLAY_REMOVE_NODE:
		return target->parent ? kchanges_remove_node(c, target) : -EPERM;
	case OVERLAY_REMOVE_PROPERTIES:
		return remove_properties(c, target, f);
	case OVERLAY_MERGE:
	case OVERLAY_ADD:
	case OVERLAY_UPDATE:
		break;
	}
	return merge(c, target, f->op, fdt, f->content);
}

/* Every target is known before anything changes. */
static int apply_fragments(struct kchanges *c, const struct overlay *o)
{
	struct dt_node *targets[OVERLAY_FRAGMENTS_MAX];
	struct overlay_fragment f;
	int at = 0, err = 0;
	size_t n = 0, i;

	for (; overlay_next(o, &at, &f) == 1; n++) {
		targets[n] = f.path ? ktree_find(c->k, f.path)
				    : ktree_by_phandle(c->k, f.phandle);
		if (!targets[n])
			return -ENODEV;
	}
	for (at = 0, i = 0; !err && i < n && overlay_next(o, &at, &f) == 1; i++)
		err = apply_fragment(c, o->fdt, &f, targets[i]);
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

/* 0: all of it is done, or could be. */
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

static int revert(struct koverlay *ov, const struct overlay *o)
{
	struct kchanges c = { .k = ov->k };
	struct record *r = record_called(ov, o->revert), **at, *newer;
	int err;

	if (!r)
		return -ENOENT;
	for (newer = ov->newest; newer != r; newer = newer->next)
		if (kchanges_overlap(&newer->changes, &r->changes))
			return -EBUSY;
	err = end(&c, o, kchanges_revert(&c, &r->changes));
	kchanges_free(&c);
	if (err || o->flags & OVERLAY_CHECK_ONLY)
		return err;
	for (at = &ov->newest; *at != r; at = &(*at)->next)
		;
	*at = r->next;
	record_free(r);
	return 0;
}

static int apply(struct koverlay *ov, const struct overlay *o)
{
	struct record *r;
	int err;

	if (o->id && record_called(ov, o->id))
		return -EEXIST;
	r = record_new(ov, o->id);
	if (!r)
		return -ENOMEM;
	r->changes.k = ov->k;
	r->changes.keep =
		!(o->flags & OVERLAY_TRANSIENT) && !(o->flags & OVERLAY_CHECK_ONLY);
	err = kchanges_begin(&r->changes);
	if (!err)
		err = end(&r->changes, o, apply_fragments(&r->changes, o));
	if (err || !r->changes.keep) {
		record_free(r);
		return err;
	}
	ov->last_number++;
	r->next = ov->newest;
	ov->newest = r;
	return 0;
}

static int complete(struct koverlay *ov, const void *blob, size_t size)
{
	struct overlay o;
	const char *name;
	int err = overlay_decode(&o, blob, size);

	if (!err)
		err = o.revert ? revert(ov, &o) : apply(ov, &o);
	if (err || o.flags & OVERLAY_CHECK_ONLY)
		return err;
	ov->completed++;
	name = o.revert ? o.revert : o.id ? o.id : "";
	kuevent(ov->k, "change", ov->module, "module",
		"PAPR_OVERLAY=%s\nPAPR_OVERLAY_SEQ=%u", name, ov->completed);
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
	*c = (struct collector){ 0 };
}

/* The head is complete: room for the rest. */
static int begin(struct collector *c)
{
	int err = overlay_size(c->head, &c->size);

	if (err)
		return err;
	c->blob = malloc(c->size);
	if (!c->blob)
		return -ENOMEM;
	memcpy(c->blob, c->head, sizeof(c->head));
	return 0;
}

/* 1: that was the last byte. */
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
	if (len > c->size - c->have)
		return -EINVAL;
	memcpy(c->blob + c->have, bytes, len);
	c->have += len;
	return c->have == c->size;
}

static ssize_t file_write(struct pfs_node *file, void *handle, const char *bytes,
			  size_t len)
{
	struct koverlay *ov = file->priv;
	struct collector *c = handle;
	int err = c ? collect(c, bytes, len) : -EBADF;

	if (!err)
		return (ssize_t)len;
	if (err > 0)
		err = complete(ov, c->blob, c->size);
	ov->last = err;
	if (c)
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
		ov->last = -EPIPE;
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

static int file_show(struct pfs_node *file, struct text *out)
{
	const struct koverlay *ov = file->priv;

	text_add(out, "papr-dt-overlay 1 backend=changeset max=%d seq=%u last=%d\n",
		 OVERLAY_BYTES_MAX, ov->completed, ov->last);
	show_records(ov->newest, out);
	return 0;
}

int koverlay_boot(struct kernel *k)
{
	static const struct pfs_ops ops = { .open = file_open,
					    .write = file_write,
					    .release = file_release,
					    .show = file_show };

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
