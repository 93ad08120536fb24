// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory: hotplug of logical memory blocks, /sys/devices/system/memory, and /proc/meminfo. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/host_fault.h"
#include "vmm/sim/kernel_lmb.h"

struct kblock {
	struct kblock *next, **at; /* pointer to this block */
	struct kernel *k;
	uint64_t address;
	unsigned int node;    /* NUMA node */
	bool online, movable; /* movable: was last put online in the zone Movable */
	bool pinned;	      /* holds memory of the kernel, which it cannot migrate */
	struct pfs_node *dir; /* its priv is this block */
};

struct kmemory {
	struct klmbs lmbs;
	struct kblock *blocks;
	struct pfs_node *dir;
};

/* ---- blocks -------------------------------------------------------------------------- */

static int set_online(struct kblock *block, bool online, bool movable)
{
	if (block->online == online)
		return -EINVAL;
	if (!online && block->pinned)
		return -EBUSY;
	block->online = online;
	block->movable = movable;
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
	static const struct {
		const char *word;
		bool online, movable;
	} states[] = {
		{ "offline", false, false },
		{ "online", true, false },
		{ "online_kernel", true, false },
		{ "online_movable", true, true },
	};
	char text[32];
	int err = -EINVAL;

	snprintf(text, sizeof(text), "%.*s", (int)(len < 31 ? len : 31), bytes);
	text[strcspn(text, "\n")] = '\0';
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (!strcmp(text, states[i].word))
			err = set_online(file->priv, states[i].online, states[i].movable);
	return err ? err : (ssize_t)len;
}

static int online_show(struct pfs_node *file, struct text *out)
{
	text_add(out, "%d\n", ((const struct kblock *)file->priv)->online);
	return 0;
}

/* Return 1 or 0 for a truth value as kstrtobool() reads it, or -EINVAL. Its first
 * characters count, whatever follows. After an o, the second one counts. */
static int truth_of(const char *bytes, size_t len)
{
	static const char *const words[2][2] = { { "0nNfF", "1yYtT" }, { "fF", "nN" } };
	bool is_o = len > 1 && (bytes[0] == 'o' || bytes[0] == 'O');

	for (int value = 0; len && value < 2; value++)
		if (bytes[is_o] && strchr(words[is_o][value], bytes[is_o]))
			return value;
	return -EINVAL;
}

static ssize_t online_store(struct pfs_node *file, const char *bytes, size_t len)
{
	struct kblock *block = file->priv;
	int online = truth_of(bytes, len), err = online < 0 ? online : 0;

	if (!err && block->online != online)
		err = set_online(block, online, false);
	return err ? err : (ssize_t)len;
}

static int zones_show(struct pfs_node *file, struct text *out)
{
	const struct kblock *block = file->priv;

	text_add(out, "%s\n",
		 !block->online	  ? "Normal Movable"
		 : block->movable ? "Movable"
				  : "Normal");
	return 0;
}

uint64_t kmem_bytes_of(const struct kernel *k, unsigned int node)
{
	uint64_t n = 0;

	for (const struct kblock *b = k->memory->blocks; b; b = b->next)
		n += b->online && (node == KNODE_ALL || b->node == node);
	return n * k->memory->lmbs.lmb_bytes;
}

/* There are no caches: all memory that no program uses is free. */
static int meminfo_show(struct pfs_node *file, struct text *out)
{
	const struct kernel *k = file->priv;
	const struct host_memory_use *use = &k->host->memory_use;
	unsigned long long anon = use->anon, swap = use->swap_free,
			   total = kmem_bytes_of(k, KNODE_ALL) / 1024,
			   free = total > use->used ? total - use->used : 0;

	text_add(out,
		 "MemTotal:       %8llu kB\nMemFree:        %8llu kB\n"
		 "MemAvailable:   %8llu kB\nBuffers:        %8u kB\n"
		 "Cached:         %8u kB\nActive(anon):   %8llu kB\n"
		 "Inactive(anon): %8llu kB\nSwapTotal:      %8llu kB\n"
		 "SwapFree:       %8llu kB\n",
		 total, free, free, 0, 0, anon / 2, anon - anon / 2, swap, swap);
	return 0;
}

/* Without an order of the host, compute it as Linux does: 4 * sqrt(KiB), within limits. */
static int min_free_show(struct pfs_node *file, struct text *out)
{
	const struct kernel *k = file->priv;
	unsigned long long n = k->host->memory_use.min_free;
	uint64_t square = 16 * (kmem_bytes_of(k, KNODE_ALL) / 1024);

	for (unsigned int bit = n ? 0 : 1 << 18; bit && n < 1 << 18; bit >>= 1)
		n += (n + bit) * (n + bit) <= square ? bit : 0;
	text_add(out, "%llu\n", n);
	return 0;
}

static void block_name(const struct kmemory *m, uint64_t address, char name[32])
{
	snprintf(name, 32, "memory%llu",
		 (unsigned long long)(address / m->lmbs.lmb_bytes));
}

static struct kblock *block_at(const struct kmemory *m, uint64_t address)
{
	const struct pfs_node *dir;
	char name[32];

	block_name(m, address, name);
	dir = pfs_find(m->dir, name);
	return dir ? dir->priv : NULL;
}

static void block_files(struct kblock *block, unsigned long long n)
{
	static const struct pfs_ops state = { .show = state_show,
					      .store = state_store,
					      .locks = LOCK_HOTPLUG },
				    online = { .show = online_show,
					       .store = online_store,
					       .locks = LOCK_HOTPLUG },
				    zones = { .show = zones_show };
	struct kernel *k = block->k;

	kernel_attr(k, block->dir, "state", 0644, &state, block);
	kernel_attr(k, block->dir, "online", 0644, &online, block);
	pfs_text(block->dir, "phys_index", 0444, "%08llx\n", n);
	pfs_text(block->dir, "phys_device", 0444, "0\n");
	pfs_text(block->dir, "removable", 0444, "1\n");
	kernel_attr(k, block->dir, "valid_zones", 0444, &zones, block);
	knode_count(k, block->node, KNODE_MEMORY, 1);
	knode_link(k, block->node, block->dir);
}

/* Create a memory block. Return NULL without memory, or if the block exists already. */
static struct kblock *block_add(struct kernel *k, uint64_t address, unsigned int node,
				bool pinned)
{
	struct kmemory *m = k->memory;
	struct kblock *block = block_at(m, address) ? NULL : calloc(1, sizeof(*block));
	char name[32];

	block_name(m, address, name);
	if (block)
		block->dir = pfs_dir(m->dir, name);
	if (!block || !block->dir) {
		free(block);
		return NULL;
	}
	block->k = k;
	block->address = address;
	block->node = node;
	block->pinned = pinned;
	block->dir->priv = block;
	block->next = m->blocks;
	block->at = &m->blocks;
	if (m->blocks)
		m->blocks->at = &block->next;
	m->blocks = block;
	block_files(block, address / m->lmbs.lmb_bytes);
	kuevent(k, "add", block->dir, "memory", NULL);
	return block;
}

static void block_remove(struct kernel *k, struct kblock *block)
{
	if (block->online)
		kuevent(k, "offline", block->dir, "memory", NULL);
	kuevent(k, "remove", block->dir, "memory", NULL);
	*block->at = block->next;
	if (block->next)
		block->next->at = block->at;
	knode_unlink(k, block->node, block->dir);
	knode_count(k, block->node, KNODE_MEMORY, -1);
	pfs_remove(block->dir);
	free(block);
}

/* ---- requests ------------------------------------------------------------------------ */

/* Turn an acquired connector into an online memory block. */
static int lmb_add(struct kernel *k, struct klmb *lmb)
{
	uint32_t array;

	if (lmb->flags & LMB_ASSIGNED || klmb_find_array(k, lmb->index, &array))
		return -EINVAL;
	lmb->block = block_add(k, lmb->address, knode_of_array(k, array), false);
	if (!lmb->block)
		return -EEXIST;
	set_online(lmb->block, true, false);
	lmb->array = array;
	lmb->flags |= LMB_ASSIGNED;
	return 0;
}

static int acquire_and_add(struct kernel *k, struct klmb *lmb)
{
	/* The program receives the raw -1, which is EPERM. */
	int err = kdrc_acquire(k, lmb->index);

	if (err)
		return err;
	err = lmb_add(k, lmb);
	if (err) {
		kernel_print(k,
			     "pseries-hotplug-mem: Failed to hot-add memory, drc index "
			     "%x",
			     lmb->index);
		kdrc_release(k, lmb->index);
	}
	return err;
}

static bool can_go(const struct klmb *lmb)
{
	return lmb->flags & LMB_ASSIGNED && !(lmb->flags & LMB_RESERVED) && lmb->block;
}

/* Remove the LMB's memory block. Its connector stays acquired. */
static int lmb_remove(struct kernel *k, struct klmb *lmb)
{
	if (!can_go(lmb))
		return -EINVAL;
	if (lmb->block->pinned)
		return -EBUSY;
	block_remove(k, lmb->block);
	lmb->block = NULL;
	lmb->array = LMB_NO_ARRAY;
	lmb->flags &= ~(uint32_t)LMB_ASSIGNED;
	return 0;
}

/* A request, and the part of the table that it covers. changed: the LMBs that it has
 * changed so far, to be released or undone. */
struct change {
	struct kernel *k;
	struct klmb *from, *to;
	uint32_t count;
	struct klmb **changed;
	size_t n;
};

static int change_begin(struct change *c, size_t most)
{
	c->changed = calloc(most + 1, sizeof(struct klmb *));
	return c->changed ? 0 : -ENOMEM;
}

static void undo_add(struct change *c)
{
	kernel_print(c->k, "pseries-hotplug-mem: Memory hot-add failed, removing any "
			   "added LMBs");
	while (c->n--) {
		struct klmb *lmb = c->changed[c->n];

		lmb_remove(c->k, lmb);
		kdrc_release(c->k, lmb->index);
	}
}

/* Add the removed LMBs again: their connectors are still acquired. tell: inform firmware
 * by the indicator that it does not receive the memory. */
static void undo_remove(struct change *c, bool tell)
{
	kernel_print(c->k, "pseries-hotplug-mem: Memory hot-remove failed, adding LMB's "
			   "back");
	if (tell)
		for (struct klmb *lmb = c->from; lmb < c->to; lmb++)
			if (lmb->flags & LMB_ASSIGNED)
				kdrc_unisolate(c->k, lmb->index);
	while (c->n--) {
		struct klmb *lmb = c->changed[c->n];

		if (tell)
			kdrc_unisolate(c->k, lmb->index);
		lmb_add(c->k, lmb);
	}
}

/* Release the connectors. Firmware's status is ignored: the memory is already removed. */
static void release_removed(struct change *c)
{
	for (size_t i = 0; i < c->n; i++)
		kdrc_release(c->k, c->changed[i]->index);
}

static int add_by_count(struct change *c)
{
	struct klmb *lmb;
	uint32_t free = 0;

	for (lmb = c->from; lmb < c->to && free < c->count; lmb++)
		free += !(lmb->flags & (LMB_ASSIGNED | LMB_RESERVED));
	if (!c->count || free < c->count)
		return -EINVAL;
	/* LMBs without a connector are tried too. */
	for (lmb = c->from; lmb < c->to && c->n < c->count; lmb++)
		if (!(lmb->flags & LMB_ASSIGNED) && !acquire_and_add(c->k, lmb))
			c->changed[c->n++] = lmb;
	if (c->n == c->count)
		return 0;
	undo_add(c);
	return -EINVAL;
}

static int remove_by_count(struct change *c)
{
	struct klmb *lmb;
	uint32_t owned = 0;

	for (lmb = c->from; lmb < c->to && owned < c->count; lmb++)
		owned += can_go(lmb);
	if (!c->count || owned < c->count) {
		kernel_print(c->k,
			     "pseries-hotplug-mem: Not enough LMBs available (%u of %u) "
			     "to satisfy request",
			     owned, c->count);
		return -EINVAL;
	}
	for (lmb = c->from; lmb < c->to && c->n < c->count; lmb++)
		if (!lmb_remove(c->k, lmb))
			c->changed[c->n++] = lmb;
	if (c->n < c->count) {
		undo_remove(c, false);
		return -EINVAL;
	}
	release_removed(c);
	return 0;
}

static bool has_reserved(const struct change *c)
{
	for (const struct klmb *lmb = c->from; lmb < c->to; lmb++)
		if (lmb->flags & LMB_RESERVED)
			return true;
	return false;
}

/* Add the LMBs of the range; skip those that are assigned already. */
static int add_range(struct change *c)
{
	for (struct klmb *lmb = c->from; lmb < c->to; lmb++) {
		if (lmb->flags & LMB_ASSIGNED)
			continue;
		if (acquire_and_add(c->k, lmb)) {
			undo_add(c);
			return -EINVAL;
		}
		c->changed[c->n++] = lmb;
	}
	return 0;
}

/* Remove the LMBs of the range; skip those that are not assigned. */
static int remove_range(struct change *c)
{
	for (struct klmb *lmb = c->from; lmb < c->to; lmb++) {
		if (!(lmb->flags & LMB_ASSIGNED))
			continue;
		if (lmb_remove(c->k, lmb)) {
			undo_remove(c, true);
			return -EINVAL;
		}
		c->changed[c->n++] = lmb;
	}
	release_removed(c);
	return 0;
}

static int by_count(struct kernel *k, bool add, uint32_t count)
{
	const struct klmbs *lmbs = &k->memory->lmbs;
	struct change c = {
		.k = k, .from = lmbs->all, .to = lmbs->all + lmbs->n, .count = count
	};
	int err = change_begin(&c, lmbs->n);

	if (!err)
		err = add ? add_by_count(&c) : remove_by_count(&c);
	free(c.changed);
	return err;
}

static int by_range(struct kernel *k, bool add, uint32_t count, uint32_t index)
{
	const struct klmbs *lmbs = &k->memory->lmbs;
	struct klmb *first = klmb_find(lmbs, index);
	struct change c = { .k = k, .from = first, .count = count };
	int err;

	if (!first || !count || count > (size_t)(lmbs->all + lmbs->n - first))
		return -EINVAL;
	c.to = first + count;
	if (has_reserved(&c))
		return -EINVAL;
	err = change_begin(&c, count);
	if (!err)
		err = add ? add_range(&c) : remove_range(&c);
	free(c.changed);
	return err;
}

static int by_index(struct kernel *k, bool add, uint32_t index)
{
	struct klmb *lmb = klmb_find(&k->memory->lmbs, index);
	int err;

	if (!lmb)
		return -EINVAL;
	if (add)
		return acquire_and_add(k, lmb);
	err = lmb_remove(k, lmb);
	if (!err)
		kdrc_release(k, index);
	return err;
}

/* Read the next pair of a node memory@ADDRESS. Return false at the end. */
static bool reg_next(struct cursor *reg, uint64_t *address, uint64_t *bytes)
{
	*address = cursor_be64(reg);
	*bytes = cursor_be64(reg);
	return !reg->err;
}

bool kmem_node_is_in_use(const struct kernel *k, const struct dt_node *node)
{
	struct cursor reg;
	uint64_t address, bytes;
	const void *cells;
	size_t len;

	if (!k->memory || node->parent != k->tree || !ktree_is_called(node, "memory"))
		return false;
	cells = ktree_get(node, "reg", &len);
	reg = cursor_of(cells, cells ? len : 0);
	while (reg_next(&reg, &address, &bytes))
		if (block_at(k->memory, address))
			return true;
	return false;
}

/* Report the loss of memory that is in use: the kernel removes memory of such a node in
 * sections, not in whole blocks. */
void kmem_forget_node(struct kernel *k, const struct dt_node *node)
{
	if (kmem_node_is_in_use(k, node))
		kernel_oops(k, "the node of online memory is removed");
}

int kmem_dlpar(struct kernel *k, bool add, enum kdlpar_id id, uint32_t count,
	       uint32_t index)
{
	int err = -EINVAL;

	switch (id) {
	case DLPAR_INDEX:
		err = by_index(k, add, index);
		break;
	case DLPAR_COUNT:
		err = by_count(k, add, count);
		break;
	case DLPAR_INDEXED_COUNT:
		err = by_range(k, add, count, index);
		break;
	}
	if (!err)
		err = host_fault_hit(k->host, "update:" DYNMEM_V1_PROP);
	/* If Linux cannot write the property, it undoes nothing: the memory and its connectors
	 * stay changed, as does the kernel's own table, which the next request that succeeds
	 * writes. The program receives the raw -1, which is EPERM. */
	return err ? err : klmbs_write(k, &k->memory->lmbs) ? -EPERM : 0;
}

/* Find the node in the device tree, which the program has updated before. */
static unsigned int node_of_probed(struct kernel *k, uint64_t address)
{
	unsigned int node = 0;
	struct klmbs now = { 0 };

	if (klmbs_read(k, &now))
		return 0;
	for (size_t i = 0; i < now.n; i++)
		if (now.all[i].address == address && now.all[i].flags & LMB_ASSIGNED)
			node = knode_of_array(k, now.all[i].array);
	klmbs_free(&now);
	return node;
}

static ssize_t probe_store(struct pfs_node *file, const char *bytes, size_t len)
{
	struct kernel *k = file->priv;
	char text[32], *end;
	unsigned long long base;

	snprintf(text, sizeof(text), "%.*s", (int)(len < 31 ? len : 31), bytes);
	base = strtoull(text, &end, 0);
	if (end == text || base % k->memory->lmbs.lmb_bytes)
		return -EINVAL;
	/* The kernel does not check that firmware assigned this memory. */
	if (block_at(k->memory, base))
		return -EEXIST;
	return block_add(k, base, node_of_probed(k, base), false) ? (ssize_t)len
								  : -ENOMEM;
}

static struct kblock *boot_block(struct kernel *k, uint64_t address, unsigned int node,
				 bool pinned)
{
	struct kblock *block = block_add(k, address, node, pinned);

	if (block)
		set_online(block, true, false);
	return block;
}

static void boot_node(struct kernel *k, const struct dt_node *n)
{
	uint64_t address, bytes;
	size_t len;
	const void *cells = ktree_get(n, "reg", &len);
	struct cursor reg = cursor_of(cells, cells ? len : 0);

	while (reg_next(&reg, &address, &bytes))
		for (uint64_t at = 0; at < bytes; at += k->memory->lmbs.lmb_bytes)
			boot_block(k, address + at, knode_of(k, n), false);
}

/* Pin the blocks with what Linux keeps for good: its image at 0, the window of RTAS, and
 * the tables that it allocates from the end of memory. A real kernel has such memory in a
 * few more blocks, which differ from boot to boot. */
static void pin_boot_blocks(const struct kernel *k)
{
	const struct kmemory *m = k->memory;
	struct kblock *last = NULL;
	uint64_t window = k->rma_top - 1;

	for (struct kblock *b = m->blocks; b; b = b->next) {
		if (!b->address ||
		    (b->address <= window && window - b->address < m->lmbs.lmb_bytes))
			b->pinned = true;
		if (!last || b->address > last->address)
			last = b;
	}
	if (last)
		last->pinned = true;
}

static void boot_blocks(struct kernel *k)
{
	struct kmemory *m = k->memory;

	for (const struct dt_node *n = k->tree->children; n; n = n->next)
		if (ktree_is_called(n, "memory"))
			boot_node(k, n);
	pin_boot_blocks(k);
	for (size_t i = 0; i < m->lmbs.n; i++) {
		struct klmb *lmb = &m->lmbs.all[i];

		/* Version 1 has no flag LMB_HOTREMOVABLE. */
		if (lmb->flags & LMB_ASSIGNED && !block_at(m, lmb->address))
			lmb->block =
				boot_block(k, lmb->address, knode_of_array(k, lmb->array),
					   m->lmbs.version == DYNMEM_V2 &&
						   !(lmb->flags & LMB_HOTREMOVABLE));
	}
}

int kmem_boot(struct kernel *k)
{
	static const struct pfs_ops probe = { .store = probe_store,
					      .locks = LOCK_HOTPLUG },
				    meminfo = { .show = meminfo_show },
				    min_free = { .show = min_free_show };
	struct kmemory *m = calloc(1, sizeof(*m));
	int err;

	if (!m)
		return -ENOMEM;
	k->memory = m;
	err = klmbs_read(k, &m->lmbs);
	if (err)
		return err;

	m->dir = pfs_path(k->sys, "devices/system/memory");
	pfs_text(m->dir, "block_size_bytes", 0444, "%llx\n",
		 (unsigned long long)m->lmbs.lmb_bytes);
	pfs_text(m->dir, "auto_online_blocks", 0644, "%s\n",
		 k->profile == KERNEL_CURRENT ? "online" : "offline");
	if (k->profile == KERNEL_CURRENT)
		pfs_text(m->dir, "crash_hotplug", 0444, "0\n");
	kernel_attr(k, m->dir, "probe", 0200, &probe, k);
	pfs_file(k->proc, "meminfo", 0444, &meminfo, k);
	/* The other files of /proc/sys are the machine's: root_enter() covers one of them. */
	pfs_file(pfs_path(k->proc, ".kernel/sys/vm"), "min_free_kbytes", 0444, &min_free,
		 k);
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
	klmbs_free(&k->memory->lmbs);
	free(k->memory);
	k->memory = NULL;
}
