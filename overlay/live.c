// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "kern/prop.h"
#include "kern/text.h"
#include "overlay/live.h"
#include "wire/overlay.h"

#define LIVE_FILE "/proc/device-tree-overlay"

/* Meanings of the file's errors, used if the file gives no reason. */
static const struct {
	int err;
	const char *text;
} live_errors[] = {
	{ -EINVAL, "the blob is invalid, or a fragment is incomplete" },
	{ -EFBIG, "the blob is too large for the file" },
	{ -E2BIG, "too many nodes, levels, fragments or properties" },
	{ -EOPNOTSUPP, "a format, flag, operation or reference is not supported" },
	{ -ENODEV, "a target does not exist" },
	{ -ENOENT, "a property, node or recorded change does not exist" },
	{ -EEXIST, "a name, node, property or handle exists already" },
	{ -EBUSY, "its nodes have changed since, or are in use" },
	{ -ENOSPC, "too many changes are kept, or the kernel has no room" },
};

static void live_explain(int err, const char *reason, char *why)
{
	const char *text = strerror(-err);

	for (size_t i = 0; i < sizeof(live_errors) / sizeof(*live_errors); i++)
		if (live_errors[i].err == err)
			text = live_errors[i].text;
	if (!strncmp(reason, "blob: ", 6)) /* the message names the file already */
		reason += 6;
	if (*reason)
		text = reason;
	snprintf(why, INPUT_WHY_BYTES, "%s: %s", strerrorname_np(-err), text);
}

static void live_explain_file(int err, char *why)
{
	const char *text = strerror(-err);

	if (err == -ENOENT)
		text = "does not exist; load the module papr-dt-overlay";
	else if (err == -EACCES)
		text = "only root may open it; run this command as root";
	else if (err == -EPERM)
		text = "cannot be opened for writing without CAP_SYS_ADMIN, or while the "
		       "kernel is locked down";
	else if (err == -EOPNOTSUPP)
		text = "is not the file of papr-dt-overlay";
	snprintf(why, INPUT_WHY_BYTES, LIVE_FILE ": %s", text);
}

int live_open(struct live *live, char why[INPUT_WHY_BYTES])
{
	int err;

	live->lock = (struct lock){ -1, -1 };
	err = kern_root_open(&live->root, NULL);
	if (!err)
		err = overlay_probe(&live->root);
	if (err)
		live_explain_file(err, why);
	return err;
}

void live_close(struct live *live)
{
	lock_release(&live->lock);
	kern_root_close(&live->root);
}

int live_lock(struct live *live, char why[INPUT_WHY_BYTES])
{
	struct deadline now = deadline_in_ms(0);
	struct lock_holder holder = { 0 };

	int err =
		lock_acquire(&live->lock, &live->root, LOCK_DR_FILE, NULL, &now, &holder);

	if (!err)
		return 0;
	if (err == -EAGAIN)
		snprintf(why, INPUT_WHY_BYTES,
			 "/" LOCK_DR_FILE ": process %d (%.200s) is changing this "
			 "partition; try again later",
			 (int)holder.pid, holder.command);
	else
		snprintf(why, INPUT_WHY_BYTES, "/" LOCK_DR_FILE ": %s", strerror(-err));
	return err;
}

static int live_copy_properties(const struct live *live, const char *node, void *fdt)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = node_properties(&live->root, node, &names);

	for (size_t i = 0; !err && i < names.n; i++) {
		_cleanup_prop_ struct prop prop = { 0 };

		if (!strcmp(names.name[i], "name")) /* the kernel makes it */
			continue;
		err = prop_read(&live->root, node, names.name[i], &prop);
		if (!err && fdt_property(fdt, names.name[i], prop.data, (int)prop.len))
			err = -EFBIG;
	}
	return err;
}

static int live_copy(const struct live *live, const char *node, void *fdt)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = live_copy_properties(live, node, fdt);

	if (!err)
		err = node_children(&live->root, node, &names);
	for (size_t i = 0; !err && i < names.n; i++) {
		_cleanup_free_ char *child =
			text_of("%s/%s", strcmp(node, "/") ? node : "", names.name[i]);

		if (!child)
			return -ENOMEM;
		err = fdt_begin_node(fdt, names.name[i]) ? -EFBIG : 0;
		if (!err)
			err = live_copy(live, child, fdt);
		if (!err)
			err = fdt_end_node(fdt) ? -EFBIG : 0;
	}
	return err;
}

int live_tree(const struct live *live, struct input *tree, char why[INPUT_WHY_BYTES])
{
	void *fdt = malloc(INPUT_BASE_MAX); /* of which only what is used takes memory */
	int err = fdt ? 0 : -ENOMEM;

	*tree = (struct input){ .bytes = fdt };
	if (!err && (fdt_create(fdt, INPUT_BASE_MAX) || fdt_finish_reservemap(fdt) ||
		     fdt_begin_node(fdt, "")))
		err = -EFBIG;
	if (!err)
		err = live_copy(live, "/", fdt);
	if (!err && (fdt_end_node(fdt) || fdt_finish(fdt)))
		err = -EFBIG;
	if (!err) {
		tree->size = fdt_totalsize(fdt);
		return 0;
	}
	snprintf(why, INPUT_WHY_BYTES, "/" DT_BASE ": %s", strerror(-err));
	input_free(tree);
	return err;
}

int live_write(const struct live *live, const struct input *blob,
	       char why[INPUT_WHY_BYTES])
{
	char reason[OVERLAY_TEXT_BYTES];
	int err = overlay_write_alone(&live->root, blob->bytes, blob->size, reason);

	if (err)
		live_explain(err, reason, why);
	return err;
}

int live_revert(const struct live *live, const char *id, uint32_t flags,
		char why[INPUT_WHY_BYTES])
{
	struct overlay_build b;
	int err;

	overlay_build_begin(&b, NULL, flags, id);
	err = overlay_build_end(&b);
	if (err)
		snprintf(why, INPUT_WHY_BYTES, "%s", strerror(-err));
	else
		err = live_write(live, &(struct input){ .bytes = b.fdt, .size = b.size },
				 why);
	overlay_build_free(&b);
	return err;
}

int live_status(const struct live *live, struct overlay_status *status,
		char why[INPUT_WHY_BYTES])
{
	int err = overlay_status_read(&live->root, status);

	if (err)
		live_explain_file(err, why);
	return err;
}
