// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory: logical blocks that come and go, and /sys/devices/system/memory. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel.h"
#include "wire/builder.h"
#include "wire/cursor.h"

#define DRCONF	  "/ibm,dynamic-reconfiguration-memory"
#define PROP_V1	  "ibm,dynamic-memory"
#define PROP_V2	  "ibm,dynamic-memory-v2"
#define LMB_BYTES (256ULL << 20) /* where the tree does not say */

enum {
	FLAG_ASSIGNED = 0x08,
	FLAG_HOTREMOVABLE = 0x100,
	LMBS_MAX = 1 << 20,
};

struct lmb {
	uint64_t base;
	uint32_t index, aa_index, flags;
	bool removable;
	struct kblock *block;
};

struct kblock {
	struct kblock *next;
	struct kernel *k;
	uint64_t base;
	bool online, boot;
	struct pfs_node *dir;
};

struct kmemory {
	uint64_t lmb_bytes;
	struct lmb *lmbs;
	size_t n;
	bool v1;
	struct kblock *blocks;
	struct pfs_node *dir;
};

static uint64_t be64(struct cursor *c)
{
	uint64_t high = cursor_be32(c);

	return high << 32 | cursor_be32(c);
}

static void put_be64(struct builder *b, uint64_t v)
{
	builder_be32(b, (uint32_t)(v >> 32));
	builder_be32(b, (uint32_t)v);
}

/* ---- the property -------------------------------------------------------------------- */

static int add_lmb(struct kmemory *m, const struct lmb *lmb)
{
	struct lmb *more;

	if (m->n >= LMBS_MAX)
		return -E2BIG;
	more = realloc(m->lmbs, (m->n + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	m->lmbs = more;
	m->lmbs[m->n++] = *lmb;
	return 0;
}

static int read_v1(struct kmemory *m, struct cursor c)
{
	uint32_t n = cursor_be32(&c);
	int err = 0;

	while (!err && n-- && !c.err) {
		struct lmb lmb = { .base = be64(&c) };

		lmb.index = cursor_be32(&c);
		cursor_be32(&c);
		lmb.aa_index = cursor_be32(&c);
		lmb.flags = cursor_be32(&c);
		if (!c.err)
			err = add_lmb(m, &lmb);
	}
	m->v1 = true;
	return err;
}

static int read_v2(struct kmemory *m, struct cursor c)
{
	uint32_t sets = cursor_be32(&c), n;
	int err = 0;

	while (!err && sets-- && !c.err) {
		struct lmb lmb = { 0 };

		n = cursor_be32(&c);
		lmb.base = be64(&c);
		lmb.index = cursor_be32(&c);
		lmb.aa_index = cursor_be32(&c);
		lmb.flags = cursor_be32(&c);
		for (; !err && !c.err && n; n--) {
			err = add_lmb(m, &lmb);
			lmb.base += m->lmb_bytes;
			lmb.index++;
		}
	}
	return err;
}

static void put_v1(const struct kmemory *m, struct builder *b)
{
	builder_be32(b, (uint32_t)m->n);
	for (size_t i = 0; i < m->n; i++) {
		put_be64(b, m->lmbs[i].base);
		builder_be32(b, m->lmbs[i].index);
		builder_be32(b, 0);
		builder_be32(b, m->lmbs[i].aa_index);
		builder_be32(b, m->lmbs[i].flags);
	}
}

/* How many from here make one set. */
static size_t run_of(const struct kmemory *m, size_t i)
{
	const struct lmb *first = &m->lmbs[i];
	size_t n = 1;

	while (i + n < m->n && m->lmbs[i + n].base == first->base + n * m->lmb_bytes &&
	       m->lmbs[i + n].index == first->index + n &&
	       m->lmbs[i + n].aa_index == first->aa_index &&
	       m->lmbs[i + n].flags == first->flags)
		n++;
	return n;
}

static void put_v2(const struct kmemory *m, struct builder *b)
{
	uint32_t sets = 0;
	size_t i, n;

	for (i = 0; i < m->n; i += run_of(m, i))
		sets++;
	builder_be32(b, sets);
	for (i = 0; i < m->n; i += n) {
		n = run_of(m, i);
		builder_be32(b, (uint32_t)n);
		put_be64(b, m->lmbs[i].base);
		builder_be32(b, m->lmbs[i].index);
		builder_be32(b, m->lmbs[i].aa_index);
		builder_be32(b, m->lmbs[i].flags);
	}
}

static void write_property(struct kernel *k)
{
	struct dt_node *node = ktree_find(k, DRCONF);
	const struct kmemory *m = k->memory;
	struct builder b = { 0 };

	if (!node)
		return;
	(m->v1 ? put_v1 : put_v2)(m, &b);
	b = builder_of(malloc(b.len), b.len);
	if (b.buf) {
		(m->v1 ? put_v1 : put_v2)(m, &b);
		ktree_set(node, m->v1 ? PROP_V1 : PROP_V2, b.buf, b.len);
	}
	free(b.buf);
}

/* ---- blocks -------------------------------------------------------------------------- */

static int set_online(struct kblock *block, bool online)
{
	if (block->online == online)
		return -EINVAL;
	if (!online && block->boot)
		return -EBUSY;
	block->online = online;
	kuevent(block->k, online ? "online" : "offline", block->dir, "memory", NULL);
	return 0;
}

static int state_show(struct pfs_node *file, struct text *out)
{
	const struct kblock *block = file->priv;

	text_add(out, "%s\n", block->online ? "online" : "offline");
	return 0;
}

static ssize_t state_store(struct pfs_node *file, const char *bytes, size_t len)
{
	static const char *const on[] = { "online", "online_kernel", "online_movable" };
	char text[32];
	int err = -EINVAL;

	snprintf(text, sizeof(text), "%.*s", (int)(len < 31 ? len : 31), bytes);
	text[strcspn(text, "\n")] = '\0';
	for (size_t i = 0; i < 3; i++)
		if (!strcmp(text, on[i]))
			err = set_online(file->priv, true);
	if (!strcmp(text, "offline"))
		err = set_online(file->priv, false);
	return err ? err : (ssize_t)len;
}

static int online_show(struct pfs_node *file, struct text *out)
{
	text_add(out, "%d\n", ((const struct kblock *)file->priv)->online);
	return 0;
}

static ssize_t online_store(struct pfs_node *file, const char *bytes, size_t len)
{
	struct kblock *block = file->priv;
	int err = 0;

	if (!len || (bytes[0] != '0' && bytes[0] != '1') || (len > 1 && bytes[1] != '\n'))
		return -EINVAL;
	if (block->online != (bytes[0] == '1'))
		err = set_online(block, bytes[0] == '1');
	return err ? err : (ssize_t)len;
}

static struct kblock *block_add(struct kernel *k, uint64_t base, bool boot)
{
	static const struct pfs_ops state = { .show = state_show, .store = state_store },
				    online = { .show = online_show,
					       .store = online_store };
	struct kmemory *m = k->memory;
	struct kblock *block = calloc(1, sizeof(*block));
	unsigned long long n = base / m->lmb_bytes;
	char name[32];

	if (!block)
		return NULL;
	snprintf(name, sizeof(name), "memory%llu", n);
	*block = (struct kblock){ .next = m->blocks, .k = k, .base = base, .boot = boot };
	m->blocks = block;
	block->dir = pfs_dir(m->dir, name);
	kernel_attr(k, block->dir, "state", 0644, &state, block);
	kernel_attr(k, block->dir, "online", 0644, &online, block);
	pfs_text(block->dir, "phys_index", 0444, "%08llx\n", n);
	pfs_text(block->dir, "phys_device", 0444, "0\n");
	pfs_text(block->dir, "removable", 0444, "1\n");
	pfs_text(block->dir, "valid_zones", 0444, "%s\n", boot ? "none" : "Normal");
	pfs_link(block->dir, "node0", "../../node/node0");
	kuevent(k, "add", block->dir, "memory", NULL);
	set_online(block, true);
	return block;
}

static void block_remove(struct kernel *k, struct kblock *block)
{
	struct kblock **at = &k->memory->blocks;

	if (block->online)
		kuevent(k, "offline", block->dir, "memory", NULL);
	kuevent(k, "remove", block->dir, "memory", NULL);
	while (*at != block)
		at = &(*at)->next;
	*at = block->next;
	pfs_remove(block->dir);
	free(block);
}

/* ---- requests ------------------------------------------------------------------------ */

static struct lmb *lmb_of(struct kmemory *m, uint32_t index)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->lmbs[i].index == index)
			return &m->lmbs[i];
	return NULL;
}

static int lmb_add(struct kernel *k, struct lmb *lmb)
{
	int err = kdrc_acquire(k, lmb->index);

	if (err)
		return err;
	lmb->block = block_add(k, lmb->base, false);
	if (!lmb->block) {
		kdrc_release(k, lmb->index);
		return -ENOMEM;
	}
	lmb->flags |= FLAG_ASSIGNED;
	lmb->removable = true;
	return 0;
}

static bool can_go(const struct lmb *lmb)
{
	return lmb->flags & FLAG_ASSIGNED && lmb->removable && lmb->block;
}

/* Firmware's part cannot be refused usefully: the memory is gone by then. */
static int lmb_remove(struct kernel *k, struct lmb *lmb)
{
	if (!can_go(lmb))
		return -EINVAL;
	block_remove(k, lmb->block);
	lmb->block = NULL;
	lmb->flags &= ~(uint32_t)FLAG_ASSIGNED;
	kdrc_release(k, lmb->index);
	return 0;
}

/* Back to how it was: what this request changed is marked. */
static void undo(struct kernel *k, bool add, bool *changed)
{
	for (size_t i = 0; i < k->memory->n; i++) {
		if (!changed[i])
			continue;
		if (add)
			lmb_remove(k, &k->memory->lmbs[i]);
		else
			lmb_add(k, &k->memory->lmbs[i]);
	}
}

static int by_count(struct kernel *k, bool add, uint32_t count, bool *changed)
{
	struct kmemory *m = k->memory;
	uint32_t found = 0, done = 0;
	size_t i;

	for (i = 0; i < m->n; i++)
		found += add ? !(m->lmbs[i].flags & FLAG_ASSIGNED) : can_go(&m->lmbs[i]);
	if (!count || found < count)
		return -EINVAL;
	for (i = 0; i < m->n && done < count; i++) {
		struct lmb *lmb = &m->lmbs[i];

		if (add ? lmb->flags & FLAG_ASSIGNED : !can_go(lmb))
			continue;
		changed[i] = !(add ? lmb_add(k, lmb) : lmb_remove(k, lmb));
		done += changed[i];
	}
	return done < count ? -EINVAL : 0;
}

static int by_range(struct kernel *k, bool add, uint32_t count, uint32_t index,
		    bool *changed)
{
	struct kmemory *m = k->memory;
	struct lmb *first = lmb_of(m, index);
	size_t at = first ? (size_t)(first - m->lmbs) : 0, i;

	if (!first || !count || count > m->n - at)
		return -EINVAL;
	/* What is not there need not be removed; what is there may not be added. */
	for (i = at; i < at + count; i++)
		if (m->lmbs[i].flags & FLAG_ASSIGNED ? add || !can_go(&m->lmbs[i])
						     : false)
			return -EINVAL;
	for (i = at; i < at + count; i++) {
		if (!add && !(m->lmbs[i].flags & FLAG_ASSIGNED))
			continue;
		changed[i] =
			!(add ? lmb_add(k, &m->lmbs[i]) : lmb_remove(k, &m->lmbs[i]));
		if (!changed[i])
			return -EINVAL;
	}
	return 0;
}

static int by_index(struct kernel *k, bool add, uint32_t index)
{
	struct lmb *lmb = lmb_of(k->memory, index);

	if (!lmb)
		return -EINVAL;
	/* A raw -1 reaches the program: EPERM. */
	return add ? lmb_add(k, lmb) : lmb_remove(k, lmb);
}

int kmem_dlpar(struct kernel *k, bool add, enum kdlpar_id id, uint32_t count,
	       uint32_t index)
{
	bool *changed = calloc(k->memory->n + 1, sizeof(*changed));
	int err = -EINVAL;

	if (!changed)
		return -ENOMEM;
	switch (id) {
	case DLPAR_INDEX:
		err = by_index(k, add, index);
		break;
	case DLPAR_COUNT:
		err = by_count(k, add, count, changed);
		break;
	case DLPAR_INDEXED_COUNT:
		err = by_range(k, add, count, index, changed);
		break;
	}
	if (err)
		undo(k, add, changed);
	write_property(k);
	free(changed);
	return err;
}

static ssize_t probe_store(struct pfs_node *file, const char *bytes, size_t len)
{
	const struct kernel *k = file->priv;
	char text[32], *end;
	unsigned long long base;

	snprintf(text, sizeof(text), "%.*s", (int)(len < 31 ? len : 31), bytes);
	base = strtoull(text, &end, 0);
	if (end == text || base % k->memory->lmb_bytes)
		return -EINVAL;
	return -EINVAL; /* there is no memory that firmware did not assign */
}

static void boot_blocks(struct kernel *k)
{
	struct kmemory *m = k->memory;
	uint64_t base, end;
	struct dt_node *n;
	size_t len;

	for (n = k->tree->children; n; n = n->next) {
		const void *reg = ktree_get(n, "reg", &len);

		if (!ktree_is_called(n, "memory") || !reg || len < 16)
			continue;
		base = (uint64_t)ktree_cell(reg, 0) << 32 | ktree_cell(reg, 1);
		end = base + ((uint64_t)ktree_cell(reg, 2) << 32 | ktree_cell(reg, 3));
		for (; base < end; base += m->lmb_bytes)
			block_add(k, base, true);
	}
	for (size_t i = 0; i < m->n; i++) {
		struct lmb *lmb = &m->lmbs[i];
		struct kblock *block = m->blocks;

		while (block && block->base != lmb->base)
			block = block->next;
		lmb->removable = lmb->flags & FLAG_HOTREMOVABLE;
		if (!block && lmb->flags & FLAG_ASSIGNED)
			lmb->block = block_add(k, lmb->base, !lmb->removable);
	}
}

int kmem_boot(struct kernel *k)
{
	static const struct pfs_ops probe = { .store = probe_store };
	const struct dt_node *node = ktree_find(k, DRCONF);
	struct kmemory *m = calloc(1, sizeof(*m));
	const void *bytes;
	uint32_t high, low;
	size_t len;
	int err = 0;

	if (!m)
		return -ENOMEM;
	k->memory = m;
	m->lmb_bytes = LMB_BYTES;
	bytes = ktree_get(node, "ibm,lmb-size", &len);
	if (bytes && len >= 8) {
		high = ktree_cell(bytes, 0);
		low = ktree_cell(bytes, 1);
		m->lmb_bytes = (uint64_t)high << 32 | low;
	}
	if (!m->lmb_bytes)
		m->lmb_bytes = LMB_BYTES;
	bytes = ktree_get(node, PROP_V2, &len);
	if (bytes)
		err = read_v2(m, cursor_of(bytes, len));
	else if ((bytes = ktree_get(node, PROP_V1, &len)))
		err = read_v1(m, cursor_of(bytes, len));
	if (err)
		return err;

	m->dir = pfs_path(k->sys, "devices/system/memory");
	pfs_text(m->dir, "block_size_bytes", 0444, "%llx\n",
		 (unsigned long long)m->lmb_bytes);
	pfs_text(m->dir, "auto_online_blocks", 0644, "offline\n");
	kernel_attr(k, m->dir, "probe", 0200, &probe, k);
	boot_blocks(k);
	return 0;
}

void kmem_free(struct kernel *k)
{
	struct kblock *block;

	if (!k->memory)
		return;
	while ((block = k->memory->blocks)) {
		k->memory->blocks = block->next;
		free(block);
	}
	free(k->memory->lmbs);
	free(k->memory);
	k->memory = NULL;
}
