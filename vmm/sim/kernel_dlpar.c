// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes to /sys/kernel/dlpar */
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

/* Return the next word. One blank ends it, so two blanks make an empty word. */
static char *word(char **text)
{
	return strsep(text, " ");
}

/* Compare words as the kernel does: one trailing newline is ignored. */
static bool is_word(const char *text, const char *wanted)
{
	size_t len = strlen(wanted);

	return text && !strncmp(text, wanted, len) &&
	       (!text[len] || !strcmp(text + len, "\n"));
}

static int complain(struct kernel *k, const char *what)
{
	kernel_print(k, "dlpar: %s.", what);
	return -EINVAL;
}

/* Parse the next token. what: "count" or "Index", as the kernel's log prints it. */
static int u32_of(struct kernel *k, char **text, const char *what, uint32_t *out)
{
	const char *token = word(text);
	char no[32], invalid[32];
	uint64_t n;

	snprintf(no, sizeof(no), "No DRC %s specified", what);
	snprintf(invalid, sizeof(invalid), "Invalid DRC %s specified", what);
	if (!token)
		return complain(k, no);
	if (!token || text_number(token, strlen(token), UINT32_MAX, &n))
		return complain(k, invalid);
	*out = (uint32_t)n;
	return 0;
}

static int parse_id(struct kernel *k, char **text, struct request *r)
{
	const char *kind = word(text);

	if (is_word(kind, "index"))
		r->id = DLPAR_INDEX;
	else if (is_word(kind, "count"))
		r->id = DLPAR_COUNT;
	else if (is_word(kind, "indexed-count"))
		r->id = DLPAR_INDEXED_COUNT;
	else
		return complain(k, "Invalid id_type specified");
	if (r->id != DLPAR_INDEX && u32_of(k, text, "count", &r->count))
		return -EINVAL;
	return r->id == DLPAR_COUNT ? 0 : u32_of(k, text, "Index", &r->index);
}

static bool has_resource(const struct kernel *k, const char *resource)
{
	return is_word(resource, "memory") || is_word(resource, "cpu") ||
	       (k->profile != KERNEL_6_1 && is_word(resource, "dt"));
}

static int parse(struct kernel *k, char *text, struct request *r)
{
	const char *action;

	r->resource = word(&text);
	if (!has_resource(k, r->resource))
		return complain(k, "Invalid resource specified");
	action = word(&text);
	r->add = is_word(action, "add");
	if (!r->add && !is_word(action, "remove"))
		return complain(k, "Invalid action specified");
	return parse_id(k, &text, r);
}

static struct dt_node *parent_of(struct kernel *k, uint32_t index)
{
	struct dt_node *n;

	for (n = k->tree; n; n = ktree_next(k->tree, n))
		if (kdrc_in(n, index, NULL) &&
		    (!k->early_dlpar || ktree_get(n, "ibm,drc-info", NULL)))
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
	if (is_word(r->resource, "memory"))
		return kmem_dlpar(k, r->add, r->id, r->count, r->index);
	if (is_word(r->resource, "cpu"))
		return r->id == DLPAR_INDEX ? kcpu_dlpar(k, r->add, r->index) : -EINVAL;
	return dt_request(k, r);
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
		err = parse(k, parsed, &r);
	if (!err)
		err = handle(k, &r);
	if (err && text)
		kernel_print(k, "dlpar: Could not handle DLPAR request \"%.64s\"", text);
	free(text);
	free(parsed);
	return err ? err : (ssize_t)(len < page ? len : page);
}

/* Requests for the device tree take no lock. */
static unsigned int dlpar_lock(const struct pfs_node *file, const char *bytes, size_t len)
{
	static const char *const locked[] = { "cpu ", "memory " };

	(void)file;
	for (size_t i = 0; i < sizeof(locked) / sizeof(locked[0]); i++)
		if (len > strlen(locked[i]) &&
		    !memcmp(bytes, locked[i], strlen(locked[i])))
			return LOCK_HOTPLUG;
	return 0;
}

static int dlpar_show(struct pfs_node *file, struct text *out)
{
	const struct kernel *k = file->priv;

	text_add(out, "memory,cpu%s\n", k->profile == KERNEL_6_1 ? "" : ",dt");
	return 0;
}

void kdlpar_files(struct kernel *k)
{
	static const struct pfs_ops dlpar = { .show = dlpar_show,
					      .store = dlpar_store,
					      .lock = dlpar_lock };

	pfs_text(pfs_path(k->sys, "kernel"), "kexec_crash_loaded", 0444, "0\n");
	kernel_attr(k, pfs_path(k->sys, "kernel"), "dlpar", 0644, &dlpar, k);
}
