// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices of device-mapper. Their tables show how they use their members. Only root can read
 * tables, and sysfs does not have them. Its UUID shows which program made a device, and LVM's
 * names show the purpose of its internal devices. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ofpathtool/place.h"
#include "ofpathtool/stack.h"

/* "LVM-", the identifier of the group, that of the volume; then "-" and a purpose. */
enum { LVM_GROUP_LEN = 4 + 32, LVM_UUID_LEN = LVM_GROUP_LEN + 32 };

enum { DM_TEXT_MAX = 256 };

static void stack_dm_text(struct ofp *h, const char *dir, const char *attribute,
			  char text[DM_TEXT_MAX])
{
	if (source_text(&h->src, text, DM_TEXT_MAX, "%s/dm/%s", dir, attribute))
		*text = '\0';
}

static bool stack_dm_begins(const char *uuid, const char *prefix)
{
	return !strncmp(uuid, prefix, strlen(prefix));
}

enum lvm_use {
	LVM_NONE, /* a physical volume, or another device of the group */
	LVM_CACHE,
	LVM_MIRROR_IMAGE,
	LVM_RAID_IMAGE,
	LVM_NO_DATA,
	LVM_ORIGIN,
};

/* What a purpose says about the device above. */
static const struct {
	const char *purpose, *type;
	enum lvm_use use;
} lvm_uses[] = {
	{ "tpool", "thin", LVM_CACHE },	     { "pool", "thin", LVM_CACHE },
	{ "tdata", "thin", LVM_CACHE },	     { "tmeta", "thin", LVM_CACHE },
	{ "cdata", "cache", LVM_CACHE },     { "cmeta", "cache", LVM_CACHE },
	{ "cpool", "cache", LVM_CACHE },     { "cvol", "cache", LVM_CACHE },
	{ "corig", "cache", LVM_CACHE },     { "wcorig", "writecache", LVM_CACHE },
	{ "vdata", "vdo", LVM_CACHE },	     { "vpool", "vdo", LVM_CACHE },
	{ "cow", "snapshot", LVM_CACHE },    { "iorig", "integrity", LVM_CACHE },
	{ "imeta", "integrity", LVM_CACHE }, { "mimage", "mirror", LVM_MIRROR_IMAGE },
	{ "mlog", "mirror", LVM_NO_DATA },   { "rimage", "raid", LVM_RAID_IMAGE },
	{ "rmeta", "raid", LVM_NO_DATA },    { "real", "snapshot-origin", LVM_ORIGIN },
};

/* Return the row of a purpose, or -1. */
static int stack_lvm_find_use(const char *purpose, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(lvm_uses); i++)
		if (strlen(lvm_uses[i].purpose) == len &&
		    !strncmp(lvm_uses[i].purpose, purpose, len))
			return (int)i;
	return -1;
}

/* Find the purpose in "group-volume_rimage_0". LVM reserves these words. */
static int stack_lvm_use_of_name(const char *name)
{
	size_t len = strlen(name), begin = len;

	while (begin && name[begin - 1] >= '0' && name[begin - 1] <= '9')
		begin--;
	if (begin < len && begin && name[begin - 1] == '_')
		len = begin - 1;
	for (begin = len; begin && name[begin - 1] != '_';)
		begin--;
	return begin ? stack_lvm_find_use(name + begin, len - begin) : -1;
}

/* Find the purpose of a member. Return -1 if it has none, or belongs to another group. */
static int stack_lvm_use_of(struct ofp *h, const char *member, const char *uuid_above)
{
	char dir[PATH_MAX], uuid[DM_TEXT_MAX], name[DM_TEXT_MAX];
	int row = -1;

	if (source_object(&h->src, dir, sizeof(dir), "%s/%s", place_folder(PLACE_DISK),
			  member))
		return -1;
	stack_dm_text(h, dir, "uuid", uuid);
	if (strncmp(uuid, uuid_above, LVM_GROUP_LEN))
		return -1;
	stack_dm_text(h, dir, "name", name);
	row = stack_lvm_use_of_name(name);
	if (row < 0 && strlen(uuid) > LVM_UUID_LEN)
		row = stack_lvm_find_use(uuid + LVM_UUID_LEN + 1,
					 strcspn(uuid + LVM_UUID_LEN + 1, "-"));
	return row;
}

static bool stack_lvm_same_size(struct ofp *h, const char *dir, const char *member)
{
	char size[24], other[24];

	return !source_text(&h->src, size, sizeof(size), "%s/size", dir) &&
	       !source_text(&h->src, other, sizeof(other), "%s/%s/size",
			    place_folder(PLACE_DISK), member) &&
	       !strcmp(size, other);
}

/* A RAID whose images are as large as the RAID itself has all data on each. Otherwise
 * each image has a part of them. */
static void stack_lvm_set_raid(struct ofp *h, const struct place *place,
			       struct stack *stack)
{
	for (size_t i = 0; i < stack->n; i++)
		if (stack->members[i].has_data &&
		    !stack_lvm_same_size(h, place->dir, stack->members[i].name)) {
			stack_set(stack, STACK_JOINED, "raid");
			return;
		}
	stack_set(stack, STACK_MIRROR, "raid1");
}

/* Describe a logical volume. Data on a physical volume never begin at its first sector:
 * LVM's label is there. */
static void stack_read_lvm(struct ofp *h, const struct place *place, const char *uuid,
			   struct stack *stack)
{
	size_t n_of[LVM_ORIGIN + 1] = { 0 };
	const char *type = "";

	for (size_t i = 0; i < stack->n; i++) {
		struct stack_member *member = &stack->members[i];
		int row = stack_lvm_use_of(h, member->name, uuid);
		enum lvm_use use = row < 0 ? LVM_NONE : lvm_uses[row].use;

		n_of[use]++;
		if (use == LVM_CACHE || !*type)
			type = row < 0 ? "" : lvm_uses[row].type;
		member->has_data = use != LVM_NO_DATA;
		if (use == LVM_NONE)
			member->start = STACK_START_UNKNOWN;
	}
	if (n_of[LVM_CACHE])
		stack_set(stack, STACK_CACHE, type);
	else if (n_of[LVM_NONE])
		stack_set(stack, stack->n == 1 ? STACK_THROUGH : STACK_JOINED, "LVM");
	else if (n_of[LVM_RAID_IMAGE])
		stack_lvm_set_raid(h, place, stack);
	else if (n_of[LVM_MIRROR_IMAGE])
		stack_set(stack, STACK_MIRROR, type);
	else if (n_of[LVM_ORIGIN] == 1)
		stack_set(stack, STACK_THROUGH, type);
	stack->may_lag = stack->kind == STACK_MIRROR;
}

static void stack_read_crypt(const char *uuid, struct stack *stack)
{
	if (stack_dm_begins(uuid, "CRYPT-INTEGRITY-") ||
	    stack_dm_begins(uuid, "CRYPT-SUBDEV-")) {
		stack_set(stack, STACK_CACHE, "integrity");
	} else if (stack_dm_begins(uuid, "CRYPT-VERITY-")) {
		/* With two members, one has the data and the other the hashes. */
		if (stack->n == 1)
			stack_set(stack, STACK_THROUGH, "verity");
	} else {
		stack_set(stack, STACK_THROUGH, "crypt");
		stack->is_encrypted = true;
	}
}

/* Find the number in "part3-mpath-3600..." of kpartx. */
static bool stack_dm_partition(const char *uuid, unsigned *n)
{
	int end = 0;

	return sscanf(uuid, "part%9u-%n", n, &end) == 1 && end > 0 && *n > 0;
}

/* Return true if the data do not begin where this partition of the disk begins. sysfs has
 * only the partitions that the kernel uses. */
static bool stack_dm_is_elsewhere(struct ofp *h, const struct stack_member *disk,
				  unsigned partition)
{
	const char *name = place_partition_name(&h->mem, disk->name, partition);
	char text[24], start[24];

	snprintf(start, sizeof(start), "%" PRIu64, disk->start);
	return !disk->start || disk->start == STACK_START_UNKNOWN ||
	       (!source_text(&h->src, text, sizeof(text), "%s/%s/start",
			     place_folder(PLACE_DISK), name) &&
		strcmp(text, start));
}

/* A map of kpartx begins where the partition begins. */
static void stack_dm_set_partition(struct ofp *h, unsigned partition, struct stack *stack)
{
	if (stack->kind != STACK_THROUGH || stack->n != 1 || stack->is_split ||
	    stack->is_encrypted ||
	    stack_dm_is_elsewhere(h, &stack->members[0], partition)) {
		stack_set(stack, STACK_UNKNOWN, "");
		return;
	}
	stack_set(stack, STACK_THROUGH, "partition");
	stack->partition = partition;
	stack->members[0].start = 0;
}

/* Describe a device by what sysfs has. */
static void stack_read_dm_uuid(struct ofp *h, const struct place *place, const char *uuid,
			       struct stack *stack)
{
	stack->is_unread = h->src.root.is_system;
	if (stack_dm_begins(uuid, "mpath-"))
		stack_set(stack, STACK_THROUGH, "multipath");
	else if (stack_dm_partition(uuid, &stack->partition))
		stack_set(stack, STACK_THROUGH, "partition");
	else if (stack_dm_begins(uuid, "CRYPT-"))
		stack_read_crypt(uuid, stack);
	else if (stack_dm_begins(uuid, "LVM-"))
		stack_read_lvm(h, place, uuid, stack);
	else if (stack_dm_begins(uuid, "stratis-"))
		stack_set(stack, STACK_CACHE, "stratis");
	else if (stack_dm_begins(uuid, "VDO-"))
		stack_set(stack, STACK_CACHE, "vdo");
}

void stack_read_dm(struct ofp *h, const struct place *place, struct stack *stack)
{
	char uuid[DM_TEXT_MAX];
	unsigned partition;

	stack_dm_text(h, place->dir, "uuid", uuid);
	if (stack_read_table(h, place, stack))
		stack_read_dm_uuid(h, place, uuid, stack);
	else if (stack_dm_partition(uuid, &partition))
		stack_dm_set_partition(h, partition, stack);
}
