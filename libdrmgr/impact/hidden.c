// SPDX-License-Identifier: LGPL-2.1-or-later
/* Block devices that the kernel keeps for a holder which nothing names, and mounts that may
 * be on them. */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/parts.h"
#include "kern/sysfs.h"

enum { CLAIMS_MS = 2000, DEPTH_MAX = 8 };

static void block_test(struct impact_search *s, struct impact_block *b,
		       const struct deadline *dl)
{
	const struct claim_facts *claims = s->dr->claims;

	if (claims && !b->is_used && (b->major || b->minor))
		b->claim = claims->test(claims->priv, s->dr->root, b->name, b->major,
					b->minor, dl);
}

static bool block_is_part(const struct impact_block *part,
			  const struct impact_block *disk)
{
	return part->is_lost && part->parent && !strcmp(part->parent, disk->name);
}

/* Test a disk and its partitions. A claim of a partition is one of the disk, too, and the
 * other way round: a free disk has free partitions, and a partition that is held explains
 * the disk. */
static void disk_test(struct impact_search *s, struct impact_block *disk,
		      const struct deadline *dl)
{
	struct impact_block *end = s->blocks.list + s->blocks.n, *part;
	bool has_use = false, has_claim = false;

	for (part = disk; disk->is_split && part < end; part++)
		has_use |= block_is_part(part, disk) && part->is_used;
	if (!has_use)
		block_test(s, disk, dl);
	for (part = disk; disk->is_split && part < end; part++) {
		if (!block_is_part(part, disk))
			continue;
		if (has_use || disk->claim == CLAIM_HELD)
			block_test(s, part, dl);
		else
			part->claim = disk->is_used ? CLAIM_FREE : disk->claim;
		has_claim |= part->claim == CLAIM_HELD;
	}
	if (has_claim)
		disk->claim = CLAIM_UNKNOWN;
}

static int claims_search(struct impact_search *s)
{
	struct deadline dl = deadline_in_ms(CLAIMS_MS);
	int err = 0;

	for (size_t i = 0; i < s->blocks.n_lost; i++) {
		struct impact_block *b = &s->blocks.list[s->blocks.queue[i]];
		const struct impact_block *disk =
			b->parent ? impact_block_find(&s->blocks, b->parent) : NULL;

		if (!disk || !disk->is_lost)
			disk_test(s, b, &dl);
	}
	for (size_t i = 0; !err && i < s->blocks.n_lost; i++) {
		const struct impact_block *b = &s->blocks.list[s->blocks.queue[i]];

		if (b->claim == CLAIM_HELD)
			err = impact_report(s, IMPACT_CLAIMED, b->label, b->chain, false);
	}
	return err;
}

static bool mount_is_unknown(struct impact_search *s, const struct mount_entry *m,
			     int depth);

static bool path_is_unknown(struct impact_search *s, const char *path,
			    const struct mount_entry *without, int depth);

/* Test whether the file or device below is unknown. */
static bool block_is_unknown(struct impact_search *s, const struct impact_block *b,
			     int depth)
{
	char backing[4096];

	return impact_block_backing(s, b, backing, sizeof(backing)) && *backing == '/' &&
	       path_is_unknown(s, backing, NULL, depth);
}

static bool path_is_unknown(struct impact_search *s, const char *path,
			    const struct mount_entry *without, int depth)
{
	const struct impact_block *b = impact_block_of_path(s, path);
	const struct mount_entry *below;

	if (b)
		return block_is_unknown(s, b, depth + 1);
	below = impact_layer_mount(s, path, without);
	return !below || mount_is_unknown(s, below, depth + 1);
}

static int layer_is_unknown(struct impact_search *s, const struct mount_entry *m,
			    const char *path, void *to)
{
	const int *depth = to;

	return path_is_unknown(s, path, m, *depth);
}

static struct impact_block *block_of_number(struct impact_search *s,
					    const struct mount_entry *m)
{
	char name[256];

	return sysfs_link_name(s->dr->root, name, sizeof(name), "sys/dev/block/%u:%u",
			       m->major, m->minor)
		       ? NULL
		       : impact_block_find(&s->blocks, name);
}

/* Test whether nothing tells on which device a mount is. */
static bool mount_is_unknown(struct impact_search *s, const struct mount_entry *m,
			     int depth)
{
	static const char *const on_none[] = { "tmpfs", "ramfs", "rootfs", "virtiofs",
					       "9p" };
	_cleanup_free_ char *path = NULL;
	const struct impact_block *b;

	if (depth > DEPTH_MAX)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(on_none); i++)
		if (!strcmp(m->type, on_none[i]))
			return false;
	if (impact_mount_is_remote(m))
		return false;
	if (!strcmp(m->type, "overlay"))
		return impact_mount_each_path(s, m, layer_is_unknown, &depth) != 0;
	path = strndup(m->source, strcspn(m->source, ":"));
	b = m->major				   ? block_of_number(s, m)
	    : path && impact_mount_names_device(m) ? impact_block_of_path(s, path)
						   : NULL;
	return !b || block_is_unknown(s, b, depth);
}

/* Test whether the mount may be on any disk whose claim is unknown, too. The kernel does not
 * report the disks of a ZFS pool, or the device of "/dev/root". */
static bool mount_is_anywhere(struct impact_search *s, const struct mount_entry *m)
{
	if (m->major)
		return false;
	if (!strcmp(m->type, "zfs"))
		return true;
	return impact_mount_names_device(m) && !strchr(m->source, ':') &&
	       !impact_block_of_path(s, m->source);
}

/* Return the first lost block device with this claim and without a visible use, or NULL. */
static const struct impact_block *block_with_claim(const struct impact_search *s,
						   enum claim claim)
{
	for (size_t i = 0; i < s->blocks.n_lost; i++) {
		const struct impact_block *b = &s->blocks.list[s->blocks.queue[i]];

		if (!b->is_used && b->claim == claim && (!b->is_split || claim))
			return b;
	}
	return NULL;
}

static int mount_report_hidden(struct impact_search *s, const struct mount_entry *m,
			       const struct impact_block *b)
{
	_cleanup_free_ char *chain = impact_chain(b->chain, m->source);

	return chain ? impact_report(s, IMPACT_MOUNT, m->point, chain, true) : -ENOMEM;
}

int impact_hidden_search(struct impact_search *s)
{
	int err = claims_search(s);
	const struct impact_block *held = block_with_claim(s, CLAIM_HELD);
	const struct impact_block *unknown = block_with_claim(s, CLAIM_UNKNOWN);

	for (size_t i = 0; (held || unknown) && !err && i < s->mounts.n; i++) {
		const struct mount_entry *m = &s->mounts.list[i];

		if (s->mount[i].chain || !impact_mount_is_vital(m->point))
			continue;
		if (held && mount_is_unknown(s, m, 0))
			err = mount_report_hidden(s, m, held);
		else if (unknown && mount_is_anywhere(s, m))
			err = mount_report_hidden(s, m, unknown);
	}
	return err;
}
