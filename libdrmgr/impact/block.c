// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "libdrmgr/impact/parts.h"
#include "kern/sysfs.h"
#include "kern/text.h"

#define BLOCKS_DIR "sys/class/block"

static int block_by_name(const void *a, const void *b)
{
	const struct impact_block *x = a, *y = b;

	return strcmp(x->name, y->name);
}

struct impact_block *impact_block_find(const struct impact_blocks *blocks,
				       const char *name)
{
	const struct impact_block key = { .name = (char *)(uintptr_t)name };

	return blocks->n ? bsearch(&key, blocks->list, blocks->n, sizeof(key),
				   block_by_name)
			 : NULL;
}

void impact_blocks_free(struct impact_blocks *blocks)
{
	for (size_t i = 0; i < blocks->n; i++) {
		free(blocks->list[i].name);
		free(blocks->list[i].target);
		free(blocks->list[i].parent);
		free(blocks->list[i].label);
		free(blocks->list[i].chain);
		free(blocks->list[i].cause);
	}
	free(blocks->list);
	free(blocks->queue);
}

/* Return the name of a partition's disk: the partition is in the folder of its disk. The
 * caller frees it. */
static char *block_parent_name(const char *target)
{
	const char *end = strrchr(target, '/'), *begin;

	if (!end)
		return NULL;
	begin = memrchr(target, '/', (size_t)(end - target));
	begin = begin ? begin + 1 : target;
	return strndup(begin, (size_t)(end - begin));
}

/* Return the name that the administrator chose, or the kernel's name. The caller frees
 * it. */
static char *block_label(const struct kern_root *root, const char *name)
{
	char label[256];

	if (!strncmp(name, "dm-", 3) &&
	    !sysfs_text(root, label, sizeof(label), BLOCKS_DIR "/%s/dm/name", name) &&
	    *label)
		return strdup(label);
	return strdup(name);
}

int impact_block_lose(struct impact_search *s, struct impact_block *b, const char *below)
{
	char number[32];

	if (b->is_lost)
		return 0;
	b->label = block_label(s->dr->root, b->name);
	b->chain = b->label ? impact_chain(below, b->label) : NULL;
	if (!b->chain)
		return -ENOMEM;
	b->is_lost = true;
	s->blocks.queue[s->blocks.n_lost++] = (size_t)(b - s->blocks.list);
	if (sysfs_text(s->dr->root, number, sizeof(number), BLOCKS_DIR "/%s/dev",
		       b->name) ||
	    sscanf(number, "%u:%u", &b->major, &b->minor) != 2)
		b->major = b->minor = 0; /* a hidden path of NVMe has no number */
	return 0;
}

/* List every block device, and whether it is below one of the devices. */
static int blocks_list(struct impact_search *s, const struct kern_names *names,
		       bool *is_below)
{
	char target[PATH_MAX];

	for (size_t i = 0; i < names->n; i++) {
		struct impact_block *b = &s->blocks.list[i];
		_cleanup_free_ char *link = text_of(BLOCKS_DIR "/%s", names->name[i]);

		b->name = strdup(names->name[i]);
		s->blocks.n++;
		if (!b->name || !link)
			return -ENOMEM;
		if (kern_readlink(s->dr->root, link, target, sizeof(target)))
			continue;
		is_below[i] = impact_is_below(&s->devices, target);
		b->target = strdup(target);
		b->parent = block_parent_name(target);
		if (!b->target)
			return -ENOMEM;
	}
	return 0;
}

int impact_blocks_read(struct impact_search *s)
{
	_cleanup_names_ struct kern_names names = { 0 };
	_cleanup_free_ bool *is_below = NULL;
	int err = kern_list(s->dr->root, BLOCKS_DIR, KERN_LIST_ALL, &names);

	if (err == -ENOENT)
		return 0; /* a kernel without block devices */
	if (err && err != -ENOMEM) {
		s->out->is_incomplete = true;
		return 0;
	}
	is_below = calloc(names.n + 1, sizeof(*is_below));
	s->blocks.list = calloc(names.n + 1, sizeof(*s->blocks.list));
	s->blocks.queue = calloc(names.n + 1, sizeof(*s->blocks.queue));
	if (err || !is_below || !s->blocks.list || !s->blocks.queue)
		return -ENOMEM;

	err = blocks_list(s, &names, is_below);
	for (size_t i = 0; !err && i < s->blocks.n; i++)
		if (is_below[i])
			err = impact_block_lose(s, &s->blocks.list[i], NULL);
	return err;
}

/* Find a mapping by its label. Without udev a mapping has a node of its own, not a
 * link. */
static struct impact_block *block_by_label(struct impact_search *s, const char *label)
{
	for (size_t i = 0; i < s->blocks.n; i++) {
		_cleanup_free_ char *other = NULL;

		if (strncmp(s->blocks.list[i].name, "dm-", 3) != 0)
			continue;
		other = block_label(s->dr->root, s->blocks.list[i].name);
		if (other && !strcmp(other, label))
			return &s->blocks.list[i];
	}
	return NULL;
}

static struct impact_block *block_of_device_file(struct impact_search *s,
						 const char *path)
{
	_cleanup_close_ int fd = kern_open(s->dr->root, path, O_PATH);
	struct stat st;
	char name[256];

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISBLK(st.st_mode) ||
	    sysfs_link_name(s->dr->root, name, sizeof(name), "sys/dev/block/%u:%u",
			    major(st.st_rdev), minor(st.st_rdev)))
		return NULL;
	return impact_block_find(&s->blocks, name);
}

struct impact_block *impact_block_of_path(struct impact_search *s, const char *path)
{
	struct impact_block *b = NULL;
	char resolved[PATH_MAX];

	if (strncmp(path, "/dev/", 5) != 0)
		return NULL;
	if (!kern_resolve(s->dr->root, path + 1, resolved, sizeof(resolved)) &&
	    !strncmp(resolved, "dev/", 4)) {
		for (char *at = resolved + 4; (at = strchr(at, '/'));)
			*at = '!'; /* as in sysfs: "cciss!c0d0" */
		b = impact_block_find(&s->blocks, resolved + 4);
	}
	if (!b && !strncmp(path, "/dev/mapper/", 12))
		b = block_by_label(s, path + 12);
	return b ? b : block_of_device_file(s, path + 1);
}

/* Attributes with the path of the file or device on which a block device is. sysfs has no
 * link for it. */
static const struct {
	const char *name, *file;
} below_rows[] = {
	{ "loop", "loop/backing_file" },
	{ "zram", "backing_dev" },
};

bool impact_block_backing(const struct impact_search *s, const struct impact_block *b,
			  char *path, size_t size)
{
	for (size_t i = 0; i < ARRAY_SIZE(below_rows); i++)
		if (!strncmp(b->name, below_rows[i].name, strlen(below_rows[i].name)) &&
		    !sysfs_text(s->dr->root, path, size, BLOCKS_DIR "/%s/%s", b->name,
				below_rows[i].file))
			return true;
	return false;
}
