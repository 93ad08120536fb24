// SPDX-License-Identifier: GPL-2.0-or-later
/* /sys/kernel/dlpar and /sys/kernel/mobility. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel.h"

struct request {
	const char *resource;
	bool add;
	enum kdlpar_id id;
	uint32_t count, index;
};

/* The next word; one blank ends it, so that two make an empty one. */
static char *word(char **text)
{
	return strsep(text, " ");
}

/* A whole token, C bases, maybe with one line end. */
static int number(const char *text, int base, uint64_t max, uint64_t *n)
{
	char *end;

	if (!text || !*text || *text == '-' || *text == ' ')
		return -EINVAL;
	errno = 0;
	*n = strtoull(text, &end, base);
	if (end == text || (*end && strcmp(end, "\n") != 0))
		return -EINVAL;
	return errno || *n > max ? -ERANGE : 0;
}

static int u32_of(char **text, uint32_t *out)
{
	uint64_t n;

	if (number(word(text), 0, UINT32_MAX, &n))
		return -EINVAL;
	*out = (uint32_t)n;
	return 0;
}

static int parse_id(char **text, struct request *r)
{
	const char *kind = word(text);

	if (!kind)
		return -EINVAL;
	if (!strcmp(kind, "index")) {
		r->id = DLPAR_INDEX;
		return u32_of(text, &r->index);
	}
	if (!strcmp(kind, "count")) {
		r->id = DLPAR_COUNT;
		return u32_of(text, &r->count);
	}
	if (!strcmp(kind, "indexed-count")) {
		r->id = DLPAR_INDEXED_COUNT;
		return u32_of(text, &r->count) ? -EINVAL : u32_of(text, &r->index);
	}
	return -EINVAL;
}

static int parse(char *text, struct request *r)
{
	const char *action;

	r->resource = word(&text);
	action = word(&text);
	if (!r->resource || !action)
		return -EINVAL;
	if (strcmp(action, "add") != 0 && strcmp(action, "remove") != 0)
		return -EINVAL;
	r->add = !strcmp(action, "add");
	return parse_id(&text, r);
}

static struct dt_node *parent_of(struct kernel *k, uint32_t index)
{
	struct dt_node *n;

	for (n = k->tree; n; n = ktree_next(k->tree, n))
		if (kdrc_in(n, index, NULL))
			return n;
	return NULL;
}

static int dt_add(struct kernel *k, uint32_t index)
{
	struct dt_node *parent;

	if (ktree_by_drc_index(k, index))
		return -EINVAL;
	parent = parent_of(k, index);
	if (!parent)
		return -EIO;
	return kdrc_attach(k, index, parent, NULL) ? -EIO : 0;
}

static int dt_request(struct kernel *k, const struct request *r)
{
	struct dt_node *node;

	if (r->id != DLPAR_INDEX)
		return -EINVAL;
	if (r->add)
		return dt_add(k, r->index);
	while ((node = ktree_by_drc_index(k, r->index))) {
		if (!node->parent)
			break;
		ktree_remove(k, node);
	}
	return 0;
}

static int handle(struct kernel *k, const struct request *r)
{
	if (!strcmp(r->resource, "memory"))
		return kmem_dlpar(k, r->add, r->id, r->count, r->index);
	if (!strcmp(r->resource, "cpu"))
		return r->id == DLPAR_INDEX ? kcpu_dlpar(k, r->add, r->index) : -EINVAL;
	if (!strcmp(r->resource, "dt") && k->profile != KERNEL_6_1)
		return dt_request(k, r);
	return -EINVAL;
}

static ssize_t dlpar_store(struct pfs_node *file, const char *bytes, size_t len)
{
	struct kernel *k = file->priv;
	size_t page = kernel_page(k), used = len < page ? len : page - 1;
	struct request r = { 0 };
	char *text, *parsed;
	int err;

	if (!len)
		return 0;
	text = strndup(bytes, used);
	parsed = strndup(bytes, used);
	if (!text || !parsed)
		err = -ENOMEM;
	else
		err = parse(parsed, &r);
	if (!err)
		err = handle(k, &r);
	if (err && text)
		kernel_print(k, "dlpar: Could not handle DLPAR request \"%.64s\"", text);
	free(text);
	free(parsed);
	return err ? err : (ssize_t)(len < page ? len : page);
}

static int dlpar_show(struct pfs_node *file, struct text *out)
{
	const struct kernel *k = file->priv;

	text_add(out, "memory,cpu%s\n", k->profile == KERNEL_6_1 ? "" : ",dt");
	return 0;
}

/* There is nowhere to go: the stream never becomes ready. */
static ssize_t migration_store(struct pfs_node *file, const char *bytes, size_t len)
{
	char text[64];
	uint64_t stream;
	int err;

	(void)file;
	if (!len)
		return 0;
	snprintf(text, sizeof(text), "%.*s", (int)(len < 63 ? len : 63), bytes);
	err = number(text, 0, UINT64_MAX, &stream);
	return err ? err : -EIO;
}

void kdlpar_files(struct kernel *k)
{
	static const struct pfs_ops dlpar = { .show = dlpar_show, .store = dlpar_store },
				    migration = { .store = migration_store };
	struct pfs_node *dir = pfs_path(k->sys, "kernel/mobility");

	kernel_attr(k, pfs_path(k->sys, "kernel"), "dlpar", 0644, &dlpar, k);
	kernel_attr(k, dir, "migration", 0200, &migration, k);
	pfs_text(dir, "api_version", 0444, "1\n");
}
