// SPDX-License-Identifier: LGPL-2.1-or-later
/* Block devices: those of sysfs, partitions and layers on them, and paths that name one. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "libdrmgr/impact/search.h"
#include "kern/open_devices.h"
#include "kern/sysfs.h"

#define BLOCKS_DIR "sys/class/block"

const char *block_label(struct impact_search *s, const struct thing *t)
{
	char label[256];

	if (!strncmp(t->name, "dm-", 3) &&
	    !sysfs_text(s->dr->root, label, sizeof(label), BLOCKS_DIR "/%s/dm/name",
			t->name) &&
	    *label)
		return mem_copy(s->mem, label);
	return t->name;
}

/* A partition is in the folder of its disk. Names of partitions begin with the name of the
 * disk, so the disk is listed before. */
static size_t block_parent(const struct impact_search *s, const char *target)
{
	const char *end = strrchr(target, '/'), *begin;
	char name[256];

	if (!end)
		return 0;
	begin = memrchr(target, '/', (size_t)(end - target));
	begin = begin ? begin + 1 : target;
	snprintf(name, sizeof(name), "%.*s", (int)(end - begin), begin);
	return search_find(s, THING_BLOCK, name);
}

/* Attributes with the path of the file or device on which a block device is. sysfs has no
 * link for it. */
static const struct {
	const char *name, *file;
} below_rows[] = {
	{ "loop", "loop/backing_file" },
	{ "zram", "backing_dev" },
};

bool block_backing(const struct impact_search *s, const struct thing *t, char *path,
		   size_t size)
{
	for (size_t i = 0; i < ARRAY_SIZE(below_rows); i++)
		if (!strncmp(t->name, below_rows[i].name, strlen(below_rows[i].name)) &&
		    !sysfs_text(s->dr->root, path, size, BLOCKS_DIR "/%s/%s", t->name,
				below_rows[i].file))
			return true;
	return false;
}

void blocks_read(struct impact_search *s)
{
	search_read_class(s, THING_BLOCK, BLOCKS_DIR);
	for (size_t i = 0; i < s->n[THING_BLOCK]; i++) {
		struct thing *t = &s->things[s->first[THING_BLOCK] + i];

		t->parent = block_parent(s, t->target);
	}
}

static void block_spread_partitions(struct impact_search *s, size_t disk)
{
	size_t end = s->first[THING_BLOCK] + s->n[THING_BLOCK];

	for (size_t i = disk + 1; i < end; i++) {
		if (strncmp(s->things[i].name, s->things[disk].name,
			    strlen(s->things[disk].name)) != 0)
			break;
		if (s->things[i].parent != disk)
			continue;
		s->things[disk].is_split = true;
		search_take(s, disk, i, EDGE_PART, NULL);
	}
}

void blocks_spread(struct impact_search *s, size_t thing)
{
	_cleanup_names_ struct kern_names names = { 0 };
	struct thing *t = &s->things[thing];
	char number[32], head[256];

	if (sysfs_text(s->dr->root, number, sizeof(number), BLOCKS_DIR "/%s/dev",
		       t->name) ||
	    sscanf(number, "%u:%u", &t->major, &t->minor) != 2)
		t->major = t->minor = 0;
	s->has_number |= t->major || t->minor;
	block_spread_partitions(s, thing);
	/* The namespaces of NVMe multipath have hidden paths without holders: "nvme0c1n1" of
	 * "nvme0n1". */
	if (nvme_head_of(t->name, head, sizeof(head)))
		search_take(s, thing, search_find(s, THING_BLOCK, head), 0, NULL);
	search_list(s, &names, KERN_LIST_ALL, BLOCKS_DIR "/%s/holders", t->name);
	for (size_t i = 0; i < names.n; i++) {
		t->is_used = true;
		search_take(s, thing, search_find(s, THING_BLOCK, names.name[i]), 0,
			    NULL);
	}
	mounts_spread(s, thing);
}

size_t block_of_number(struct impact_search *s, unsigned int major, unsigned int minor)
{
	char name[256];

	return sysfs_link_name(s->dr->root, name, sizeof(name), "sys/dev/block/%u:%u",
			       major, minor)
		       ? 0
		       : search_find(s, THING_BLOCK, name);
}

/* Find a mapping by its label. Without udev a mapping has a node of its own, not a
 * link. */
static size_t block_of_label(struct impact_search *s, const char *label)
{
	for (size_t i = 0; i < s->n[THING_BLOCK]; i++)
		if (!strncmp(s->things[s->first[THING_BLOCK] + i].name, "dm-", 3) &&
		    !strcmp(block_label(s, &s->things[s->first[THING_BLOCK] + i]), label))
			return s->first[THING_BLOCK] + i;
	return 0;
}

size_t block_of_file(struct impact_search *s, const char *path)
{
	const struct open_facts *open = s->dr->open;
	unsigned int major, minor;
	bool is_block;

	return !open ||
			       open->number(open->priv, s->dr->root, path, &is_block,
					    &major, &minor) ||
			       !is_block
		       ? 0
		       : block_of_number(s, major, minor);
}

size_t block_of_path(struct impact_search *s, const char *path)
{
	char resolved[PATH_MAX];
	size_t b = 0;

	if (strncmp(path, "/dev/", 5) != 0)
		return 0;
	/* The /dev of a container does not have all files. */
	if (kern_resolve(s->dr->root, path + 1, resolved, sizeof(resolved)))
		snprintf(resolved, sizeof(resolved), "%s", path + 1);
	if (!strncmp(resolved, "dev/", 4)) {
		for (char *at = resolved + 4; (at = strchr(at, '/'));)
			*at = '!'; /* as in sysfs: "cciss!c0d0" */
		b = search_find(s, THING_BLOCK, resolved + 4);
	}
	if (!b && !strncmp(path, "/dev/mapper/", 12))
		b = block_of_label(s, path + 12);
	return b ? b : block_of_file(s, path);
}
