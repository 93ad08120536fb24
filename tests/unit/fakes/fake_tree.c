// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/stat.h>

#include <libfdt.h>

#include "libdrmgr/tree/apply.h"
#include "kern/prop.h"
#include "tests/unit/fakes/fake_parts.h"
#include "wire/dynmem.h"
#include "wire/ofdt_cmd.h"
#include "wire/overlay.h"

static ssize_t add_node(struct fake *f, struct ofdt_cmd *cmd)
{
	char path[512], file[1024];
	struct ofdt_prop prop;
	char *slash;
	int err;

	snprintf(path, sizeof(path), DT "%.*s", (int)cmd->path.len, cmd->path.s);
	if (fake_exists(f, path))
		return -EINVAL;
	slash = strrchr(path, '/');
	*slash = '\0';
	if (!fake_exists(f, path))
		fail_msg("add_node below a missing parent crashes a real kernel: %s",
			 path);
	*slash = '/';
	assert_int_equal(mkdirat(f->root.fd, path, 0755), 0);
	while ((err = ofdt_cmd_next_property(cmd, &prop)) == 1) {
		snprintf(file, sizeof(file), "%s/%.*s", path, (int)prop.name.len,
			 prop.name.s);
		fake_file(f, file, prop.value, prop.len);
	}
	return err;
}

static ssize_t remove_node(struct fake *f, const struct ofdt_cmd *cmd)
{
	char path[512];

	snprintf(path, sizeof(path), DT "%.*s", (int)cmd->path.len, cmd->path.s);
	if (!fake_exists(f, path))
		return -ENODEV;
	if (fake_has_children(f, path))
		return -EBUSY;
	fake_remove(f, path);
	return 0;
}

/* Of the one node whose properties are changed. */
static ssize_t update_property(struct fake *f, struct ofdt_cmd *cmd)
{
	struct ofdt_prop prop;
	uint32_t phandle;
	char path[512];

	if (fake_note(f, 0, "update_property"))
		return f->fail_with;
	if (prop_u32(&f->root, DYNMEM_NODE, "ibm,phandle", &phandle) ||
	    phandle != cmd->phandle)
		return -ENODEV;
	assert_int_equal(ofdt_cmd_next_property(cmd, &prop), 1);
	snprintf(path, sizeof(path), DT DYNMEM_NODE "/%.*s", (int)prop.name.len,
		 prop.name.s);
	fake_file(f, path, prop.value, prop.len);
	return 0;
}

ssize_t fake_write_ofdt(struct fake *f, const void *buf, size_t len)
{
	struct ofdt_cmd cmd;
	int err = ofdt_cmd_parse(&cmd, buf, len);
	bool is_add = cmd.verb == OFDT_ADD_NODE;
	char path[512];

	if (err)
		return err;
	if (f->property && !is_add && cmd.verb != OFDT_REMOVE_NODE) {
		err = (int)f->property(f, &cmd);
		return err ? err : (ssize_t)len;
	}
	if (cmd.verb == OFDT_UPDATE_PROPERTY) {
		err = (int)update_property(f, &cmd);
		return err ? err : (ssize_t)len;
	}
	assert_true(is_add || cmd.verb == OFDT_REMOVE_NODE);
	if (fake_note(f, 0, is_add ? "add_node" : "remove_node"))
		return f->fail_with;
	err = (int)(is_add ? add_node(f, &cmd) : remove_node(f, &cmd));
	if (!err && f->on_node) {
		snprintf(path, sizeof(path), "%.*s", (int)cmd.path.len, cmd.path.s);
		f->on_node(f, path, is_add);
	}
	return err ? err : (ssize_t)len;
}

/* Write a fragment below the host bridge as files. */
void fake_attach_fragment(struct fake *f, const void *fdt, int node, const char *parent)
{
	char path[512], file[1024];
	int prop, child, len;
	const char *name;

	snprintf(path, sizeof(path), "%s/%s", parent, fdt_get_name(fdt, node, NULL));
	mkdirat(f->root.fd, path, 0755);
	fdt_for_each_property_offset(prop, fdt, node) {
		const void *value = fdt_getprop_by_offset(fdt, prop, &name, &len);

		snprintf(file, sizeof(file), "%s/%s", path, name);
		fake_file(f, file, value, (size_t)len);
	}
	fdt_for_each_subnode(child, fdt, node)
		fake_attach_fragment(f, fdt, child, path);
}

void fake_node_path(const struct fake *f, const struct fake_drc *d, char *path,
		    size_t size)
{
	(void)f;
	snprintf(path, size, DT "%s/%s", d->parent,
		 fdt_get_name(d->frag.fdt, fdt_frag_top(&d->frag), NULL));
}

ssize_t fake_write_dlpar(struct fake *f, const char *buf, size_t len)
{
	char path[512], verb[8];
	struct fake_drc *d;
	uint32_t index;

	if (f->take && strncmp(buf, "dt ", 3) != 0)
		return f->take(f, "sys/kernel/dlpar", buf);
	assert_int_equal(sscanf(buf, "dt %7s index %x", verb, &index), 2);
	d = fake_by_index(f, index);
	if (!strcmp(verb, "add")) {
		if (fake_note(f, index, "dt-add"))
			return f->fail_with;
		if (f->dt_add_errno)
			return -f->dt_add_errno;
		if (!d || d->state == FAKE_POWERON)
			return -EIO;
		snprintf(path, sizeof(path), DT "%s", d->parent);
		fake_attach_fragment(f, d->frag.fdt, fdt_frag_top(&d->frag), path);
		d->state = FAKE_CONFIGURED;
		return (ssize_t)len;
	}
	if (fake_note(f, index, "dt-remove"))
		return f->fail_with;
	fake_node_path(f, d, path, sizeof(path));
	fake_remove(f, path);
	return (ssize_t)len;
}

/* Get the target's path in the folder. */
static void place_of(const struct overlay_fragment *fragment, char *path, size_t size)
{
	bool is_root = !strcmp(fragment->path, "/");

	snprintf(path, size, DT "%s", is_root ? "" : fragment->path);
}

/* Return an error if it would fail: new nodes must not exist, other nodes must. */
static int check_change(const struct fake *f, const struct overlay *o,
			const struct overlay_fragment *fragment)
{
	char path[512], child_path[1024];
	int child;

	assert_non_null(fragment->path);
	place_of(fragment, path, sizeof(path));
	if (!fake_exists(f, path))
		return -ENODEV;
	if (fragment->op == OVERLAY_REMOVE_NODE)
		return 0;
	assert_int_equal(fragment->op, OVERLAY_ADD);
	fdt_for_each_subnode(child, o->fdt, fragment->content) {
		snprintf(child_path, sizeof(child_path), "%s/%s", path,
			 fdt_get_name(o->fdt, child, NULL));
		if (fake_exists(f, child_path))
			return -EEXIST;
	}
	return 0;
}

static void make_change(struct fake *f, const struct overlay *o,
			const struct overlay_fragment *fragment)
{
	char path[512];
	int child;

	place_of(fragment, path, sizeof(path));
	if (fragment->op == OVERLAY_REMOVE_NODE) {
		fake_remove(f, path);
		return;
	}
	fdt_for_each_subnode(child, o->fdt, fragment->content)
		fake_attach_fragment(f, o->fdt, child, path);
}

/* Apply all of it or nothing. */
ssize_t fake_write_overlay(struct fake *f, const void *buf, size_t len)
{
	struct overlay_fragment fragment;
	struct overlay o;
	int at = 0, err = overlay_decode(&o, buf, len);

	assert_int_equal(err, 0);
	assert_int_equal(o.flags, OVERLAY_TRANSIENT);
	assert_null(o.id);
	assert_int_equal(overlay_next(&o, &at, &fragment), 1);
	if (fake_note(f, 0,
		      fragment.op == OVERLAY_ADD ? "overlay-add" : "overlay-remove"))
		return f->fail_with;
	for (at = 0; !err && overlay_next(&o, &at, &fragment) == 1;)
		err = check_change(f, &o, &fragment);
	for (at = 0; !err && overlay_next(&o, &at, &fragment) == 1;)
		make_change(f, &o, &fragment);
	return err ? err : (ssize_t)len;
}

void fake_serve_overlay(struct fake *f)
{
	fake_text(f, "proc/device-tree-overlay",
		  "papr-dt-overlay 1 backend=changeset max=1048576 seq=0 last=0\n");
	f->dr.backend = &apply_overlay;
}
