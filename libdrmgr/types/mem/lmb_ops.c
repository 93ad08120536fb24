// SPDX-License-Identifier: LGPL-2.1-or-later
#include <inttypes.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/tree/cc_walk.h"
#include "libdrmgr/core/drc_state.h"
#include "libdrmgr/types/mem/lmb_ops.h"
#include "libdrmgr/types/mem/lmb_tree.h"
#include "libdrmgr/types/logical/logical.h"
#include "libdrmgr/core/online_set.h"
#include "libdrmgr/core/platform.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/prop.h"
#include "kern/text.h"

#define MEMORY_DIR "sys/devices/system/memory"
#define OFDT	   "/proc/ppc64/ofdt"

enum { SECTION_BYTES = 16 << 20 };

static const struct online_class blocks_class = {
	.dir = MEMORY_DIR "/memory",
	.file = "state",
	.words = { "offline", "online" },
};

/* The argument of every inverse: connector, memory blocks, and the previous values in the
 * property. */
struct lmb_undo {
	const struct connector *c;
	uint32_t first, end;
	uint32_t array, flags;
};

/* ---- Blocks ---- */

/* Find the memory blocks of an LMB. Fail if Linux does not report the block size, or
 * blocks are larger than the LMB. */
static int lmb_find_blocks(struct xact *x, const struct lmb_place *lmb,
			   struct lmb_undo *u)
{
	uint64_t bytes;
	int err = memory_block_bytes(x->dr->root, &bytes);

	if (err)
		return xact_unread(x, "online", err);
	if (!bytes || lmb->bytes < bytes || lmb->bytes % bytes || lmb->address % bytes ||
	    (lmb->address + lmb->bytes) / bytes > UINT32_MAX)
		return xact_fail(x, DR_FAULT_UNFIT, "online", -EINVAL,
				 "/" MEMORY_DIR "/block_size_bytes");
	u->first = (uint32_t)(lmb->address / bytes);
	u->end = (uint32_t)((lmb->address + lmb->bytes) / bytes);
	return 0;
}

static bool lmb_has_online_block(const struct xact *x, const struct lmb_undo *u)
{
	for (uint32_t n = u->first; n < u->end; n++)
		if (online_is(x->dr->root, &blocks_class, n, false) <= 0)
			return true;
	return false;
}

static int lmb_blocks_decode(struct recovery *r, void **arg)
{
	return online_set_decode(r, &blocks_class, arg);
}

const struct undo_kind undo_lmb_blocks = {
	.name = "lmb-blocks",
	.leaves = "memory",
	.undo = online_set_restore,
	.encode = online_set_encode,
	.decode = lmb_blocks_decode,
};

/* Push inverses for the blocks. One set fills a line of the journal. */
static int lmb_push_blocks(struct xact *x, const struct lmb_undo *u, bool online)
{
	uint32_t n = u->first;
	int err = 0;

	while (!err && n < u->end) {
		struct online_set *set = online_set_new(x->mem, &blocks_class, !online);

		for (; n < u->end; n++) {
			err = online_is(x->dr->root, &blocks_class, n, online);
			if (err < 0 || (!err && online_set_add(set, n)))
				break;
		}
		if (err < 0)
			return xact_unread(x, online ? "online" : "offline", err);
		err = xact_push(x, &undo_lmb_blocks, set);
	}
	return err;
}

/* Make Linux create a block. It does not notice new memory by itself. */
static int block_probe(struct xact *x, const struct lmb_place *lmb,
		       const struct lmb_undo *u, uint32_t n)
{
	uint64_t bytes = lmb->bytes / (u->end - u->first);
	_cleanup_free_ char *text = text_of("0x%" PRIx64, n * bytes);
	_cleanup_free_ char *dir = text_of(MEMORY_DIR "/memory%u", n);
	int err;

	if (!text || !dir)
		return xact_fail(x, DR_FAULT_MEMORY, "probe", -ENOMEM, "%s",
				 lmb->c->drc.name);
	err = kern_exists(x->dr->root, dir);
	if (err)
		return err < 0 ? xact_unread(x, "probe", err) : 0;
	err = xact_write(x, "probe", MEMORY_DIR "/probe", text);
	return xact_is_unknown(err) && kern_exists(x->dr->root, dir) > 0
		       ? xact_was_done(x)
		       : err;
}

static int lmb_blocks_online(struct xact *x, const struct lmb_place *lmb,
			     const struct lmb_undo *u)
{
	int err = lmb_push_blocks(x, u, true);

	for (uint32_t n = u->first; !err && n < u->end; n++) {
		err = block_probe(x, lmb, u, n);
		if (!err && online_is(x->dr->root, &blocks_class, n, true) <= 0)
			err = online_write(x, &blocks_class, n, true);
	}
	return err;
}

static int lmb_blocks_offline(struct xact *x, const struct lmb_undo *u)
{
	int err = lmb_push_blocks(x, u, false);

	for (uint32_t n = u->first; !err && n < u->end; n++)
		if (online_is(x->dr->root, &blocks_class, n, false) <= 0)
			err = online_write(x, &blocks_class, n, false);
	return err;
}

/* ---- Inverses of the other steps ---- */

static int lmb_in_use_error(struct xact *x, const struct lmb_undo *u)
{
	return xact_fail(x, DR_FAULT_STILL_IN_USE, NULL, -EBUSY,
			 "%s: Linux has it in use", u->c->drc.name);
}

static void lmb_undo_encode(struct journal_line *line, const void *arg)
{
	const struct lmb_undo *u = arg;

	journal_put_connector(line, u->c);
	journal_put(line, "0x%x", u->first);
	journal_put(line, "0x%x", u->end);
	journal_put(line, "0x%x", u->array);
	journal_put(line, "0x%x", u->flags);
}

static int lmb_undo_decode(struct recovery *r, void **arg)
{
	struct lmb_undo *u = *arg = mem_new(recovery_mem(r), struct lmb_undo);

	u->c = recovery_connector(r);
	return u->c && recovery_number(r, &u->first) && recovery_number(r, &u->end) &&
			       recovery_number(r, &u->array) &&
			       recovery_number(r, &u->flags)
		       ? 0
		       : -EBADMSG;
}

static int lmb_set_indicator(struct xact *x, const char *op, uint32_t indicator,
			     const struct connector *c, int32_t *status)
{
	struct rtas_args args = { .in = { indicator, c->drc.index, 0 } };

	return xact_call(x, op, RTAS_SET_INDICATOR, &args, status);
}

/* Isolate and deallocate an LMB that Linux does not use. QEMU's firmware refuses this if
 * its host did not request the removal, and counts the LMB as owned. The kernel ignores
 * the error, too. */
static int lmb_isolate_and_deallocate(struct xact *x, const struct connector *c)
{
	const char *op = "isolate";
	enum platform platform;
	int32_t status;
	int err = lmb_set_indicator(x, op, DRC_ISOLATION, c, &status);

	if (!err && status == RTAS_SUCCESS) {
		op = "deallocate";
		err = lmb_set_indicator(x, op, DRC_ALLOCATION, c, &status);
	}
	if (err || status == RTAS_SUCCESS)
		return err;
	err = platform_read(x->dr->root, &platform);
	if (err)
		return xact_unread(x, op, err);
	return platform == PLATFORM_KVM_GUEST
		       ? 0
		       : xact_refused(x, op, RTAS_SET_INDICATOR, status);
}

static int lmb_undo_acquire(struct xact *x, void *arg)
{
	const struct lmb_undo *u = arg;
	int32_t sense;
	int err = drc_sense(x, u->c, &sense);

	if (err || sense == DRC_SENSE_UNUSABLE)
		return err;
	if (lmb_has_online_block(x, u))
		return lmb_in_use_error(x, u);
	cc_drain(x, u->c); /* an unfinished walk prevents isolation */
	return lmb_isolate_and_deallocate(x, u->c);
}

const struct undo_kind undo_lmb_acquire = {
	.name = "lmb-acquire",
	.leaves = "isolation allocation",
	.undo = lmb_undo_acquire,
	.encode = lmb_undo_encode,
	.decode = lmb_undo_decode,
};

/* Acquire the LMB again, unless another partition has it now. */
static int lmb_undo_release(struct xact *x, void *arg)
{
	const struct lmb_undo *u = arg;
	struct rtas_args args = { .in = { DRC_ALLOCATION, u->c->drc.index, DRC_USABLE } };
	int32_t sense, status = 0;
	int err = drc_sense(x, u->c, &sense);

	if (!err && sense == DRC_SENSE_UNUSABLE)
		err = xact_call(x, "allocate", RTAS_SET_INDICATOR, &args, &status);
	if (err || status)
		return err || x->is_recovering ? err : -EREMOTEIO;
	err = drc_unisolate(x, u->c);
	return err ? err : cc_complete(x, u->c);
}

const struct undo_kind undo_lmb_release = {
	.name = "lmb-release",
	.leaves = "isolation allocation",
	.undo = lmb_undo_release,
	.encode = lmb_undo_encode,
	.decode = lmb_undo_decode,
};

static int lmb_write_flags(struct xact *x, const struct connector *c, uint32_t array,
			   uint32_t flags)
{
	bool is_unknown = x->dr->dry_run && flags & LMB_ASSIGNED;
	char text[32] = "the array of that walk";
	struct lmb now;
	int err;

	if (!is_unknown)
		snprintf(text, sizeof(text), "array 0x%x", array);
	err = xact_step_begin(x, "update-property",
			      "write " OFDT " update_property of " DYNMEM_NODE
			      ": 0x%08x has flags 0x%x, %s",
			      c->drc.index, flags, text);

	if (err)
		return err < 0 ? err : 0;
	err = xact_step_end(x, lmb_tree_write(x->dr, c->drc.index, array, flags));
	if (xact_is_unknown(err) && !lmb_tree_read(x->dr, c->drc.index, &now) &&
	    now.array == array && now.flags == flags)
		return 0;
	return err ? xact_fail(x, DR_FAULT_KERNEL, "update-property", err, OFDT) : 0;
}

/* Restore the flags only if they match reality: an LMB that Linux uses stays marked as
 * present, one that firmware has taken does not. */
static int lmb_restore_flags(struct xact *x, void *arg)
{
	const struct lmb_undo *u = arg;
	struct lmb now;
	int32_t sense;
	int err = lmb_tree_read(x->dr, u->c->drc.index, &now);

	if (err)
		return err;
	if (now.array == u->array && now.flags == u->flags)
		return 0;
	if (!(u->flags & LMB_ASSIGNED) && lmb_has_online_block(x, u))
		return lmb_in_use_error(x, u);
	if (u->flags & LMB_ASSIGNED &&
	    (drc_sense(x, u->c, &sense) || sense != DRC_SENSE_PRESENT))
		return x->is_recovering ? 0 : -ENODEV;
	return lmb_write_flags(x, u->c, u->array, u->flags);
}

const struct undo_kind undo_lmb_flags = {
	.name = "lmb-flags",
	.leaves = "node",
	.undo = lmb_restore_flags,
	.encode = lmb_undo_encode,
	.decode = lmb_undo_decode,
};

static int lmb_undo_push(struct xact *x, const struct undo_kind *kind,
			 const struct lmb_undo *u)
{
	struct lmb_undo *copy = mem_new(x->mem, struct lmb_undo);

	*copy = *u;
	return xact_push(x, kind, copy);
}

/* ---- Adding ---- */

static int lmb_acquire(struct xact *x, const struct lmb_undo *u)
{
	int err = logical_check(x, u->c);

	if (!err)
		err = lmb_undo_push(x, &undo_lmb_acquire, u);
	if (!err)
		err = drc_allocate(x, u->c);
	if (!err)
		err = drc_unisolate(x, u->c);
	return logical_note(x, err);
}

/* Read the associativity from firmware: the distance between the memory and
 * processors. */
static int lmb_read_array(struct xact *x, const struct connector *c, uint32_t *array)
{
	struct fdt_frag frag = { 0 };
	int err;

	*array = LMB_NO_ARRAY;
	err = cc_walk_only(x, c, &frag);
	if (err > 0) /* a dry run */
		return 0;
	if (!err) {
		err = lmb_tree_array(x->dr, &frag, array);
		if (kern_read_failure(err))
			xact_unread(x, "configure-connector", err);
		else if (err)
			xact_fail(x, DR_FAULT_TREE, "configure-connector", err,
				  "ibm,associativity");
	}
	fdt_frag_free(&frag);
	return err;
}

static int lmb_set_flags(struct xact *x, struct lmb_undo *u, uint32_t array,
			 bool assigned)
{
	struct lmb lmb;
	int err = lmb_tree_read(x->dr, u->c->drc.index, &lmb);

	if (err)
		return xact_fail(x, DR_FAULT_TREE, "update-property", err, "%s",
				 DYNMEM_NODE);
	u->array = lmb.array;
	u->flags = lmb.flags;
	err = lmb_undo_push(x, &undo_lmb_flags, u);
	lmb.flags &= ~(uint32_t)LMB_ASSIGNED;
	return err ? err
		   : lmb_write_flags(x, u->c, array,
				     lmb.flags | (assigned ? LMB_ASSIGNED : 0));
}

/* Read the address of the memory from its new node. */
static int lmb_read_address(struct xact *x, const char *node, struct lmb_place *lmb)
{
	_cleanup_prop_ struct prop reg = { 0 };
	struct cursor c;
	int err = prop_read(x->dr->root, node, "reg", &reg);

	c = cursor_of(reg.data, reg.len);
	if (!err && (memory_reg_next(&c, 2, 2, &lmb->address, &lmb->bytes) != 1 ||
		     lmb->bytes > LMB_BYTES_MAX))
		err = -EBADMSG;
	return err ? xact_fail(x, DR_FAULT_TREE, "attach", err, "%s", node) : 0;
}

/* Refuse to change a node if memory blocks are larger than 16 MiB. The kernel removes a
 * node's memory in sections of that size, and crashes with larger blocks (Linux 6.1, run
 * in a guest). A step that cannot be undone is not begun. */
static int lmb_check_node(struct xact *x)
{
	uint64_t bytes;
	int err = memory_block_bytes(x->dr->root, &bytes);

	if (err)
		return xact_unread(x, "attach", err);
	return bytes > SECTION_BYTES
		       ? xact_fail(x, DR_FAULT_UNFIT, "attach", -EOPNOTSUPP, OFDT)
		       : 0;
}

static int lmb_attach_node(struct xact *x, struct lmb_place *lmb, struct lmb_undo *u)
{
	const char *node = NULL;
	int err = tree_attach(x, lmb->c, &node);

	if (!err && node)
		err = lmb_read_address(x, node, lmb);
	if (!err && node)
		err = lmb_find_blocks(x, lmb, u);
	return err;
}

int lmb_ops_add(struct xact *x, const struct lmb_place *wanted)
{
	struct lmb_place lmb = *wanted;
	struct lmb_undo u = { .c = lmb.c };
	uint32_t array;
	int err = lmb.is_dynamic ? lmb_find_blocks(x, &lmb, &u) : lmb_check_node(x);

	if (!err)
		err = lmb_acquire(x, &u);
	if (!err && !lmb.is_dynamic) {
		err = lmb_attach_node(x, &lmb, &u);
	} else if (!err) {
		err = lmb_read_array(x, lmb.c, &array);
		if (!err)
			err = lmb_set_flags(x, &u, array, true);
	}
	return err ? err : lmb_blocks_online(x, &lmb, &u);
}

/* ---- Removing ---- */

int lmb_ops_remove(struct xact *x, const struct lmb_place *lmb)
{
	struct lmb_undo u = { .c = lmb->c };
	int err = lmb->node ? lmb_check_node(x) : 0;

	if (!err)
		err = lmb_find_blocks(x, lmb, &u);
	if (!err)
		err = lmb_blocks_offline(x, &u);
	if (!err)
		err = lmb->node ? tree_detach(x, lmb->c, &lmb->node, 1)
				: lmb_set_flags(x, &u, LMB_NO_ARRAY, false);
	if (!err)
		err = lmb_undo_push(x, &undo_lmb_release, &u);
	return err ? err : lmb_isolate_and_deallocate(x, u.c);
}
