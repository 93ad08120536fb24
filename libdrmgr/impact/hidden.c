// SPDX-License-Identifier: LGPL-2.1-or-later
/* Block devices that the kernel keeps for a holder which nothing names, and mounts that may
 * be on them. */
#include <string.h>

#include "libdrmgr/impact/search.h"

enum { CLAIMS_MS = 2000, DEPTH_MAX = 8 };

static void block_test(struct impact_search *s, struct thing *b,
		       const struct deadline *dl)
{
	const struct claim_facts *claims = s->dr->claims;

	if (!claims || b->is_used || (!b->major && !b->minor))
		return;
	b->is_tested = true;
	b->claim =
		claims->test(claims->priv, s->dr->root, b->name, b->major, b->minor, dl);
}

/* Test a disk and its partitions. A claim of a partition is one of the disk, too, and the
 * other way round: a free disk has free partitions, and a partition that is held explains
 * the disk. */
static void disk_test(struct impact_search *s, size_t disk, const struct deadline *dl)
{
	struct thing *d = &s->things[disk];
	bool has_use = false, has_claim = false;
	size_t i;

	for (i = 0; d->is_split && (i = search_next_lost(s, THING_BLOCK, i));)
		has_use |= s->things[i].parent == disk && s->things[i].is_used;
	if (!has_use)
		block_test(s, d, dl);
	for (i = 0; d->is_split && (i = search_next_lost(s, THING_BLOCK, i));) {
		struct thing *part = &s->things[i];

		if (part->parent != disk)
			continue;
		if (has_use || d->claim == CLAIM_HELD)
			block_test(s, part, dl);
		else
			part->claim = d->is_used ? CLAIM_FREE : d->claim;
		has_claim |= part->claim == CLAIM_HELD;
	}
	if (has_claim)
		d->claim = CLAIM_FREE;
}

static void claims_search(struct impact_search *s)
{
	struct deadline dl = deadline_in_ms(CLAIMS_MS);

	for (size_t i = 0; (i = search_next_lost(s, THING_BLOCK, i));)
		if (!s->things[s->things[i].parent].is_lost)
			disk_test(s, i, &dl);
	for (size_t i = 0; (i = search_next_lost(s, THING_BLOCK, i));) {
		const struct thing *b = &s->things[i];
		bool is_unsure = b->is_tested && b->claim == CLAIM_UNKNOWN;

		if (b->claim == CLAIM_HELD || is_unsure)
			search_report(s,
				      &(struct dr_impact){ .kind = IMPACT_CLAIMED,
							   .what = block_label(s, b),
							   .through = b->chain,
							   .is_unsure = is_unsure ||
									b->is_unsure });
	}
}

static bool mount_is_unknown(struct impact_search *s, const struct mount_entry *m,
			     int depth);

static bool path_is_unknown(struct impact_search *s, const char *path,
			    const struct mount_entry *without, int depth);

/* Test whether the file or device below is unknown. */
static bool block_is_unknown(struct impact_search *s, size_t b, int depth)
{
	char backing[PATH_MAX];

	return block_backing(s, &s->things[b], backing, sizeof(backing)) &&
	       *backing == '/' && path_is_unknown(s, backing, NULL, depth);
}

static bool path_is_unknown(struct impact_search *s, const char *path,
			    const struct mount_entry *without, int depth)
{
	size_t b = block_of_path(s, path);
	const struct mount_entry *below;

	if (b)
		return block_is_unknown(s, b, depth + 1);
	below = mount_of_layer(s, path, without);
	return !below || mount_is_unknown(s, below, depth + 1);
}

static int layer_is_unknown(struct impact_search *s, const struct mount_entry *m,
			    const char *path, void *to)
{
	const int *depth = to;

	return path_is_unknown(s, path, m, *depth);
}

/* Test whether nothing tells on which device a mount is. */
static bool mount_is_unknown(struct impact_search *s, const struct mount_entry *m,
			     int depth)
{
	static const char *const on_none[] = { "tmpfs", "ramfs", "rootfs", "virtiofs",
					       "9p" };
	size_t b;

	if (depth > DEPTH_MAX)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(on_none); i++)
		if (!strcmp(m->type, on_none[i]))
			return false;
	if (mount_is_remote(m))
		return false;
	if (!m->major && (!strcmp(m->type, "overlay") || !strcmp(m->type, "erofs")))
		return mount_each_path(s, m, layer_is_unknown, &depth) != 0;
	b = m->major ? block_of_number(s, m->major, m->minor)
	    : !mount_names_device(m)
		    ? 0
		    : block_of_path(s, mem_text(s->mem, "%.*s",
						(int)strcspn(m->source, ":"), m->source));
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
	return mount_names_device(m) && !strchr(m->source, ':') &&
	       !block_of_path(s, m->source);
}

/* Return the first lost block device with this claim and without a visible use. 0: none. */
static size_t block_with_claim(const struct impact_search *s, enum claim claim)
{
	for (size_t i = 0; (i = search_next_lost(s, THING_BLOCK, i));) {
		const struct thing *b = &s->things[i];

		if (!b->is_used && b->claim == claim && (!b->is_split || claim))
			return i;
	}
	return 0;
}

void hidden_search(struct impact_search *s)
{
	size_t held, unknown;

	claims_search(s);
	held = block_with_claim(s, CLAIM_HELD);
	unknown = block_with_claim(s, CLAIM_UNKNOWN);
	for (size_t i = 0; (held || unknown) && i < s->n[THING_MOUNT]; i++) {
		const struct thing *t = &s->things[s->first[THING_MOUNT] + i];
		size_t b = t->is_lost || !t->is_vital		       ? 0
			   : held && mount_is_unknown(s, t->mount, 0)  ? held
			   : unknown && mount_is_anywhere(s, t->mount) ? unknown
								       : 0;

		if (b)
			search_report(s, &(struct dr_impact){
						 .kind = IMPACT_MOUNT,
						 .what = t->name,
						 .through = mem_text(s->mem, "%s > %s",
								     s->things[b].chain,
								     t->mount->source),
						 .is_fatal = true });
	}
}
