// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libfdt.h>

#include "tests/guest/live_tree.h"

enum {
	TREE_BYTES = 8 << 20,
	VALUE_BYTES = 1 << 20,
	PATH_BYTES = 1024,
	SHOWN_BYTES = 32, /* of a value */
};

static void must(int fdt_err, const char *what)
{
	if (fdt_err < 0)
		errx(2, "%s: %s", what, fdt_strerror(fdt_err));
}

/* Return true for the property that the kernel makes from the node's own name. */
static bool is_own_name(const char *node, const char *prop, const void *value, size_t len)
{
	size_t base = strcspn(node, "@");

	return !strcmp(prop, "name") && len == base + 1 && !memcmp(value, node, base);
}

/* ---- Reading ------------------------------------------------------------------------- */

static bool is_folder(int at, const char *name)
{
	struct stat st;

	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW))
		err(2, "%s", name);
	return S_ISDIR(st.st_mode);
}

static void read_property(int at, const char *node, const char *name, void *fdt)
{
	static uint8_t value[VALUE_BYTES];
	int fd = openat(at, name, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t got;

	if (fd < 0)
		err(2, "%s/%s", node, name);
	while ((got = read(fd, value + len, sizeof(value) - len)) > 0)
		len += (size_t)got;
	if (got < 0 || len == sizeof(value))
		err(2, "%s/%s", node, name);
	close(fd);
	if (!is_own_name(node, name, value, len))
		must(fdt_property(fdt, name, value, (int)len), name);
}

/* Read a folder twice: in a flattened tree, properties come before nodes. */
static void read_folder(int fd, const char *node, void *fdt)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;

	if (!dir)
		err(2, "%s", node);
	must(fdt_begin_node(fdt, node), node);
	while ((entry = readdir(dir)))
		if (*entry->d_name != '.' && !is_folder(fd, entry->d_name))
			read_property(fd, node, entry->d_name, fdt);
	rewinddir(dir);
	while ((entry = readdir(dir))) {
		int child;

		if (*entry->d_name == '.' || !is_folder(fd, entry->d_name))
			continue;
		child = openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (child < 0)
			err(2, "%s/%s", node, entry->d_name);
		read_folder(child, entry->d_name, fdt);
	}
	closedir(dir);
	must(fdt_end_node(fdt), node);
}

void *live_tree_read(const char *folder, size_t room)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	void *work = malloc(TREE_BYTES), *fdt;
	size_t size;

	if (fd < 0 || !work)
		err(2, "%s", folder);
	/* Searching a name among all names is slow on an emulated processor. */
	must(fdt_create_with_flags(work, TREE_BYTES, FDT_CREATE_FLAG_NO_NAME_DEDUP),
	     folder);
	must(fdt_finish_reservemap(work), folder);
	read_folder(fd, "", work);
	must(fdt_finish(work), folder);
	size = fdt_totalsize(work) + room;
	fdt = malloc(size);
	if (!fdt)
		err(2, "memory");
	must(fdt_open_into(work, fdt, (int)size), folder);
	free(work);
	return fdt;
}

/* ---- Comparing ----------------------------------------------------------------------- */

/* A node, or a property of the node at path. */
struct item {
	const char *path;
	const char *name; /* "": the node */
	const uint8_t *value;
	int len;
};

struct items {
	struct item *item;
	size_t n, room;
};

static void items_add(struct items *all, struct item item)
{
	if (all->n == all->room) {
		all->room = all->room ? all->room * 2 : 4096;
		all->item = reallocarray(all->item, all->room, sizeof(item));
		if (!all->item)
			err(2, "memory");
	}
	all->item[all->n++] = item;
}

static int by_name(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : strcmp(x->name, y->name);
}

static void items_of_node(struct items *all, const void *fdt, int node, const char *path)
{
	const char *own = fdt_get_name(fdt, node, NULL);
	struct item item = { .path = path, .name = "" };
	int at;

	items_add(all, item);
	fdt_for_each_property_offset(at, fdt, node) {
		item.value = fdt_getprop_by_offset(fdt, at, &item.name, &item.len);
		if (!item.value)
			errx(2, "%s: a damaged property", path);
		if (!is_own_name(own, item.name, item.value, (size_t)item.len))
			items_add(all, item);
	}
	fdt_for_each_subnode(at, fdt, node) {
		char *child;

		if (asprintf(&child, "%s/%s", path, fdt_get_name(fdt, at, NULL)) < 0)
			err(2, "memory");
		items_of_node(all, fdt, at, child);
	}
}

static struct items items_of(const void *fdt)
{
	struct items all = { 0 };

	items_of_node(&all, fdt, 0, strdup(""));
	qsort(all.item, all.n, sizeof(*all.item), by_name);
	return all;
}

static void items_free(struct items *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (!*all->item[i].name)
			free((void *)(uintptr_t)all->item[i].path);
	free(all->item);
}

static void print_value(FILE *out, const struct item *item)
{
	if (!item) {
		fprintf(out, " none");
		return;
	}
	if (!*item->name) {
		fprintf(out, " a node");
		return;
	}
	fprintf(out, " <");
	for (int i = 0; i < item->len && i < SHOWN_BYTES; i++)
		fprintf(out, "%s%02x", i && i % 4 == 0 ? " " : "", item->value[i]);
	fprintf(out, "%s> (%d bytes)", item->len > SHOWN_BYTES ? "..." : "", item->len);
}

static void print_difference(FILE *out, const struct item *expected,
			     const struct item *is)
{
	const struct item *any = expected ? expected : is;

	fprintf(out, "  %s%s%s:", any->path, *any->name ? "/" : "", any->name);
	print_value(out, is);
	fprintf(out, " instead of");
	print_value(out, expected);
	fprintf(out, "\n");
}

unsigned int live_tree_compare(const void *expected, const void *is, FILE *out,
			       unsigned int max)
{
	struct items a = items_of(expected), b = items_of(is);
	unsigned int n = 0;
	size_t i = 0, j = 0;

	while (i < a.n || j < b.n) {
		const struct item *x = i < a.n ? &a.item[i] : NULL;
		const struct item *y = j < b.n ? &b.item[j] : NULL;
		int order = !x ? 1 : !y ? -1 : by_name(x, y);
		bool is_same = !order && x->len == y->len &&
			       (!x->len || !memcmp(x->value, y->value, (size_t)x->len));

		i += order <= 0;
		j += order >= 0;
		if (!is_same && n++ < max)
			print_difference(out, order > 0 ? NULL : x, order < 0 ? NULL : y);
	}
	items_free(&a);
	items_free(&b);
	return n;
}
