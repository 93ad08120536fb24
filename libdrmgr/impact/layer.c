// SPDX-License-Identifier: LGPL-2.1-or-later
/* Layers on block devices: which are lost with a device below, and which survive. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/impact/parts.h"
#include "kern/dm.h"
#include "kern/sysfs.h"
#include "kern/text.h"

#define BLOCKS_DIR "sys/class/block"

/* A layer that has lost devices. */
struct layer_state {
	enum impact_kind kind;
	enum { LAYER_LOST, LAYER_SURVIVES } end;
	char what[256]; /* the name to report; empty: nothing to report */
};

/* Test whether a path works. A SCSI device reports "running", an NVMe device "live". */
static bool path_is_live(const struct kern_root *root, const char *name)
{
	char state[32];

	return sysfs_text(root, state, sizeof(state), BLOCKS_DIR "/%s/device/state",
			  name) ||
	       !strcmp(state, "running") || !strcmp(state, "live");
}

static int block_read_number(const struct kern_root *root, const char *name,
			     const char *attr)
{
	char text[32];
	char *end;
	long n;

	if (sysfs_text(root, text, sizeof(text), BLOCKS_DIR "/%s/%s", name, attr))
		return -1;
	n = strtol(text, &end, 10);
	return end == text || n < 0 || n > INT_MAX ? -1 : (int)n;
}

static void slaves_read(const struct kern_root *root, const char *name,
			struct kern_names *names)
{
	_cleanup_free_ char *dir = text_of(BLOCKS_DIR "/%s/slaves", name);

	if (dir && kern_list(root, dir, KERN_LIST_ALL, names))
		kern_names_free(names);
}

static bool member_remains(struct impact_search *s, const char *name)
{
	const struct impact_block *b = impact_block_find(&s->blocks, name);

	return b && !b->is_lost;
}

/* Read the status of a mapping from device-mapper. Return false if its first target is of
 * another kind. */
static bool dm_status(struct impact_search *s, const struct impact_block *b,
		      const char *kind, char *status, size_t size)
{
	const struct dm_facts *dm = s->dr->dm;
	char target[32], number[32];
	unsigned int major, minor;

	return dm &&
	       !sysfs_text(s->dr->root, number, sizeof(number), BLOCKS_DIR "/%s/dev",
			   b->name) &&
	       sscanf(number, "%u:%u", &major, &minor) == 2 &&
	       !dm->status(dm->priv, s->dr->root, major, minor, target, sizeof(target),
			   status, size) &&
	       !strcmp(target, kind);
}

/* Test whether multipath reports this path as failed: "8:16 F". */
static bool path_has_failed(const struct kern_root *root, const char *name,
			    const char *status)
{
	_cleanup_free_ char *path = NULL;
	char number[32];

	if (!*status ||
	    sysfs_text(root, number, sizeof(number), BLOCKS_DIR "/%s/dev", name))
		return false;
	path = text_of(" %s F ", number);
	return path && strstr(status, path);
}

static bool multipath_has_live_path(struct impact_search *s, const struct impact_block *b,
				    const struct kern_names *slaves)
{
	const struct kern_root *root = s->dr->root;
	char status[4096];

	if (!dm_status(s, b, "multipath", status, sizeof(status)))
		*status = '\0';
	for (size_t i = 0; i < slaves->n; i++)
		if (member_remains(s, slaves->name[i]) &&
		    path_is_live(root, slaves->name[i]) &&
		    !path_has_failed(root, slaves->name[i], status))
			return true;
	return false;
}

static bool has_prefix(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

/* Count the legs of a mirror of LVM, and the lost ones. Their names are "vg-lv_mimage_0"
 * or, for the newer kind, "vg-lv_rimage_0". */
static int mirror_count_legs(struct impact_search *s, const struct kern_names *slaves,
			     const char *word, int *lost)
{
	char label[256];
	int n = 0;

	*lost = 0;
	for (size_t i = 0; i < slaves->n; i++) {
		if (sysfs_text(s->dr->root, label, sizeof(label),
			       BLOCKS_DIR "/%s/dm/name", slaves->name[i]) ||
		    !strstr(label, word))
			continue;
		n++;
		*lost += !member_remains(s, slaves->name[i]);
	}
	return n;
}

/* Return how many of n legs a RAID level can lose. Levels have suffixes: "raid6_zr". */
static int raid_level_spares(const char *level, int n)
{
	if (!strcmp(level, "raid1"))
		return n - 1;
	if (has_prefix(level, "raid6"))
		return 2;
	return has_prefix(level, "raid10") || has_prefix(level, "raid4") ||
	       has_prefix(level, "raid5");
}

/* Return how many legs of "raid1 2 AA" may be missing, or -1 if unknown. A letter other
 * than A is a leg that is missing or not yet synchronized. */
static int raid_tolerance(struct impact_search *s, const struct impact_block *b)
{
	char status[512], level[32], health[256];
	int n, spare;

	if (!dm_status(s, b, "raid", status, sizeof(status)) ||
	    sscanf(status, "%31s %d %255s", level, &n, health) != 3)
		return -1;
	spare = raid_level_spares(level, n);
	for (const char *leg = health; *leg; leg++)
		spare -= *leg != 'A';
	return spare;
}

static bool mirror_survives(struct impact_search *s, const struct impact_block *b,
			    const struct kern_names *slaves)
{
	int lost, n = mirror_count_legs(s, slaves, "_mimage_", &lost);

	if (n)
		return lost < n;
	n = mirror_count_legs(s, slaves, "_rimage_", &lost);
	return n && lost <= raid_tolerance(s, b);
}

/* Read the state of a mapping. The prefix of its UUID names the program that made it. */
static void mapping_state(struct impact_search *s, const struct impact_block *b,
			  struct layer_state *state)
{
	_cleanup_names_ struct kern_names slaves = { 0 };
	char uuid[160] = "";

	sysfs_text(s->dr->root, state->what, sizeof(state->what),
		   BLOCKS_DIR "/%s/dm/name", b->name);
	sysfs_text(s->dr->root, uuid, sizeof(uuid), BLOCKS_DIR "/%s/dm/uuid", b->name);
	if (has_prefix(uuid, "mpath-")) {
		state->kind = IMPACT_MULTIPATH;
		slaves_read(s->dr->root, b->name, &slaves);
		if (multipath_has_live_path(s, b, &slaves))
			state->end = LAYER_SURVIVES;
	} else if (has_prefix(uuid, "LVM-")) {
		state->kind = IMPACT_VOLUME_GROUP;
		slaves_read(s->dr->root, b->name, &slaves);
		if (mirror_survives(s, b, &slaves)) {
			state->kind = IMPACT_ARRAY;
			state->end = LAYER_SURVIVES;
		}
	}
}

/* Return how many members may be missing, or -1 if unknown. RAID 10 has near times far
 * copies of a block: the two lower bytes of the layout. */
static int array_tolerance(const struct kern_root *root, const char *name)
{
	int disks = block_read_number(root, name, "md/raid_disks");
	int layout = block_read_number(root, name, "md/layout");
	char level[32] = "";

	sysfs_text(root, level, sizeof(level), BLOCKS_DIR "/%s/md/level", name);
	if (!strcmp(level, "container")) /* a container has no data of its own */
		return INT_MAX / 4;
	if (!strcmp(level, "raid1"))
		return disks - 1;
	if (!strcmp(level, "raid4") || !strcmp(level, "raid5"))
		return 1;
	if (!strcmp(level, "raid6"))
		return 2;
	if (!strcmp(level, "raid10") && layout > 0)
		return (layout & 255) * (layout >> 8 & 255) - 1;
	return -1;
}

/* Count the lost members. Spares and failed members do not count; without its journal an
 * array stops. */
static int array_lost_members(struct impact_search *s, const char *name)
{
	_cleanup_names_ struct kern_names slaves = { 0 };
	char state[64];
	int lost = 0;

	slaves_read(s->dr->root, name, &slaves);
	for (size_t i = 0; i < slaves.n; i++) {
		if (member_remains(s, slaves.name[i]))
			continue;
		if (sysfs_text(s->dr->root, state, sizeof(state),
			       BLOCKS_DIR "/%s/md/dev-%s/state", name, slaves.name[i]))
			*state = '\0';
		if (strstr(state, "journal"))
			return INT_MAX / 2;
		lost += !strstr(state, "faulty") && !strstr(state, "spare");
	}
	return lost;
}

static void array_state(struct impact_search *s, const struct impact_block *b,
			struct layer_state *state)
{
	int degraded = block_read_number(s->dr->root, b->name, "md/degraded");
	int missing = array_lost_members(s, b->name) + (degraded > 0 ? degraded : 0);

	state->kind = IMPACT_ARRAY;
	if (missing <= array_tolerance(s->dr->root, b->name))
		state->end = LAYER_SURVIVES;
}

static int nvme_head(const char *path, char *head, size_t size)
{
	unsigned int subsystem, controller, namespace;
	int end = 0;

	if (sscanf(path, "nvme%uc%un%u%n", &subsystem, &controller, &namespace, &end) !=
		    3 ||
	    path[end])
		return -ENOENT;
	snprintf(head, size, "nvme%un%u", subsystem, namespace);
	return 0;
}

static bool nvme_has_path(struct impact_search *s, const char *head)
{
	char other[64];

	for (size_t i = 0; i < s->blocks.n; i++) {
		const struct impact_block *b = &s->blocks.list[i];

		if (!b->is_lost && !nvme_head(b->name, other, sizeof(other)) &&
		    !strcmp(other, head) && path_is_live(s->dr->root, b->name))
			return true;
	}
	return false;
}

static struct layer_state layer_of(struct impact_search *s, const struct impact_block *b)
{
	struct layer_state state = { IMPACT_MAPPING, LAYER_LOST, "" };

	snprintf(state.what, sizeof(state.what), "%s", b->name);
	if (has_prefix(b->name, "dm-")) {
		mapping_state(s, b, &state);
	} else if (has_prefix(b->name, "md")) {
		array_state(s, b, &state);
	} else if (has_prefix(b->name, "nvme")) {
		state.kind = IMPACT_MULTIPATH;
		if (nvme_has_path(s, b->name))
			state.end = LAYER_SURVIVES;
	}
	return state;
}

/* Extract the volume group: "vg-a" from "vg--a-lv". LVM doubles the dashes of names. */
static void volume_group_name(const char *label, char *group, size_t size)
{
	size_t n = 0;

	for (const char *at = label; *at && n + 1 < size; at++) {
		if (*at == '-' && *++at != '-')
			break;
		group[n++] = *at;
	}
	group[n] = '\0';
}

/* Report a lost layer. A volume group is reported once for all its volumes. */
static int layer_report(struct impact_search *s, const struct layer_state *state,
			const char *below, bool is_degraded)
{
	char group[256];
	struct dr_impact impact = { .kind = state->kind,
				    .what = state->what,
				    .through = below,
				    .is_degraded = is_degraded };

	if (state->kind == IMPACT_VOLUME_GROUP) {
		volume_group_name(state->what, group, sizeof(group));
		if (impacts_have(s->out, IMPACT_VOLUME_GROUP, group))
			return 0;
		impact.what = group;
	}
	return *state->what ? impact_add(s->out, &impact) : 0;
}

int impact_layer_lose(struct impact_search *s, struct impact_block *b,
		      const struct impact_block *below)
{
	struct layer_state state = layer_of(s, b);
	int err;

	if (b->is_lost)
		return 0;
	if (state.end == LAYER_SURVIVES) {
		if (!b->is_degraded)
			b->cause = strdup(below->chain);
		b->is_degraded = true;
		return b->cause ? 0 : -ENOMEM;
	}
	b->is_unsure = below->is_unsure;
	err = layer_report(s, &state, below->chain, false);
	return err ? err : impact_block_lose(s, b, below->chain);
}

int impact_layers_degraded(struct impact_search *s)
{
	int err = 0;

	for (size_t i = 0; !err && i < s->blocks.n; i++) {
		struct impact_block *b = &s->blocks.list[i];
		struct layer_state state;

		if (!b->is_degraded || b->is_lost)
			continue;
		state = layer_of(s, b);
		err = layer_report(s, &state, b->cause, true);
	}
	return err;
}

static int block_lose_partitions(struct impact_search *s, struct impact_block *b)
{
	size_t i = (size_t)(b - s->blocks.list) + 1, len = strlen(b->name);
	int err = 0;

	/* Names of partitions begin with the name of the disk, so they follow it. */
	for (; !err && i < s->blocks.n; i++) {
		struct impact_block *part = &s->blocks.list[i];

		if (strncmp(part->name, b->name, len) != 0)
			break;
		if (!part->parent || strcmp(part->parent, b->name) != 0)
			continue;
		b->is_split = true;
		part->is_unsure = b->is_unsure;
		err = impact_block_lose(s, part, b->chain);
	}
	return err;
}

static int block_lose_holders(struct impact_search *s, struct impact_block *b)
{
	_cleanup_names_ struct kern_names names = { 0 };
	_cleanup_free_ char *dir = text_of(BLOCKS_DIR "/%s/holders", b->name);
	int err = dir ? kern_list(s->dr->root, dir, KERN_LIST_ALL, &names) : -ENOMEM;

	if (err && err != -ENOMEM)
		return 0; /* a hidden disk has no holders */
	for (size_t i = 0; !err && i < names.n; i++) {
		struct impact_block *holder =
			impact_block_find(&s->blocks, names.name[i]);

		b->is_used = true;
		if (holder)
			err = impact_layer_lose(s, holder, b);
	}
	return err;
}

static int block_lose_nvme_head(struct impact_search *s, struct impact_block *b)
{
	struct impact_block *head;
	char name[64];

	if (nvme_head(b->name, name, sizeof(name)))
		return 0;
	head = impact_block_find(&s->blocks, name);
	if (!head)
		return 0;
	b->is_used = true;
	return impact_layer_lose(s, head, b);
}

int impact_layers_spread(struct impact_search *s)
{
	struct impact_blocks *blocks = &s->blocks;
	int err = 0;

	while (!err && blocks->n_spread < blocks->n_lost) {
		struct impact_block *b = &blocks->list[blocks->queue[blocks->n_spread++]];

		err = block_lose_partitions(s, b);
		if (!err)
			err = block_lose_nvme_head(s, b);
		if (!err)
			err = block_lose_holders(s, b);
	}
	return err;
}
