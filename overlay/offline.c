// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "overlay/blob_merge.h"
#include "overlay/offline.h"
#include "wire/fdt_check.h"
#include "wire/fdt_index.h"
#include "wire/overlay.h"
#include "wire/overlay_resolve.h"
#include "wire/printable.h"

enum {
	/* room for the properties that a copy may get */
	MORE_BYTES = 256,
	LABEL_BYTES = 1024, /* a path */
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

/* ---- Against a base tree ----------------------------------------------------------------- */

int offline_check_base(const struct input *base, char why[INPUT_WHY_BYTES])
{
	int err = fdt_check(base->bytes, base->size);

	if (err)
		return offline_refuse(why, -EINVAL, "damaged: libfdt: %s",
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

/* ---- Labels ------------------------------------------------------------------------------- */

/* Write the path that a label of the blob has in the base. Return 0 if it has none: it is
 * not one of a fragment's content. */
static int offline_label_path(const struct overlay *o, const struct fdt_index *base,
			      const char *label, char path[LABEL_BYTES])
{
	static const char content[] = "/__overlay__";
	const char *end = *label == '/' ? label + 1 + strcspn(label + 1, "/") : label;
	size_t len = (size_t)(end - label);
	struct overlay_fragment f;
	int at = 0, node;

	if (strncmp(end, content, strlen(content)) != 0)
		return 0;
	end += strlen(content);
	while (!*end || *end == '/') {
		if (overlay_next(o, &at, &f) != 1)
			return 0;
		if (strncmp(f.name, label + 1, len - 1) != 0 || f.name[len - 1])
			continue;
		node = f.path ? -ENODEV : fdt_index_owner(base, f.phandle);
		if (f.path && strlen(f.path) < LABEL_BYTES)
			memcpy(path, f.path, strlen(f.path) + 1);
		else if (node < 0 || fdt_get_path(base->fdt, node, path, LABEL_BYTES))
			return 0;
		len = strcmp(path, "/") || !*end ? strlen(path) : 0;
		return snprintf(path + len, LABEL_BYTES - len, "%s", end) <
		       (int)(LABEL_BYTES - len);
	}
	return 0;
}

/* Add the labels of the blob to those of the base, by a fragment of its own. An existing
 * label keeps its node, because other nodes may refer to it. */
static int offline_add_labels(const struct overlay *o, const struct fdt_index *base,
			      struct input *out, char *why)
{
	int there = fdt_index_at(base, "__symbols__", 11, false), at, len;
	int fragment, content = -1;
	char path[LABEL_BYTES], own[32] = "papr-labels";

	if (there < 0 || o->symbols < 0 || o->revert)
		return 0;
	for (int i = 2; fdt_subnode_offset(out->bytes, 0, own) >= 0; i++)
		snprintf(own, sizeof(own), "papr-labels-%d", i);
	fdt_for_each_property_offset(at, o->fdt, o->symbols) {
		const char *name, *label = fdt_getprop_by_offset(o->fdt, at, &name, &len);
		const char *now = fdt_getprop(base->fdt, there, name, NULL);

		if (len < 1 || strnlen(label, (size_t)len) != (size_t)len - 1)
			return offline_refuse(why, -EINVAL,
					      "__symbols__: %s must be one string", name);
		if (!offline_label_path(o, base, label, path))
			continue;
		/* Each node has a property "name", which is no label. */
		if (!strcmp(name, "name") || (now && strcmp(now, path) != 0))
			return offline_refuse(why, -EEXIST,
					      "/__symbols__: label %s is in use", name);
		if (content < 0) {
			fragment = fdt_add_subnode(out->bytes, 0, own);
			fdt_setprop_string(out->bytes, fragment, "target-path",
					   "/__symbols__");
			content = fdt_add_subnode(out->bytes, fragment, "__overlay__");
		}
		if (content < 0 || fdt_setprop_string(out->bytes, content, name, path))
			return offline_refuse(why, -EFBIG, "its labels have no room");
	}
	return 0;
}

/* ---- Resolving ---------------------------------------------------------------------------- */

/* Resolve a compiler's blob. base NULL: any label resolves. */
static int offline_resolve_compiled(const struct input *blob, const struct input *base,
				    bool has_labels, struct input *out, char *why)
{
	const void *tree = base ? base->bytes : NULL;
	char reason[OVERLAY_REASON_BYTES];
	struct input resolved = { 0 };
	struct fdt_index index;
	struct overlay o;
	int err = offline_copied(&resolved, offline_copy(blob, 0, &resolved), why);

	if (err)
		return err;
	err = overlay_resolve(resolved.bytes, tree, reason, sizeof(reason));
	if (err)
		offline_refuse(why, err, "%s", reason);
	if (!err) {
		offline_squeeze(resolved.bytes);
		err = offline_decode(&o, &resolved, why);
	}
	if (!err)
		err = offline_copied(
			out, offline_copy(&resolved, blob->size + MORE_BYTES, out), why);
	if (!err && has_labels && base) {
		err = offline_copied(out, fdt_index_make(&index, tree), why);
		if (!err)
			err = offline_add_labels(&o, &index, out, why);
		fdt_index_free(&index);
	}
	input_free(&resolved);
	if (err)
		input_free(out);
	return err;
}

int offline_resolve(const struct input *blob, const struct input *base, bool has_labels,
		    struct input *out, char why[INPUT_WHY_BYTES])
{
	char reason[INPUT_WHY_BYTES];
	struct overlay o;
	int err = offline_decode(&o, blob, why);

	if (err)
		return err;
	has_labels = has_labels && base && !o.keeps_handles;
	err = o.keeps_handles
		      ? offline_copied(out, offline_copy(blob, MORE_BYTES, out), why)
		      : offline_resolve_compiled(blob, base, has_labels, out, why);
	if (!err && fdt_setprop_u32(out->bytes, 0, "papr,format", 1))
		err = offline_copied(out, -EINVAL, why);
	if (!err)
		err = offline_copied(out, offline_pack(out), why);
	if (err)
		return err;
	err = offline_decode(&o, out, reason);
	if (err)
		offline_refuse(why, err, "%.300s%s", reason,
			       has_labels ? ", with the fragment for its labels "
					    "(__symbols__); compile it without -@, or "
					    "split it"
					  : "");
	return err;
}

int offline_check(const struct input *blob, struct input *base, char why[INPUT_WHY_BYTES])
{
	struct input resolved = { 0 };
	int err = offline_resolve(blob, base, true, &resolved, why);

	if (!err && base)
		err = blob_merge(base, &resolved, why);
	input_free(&resolved);
	return err;
}

bool offline_has_path(const struct input *blob, char why[INPUT_WHY_BYTES])
{
	static const char mark[] = "/__overlay__";
	const void *fdt = blob->bytes;
	int at, fragment, node, len, depth;
	const char *name;

	fdt_for_each_subnode(fragment, fdt, 0) {
		node = fdt_subnode_offset(fdt, fragment, mark + 1);
		for (depth = 0; node >= 0 && depth >= 0;
		     node = fdt_next_node(fdt, node, &depth))
			fdt_for_each_property_offset(at, fdt, node) {
				const char *value =
					fdt_getprop_by_offset(fdt, at, &name, &len);

				if (len < 1 || *value != '/' || value[len - 1] ||
				    !strstr(value, mark))
					continue;
				offline_refuse(why, 0,
					       "%.64s: property %.64s remains the "
					       "overlay's own path %.128s",
					       fdt_get_name(fdt, fragment, NULL), name,
					       value);
				return true;
			}
	}
	return false;
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
