// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "overlay/offline.h"
#include "wire/dt_name.h"
#include "wire/fdt_check.h"
#include "wire/overlay.h"
#include "wire/overlay_resolve.h"
#include "wire/printable.h"

enum {
	/* room for the properties that a copy may get */
	MORE_BYTES = 256,
};

__attribute__((format(printf, 3, 4))) static int offline_refuse(char *why, int err,
								const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, INPUT_WHY_BYTES, format, args);
	va_end(args);
	printable(why);
	return err;
}

/* ---- Soundness and meaning -------------------------------------------------------------- */

/* Decode a blob. After an error, why has the decoder's reason. */
static int offline_decode(struct overlay *o, const struct input *blob, char *why)
{
	int err = overlay_decode(o, blob->bytes, blob->size);
	const char *reason = o->reason;

	if (!err)
		return 0;
	if (!strncmp(reason, "blob: ", 6)) /* the message names the file already */
		reason += 6;
	return offline_refuse(why, err, "%s", *reason ? reason : strerror(-err));
}

/* Resolve every label, to an arbitrary handle. */
static int offline_any_label(const void *arg, const char *label, uint32_t *phandle)
{
	(void)arg;
	(void)label;
	*phandle = 1;
	return 0;
}

/* ---- Against a base tree ----------------------------------------------------------------- */

int offline_check_base(const struct input *base, char why[INPUT_WHY_BYTES])
{
	int err = fdt_check(base->bytes, base->size);

	if (err)
		return offline_refuse(why, -EINVAL, "damaged: libfdt: %s",
				      fdt_strerror(err));
	return 0;
}

static bool offline_has_handle(const void *fdt, int node, const char *name,
			       uint32_t handle)
{
	int len;
	const fdt32_t *value = fdt_getprop(fdt, node, name, &len);

	return value && len == 4 && fdt32_ld(value) == handle;
}

/* Find a node by its handle. As in the kernel, "ibm,phandle" counts. */
static bool offline_finds(const void *fdt, uint32_t handle)
{
	for (int node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL))
		for (int i = 0; i < DT_HANDLE_NAMES; i++)
			if (offline_has_handle(fdt, node, dt_handle_names[i], handle))
				return handle && handle != UINT32_MAX;
	return false;
}

/* Check that all targets exist. The blob must be resolved. */
static int offline_check_targets(const struct input *blob, const void *base, char *why)
{
	struct overlay_fragment f;
	struct overlay o;
	int at = 0, err = offline_decode(&o, blob, why);

	while (!err && overlay_next(&o, &at, &f) == 1) {
		if (f.path && fdt_path_offset(base, f.path) < 0)
			return offline_refuse(
				why, -ENODEV,
				"%s: the base tree has no node at target-path %.256s",
				f.name, f.path);
		if (!f.path && !offline_finds(base, f.phandle))
			return offline_refuse(
				why, -ENODEV,
				"%s: the base tree has no node with the target's handle "
				"0x%x",
				f.name, f.phandle);
	}
	return err;
}

/* Return true if the blob uses an operation that libfdt does not support. */
static bool offline_has_op(const void *fdt)
{
	int node;

	fdt_for_each_subnode(node, fdt, 0)
		if (fdt_getprop(fdt, node, "papr,op", NULL))
			return true;
	return fdt_getprop(fdt, 0, "papr,revert", NULL);
}

/* Apply copies of both trees with libfdt, which changes both. */
static int offline_check_libfdt(const struct input *blob, const struct input *base,
				char *why)
{
	size_t room = blob->size + base->size + MORE_BYTES;
	void *tree = malloc(room), *overlay = malloc(blob->size);
	int err = -FDT_ERR_NOSPACE;

	if (tree && overlay) {
		memcpy(overlay, blob->bytes, blob->size);
		err = fdt_open_into(base->bytes, tree, (int)room);
		if (!err)
			err = fdt_overlay_apply(tree, overlay);
	}
	free(tree);
	free(overlay);
	if (err)
		return offline_refuse(why, -EINVAL, "libfdt cannot apply it: %s",
				      fdt_strerror(err));
	return 0;
}

/* ---- Copies ------------------------------------------------------------------------------- */

/* Remove FDT_NOP tags from the structure block. */
static void offline_squeeze(void *fdt)
{
	char *tree = (char *)fdt + fdt_off_dt_struct(fdt);
	int at = 0, next, to = 0;
	uint32_t tag;

	do {
		tag = fdt_next_tag(fdt, at, &next);
		if (next < 0)
			return;
		if (tag != FDT_NOP) {
			memmove(tree + to, tree + at, (size_t)(next - at));
			to += next - at;
		}
		at = next;
	} while (tag != FDT_END);
	fdt_set_size_dt_struct(fdt, (uint32_t)to);
}

static int offline_copy(const struct input *in, size_t more, struct input *out)
{
	*out = (struct input){ .bytes = malloc(in->size + more),
			       .size = in->size + more };
	if (!out->bytes)
		return -ENOMEM;
	if (!more)
		memcpy(out->bytes, in->bytes, in->size);
	else if (fdt_open_into(in->bytes, out->bytes, (int)out->size))
		return -EINVAL;
	return 0;
}

static int offline_pack(struct input *out)
{
	int err = fdt_pack(out->bytes);

	out->size = fdt_totalsize(out->bytes);
	return err ? -EINVAL : out->size > OVERLAY_BYTES_MAX ? -EFBIG : 0;
}

/* After an error, free the copy and write the reason. */
static int offline_copied(struct input *out, int err, char *why)
{
	if (!err)
		return 0;
	input_free(out);
	if (err == -EFBIG)
		return offline_refuse(why, err, "larger than %d bytes",
				      OVERLAY_BYTES_MAX);
	return offline_refuse(why, err, "%s", strerror(-err));
}

/* Copy a valid blob and resolve it, which removes its lists of references. base NULL: any
 * label resolves. */
static int offline_resolved(const struct overlay *o, const struct input *blob,
			    const struct input *base, struct input *out, char *why)
{
	struct overlay_base tree = { .label = offline_any_label };
	char reason[OVERLAY_REASON_BYTES];
	int err = offline_copied(out, offline_copy(blob, 0, out), why);

	if (err || o->keeps_handles)
		return err;
	if (base)
		overlay_base_of(&tree, base->bytes);
	err = overlay_resolve(out->bytes, &tree, reason, sizeof(reason));
	if (err) {
		input_free(out);
		return offline_refuse(why, err, "%s", reason);
	}
	return 0;
}

int offline_check(const struct input *blob, const struct input *base,
		  char why[INPUT_WHY_BYTES])
{
	struct input resolved = { 0 };
	struct overlay o;
	int err = offline_decode(&o, blob, why);

	if (!err)
		err = offline_resolved(&o, blob, base, &resolved, why);
	if (!err)
		err = offline_decode(&o, &resolved, why);
	if (!err && base)
		err = offline_check_targets(&resolved, base->bytes, why);
	if (!err && base && !offline_has_op(blob->bytes))
		err = offline_check_libfdt(blob, base, why);
	input_free(&resolved);
	return err;
}

int offline_resolve(const struct input *blob, const struct input *base, struct input *out,
		    char why[INPUT_WHY_BYTES])
{
	struct input resolved = { 0 };
	struct overlay o;
	int err = offline_decode(&o, blob, why);

	if (!err && o.keeps_handles)
		return offline_refuse(why, -EINVAL,
				      "already resolved, according to papr,format");
	if (!err)
		err = offline_resolved(&o, blob, base, &resolved, why);
	if (!err)
		err = offline_check_targets(&resolved, base->bytes, why);
	if (err) {
		input_free(&resolved);
		return err;
	}
	offline_squeeze(resolved.bytes);
	err = offline_copy(&resolved, MORE_BYTES, out);
	input_free(&resolved);
	if (!err && fdt_setprop_u32(out->bytes, 0, "papr,format", 1))
		err = -EINVAL;
	return offline_copied(out, err ? err : offline_pack(out), why);
}

int offline_mark(const struct input *blob, unsigned int flags, const char *id,
		 struct input *out, char why[INPUT_WHY_BYTES])
{
	struct overlay o;
	int err = offline_decode(&o, blob, why);

	if (err)
		return err;
	flags |= o.flags;
	err = offline_copy(blob, MORE_BYTES, out);
	if (!err && flags && fdt_setprop_u32(out->bytes, 0, "papr,flags", flags))
		err = -EINVAL;
	if (!err && id && fdt_setprop_string(out->bytes, 0, "papr,overlay-id", id))
		err = -EINVAL;
	return offline_copied(out, err ? err : offline_pack(out), why);
}
