// SPDX-License-Identifier: LGPL-2.1-or-later
/* Requests to /sys/kernel/dlpar, and their inverses. */
#include <stdio.h>
#include <stdlib.h>

#include "libdrmgr/types/logical/logical.h"
#include "libdrmgr/types/mem/mem_request.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/core/undo_kinds.h"

#define DLPAR "/sys/kernel/dlpar"

/* Until a request has ended, the journal has it as an inverse. */
struct range {
	uint32_t count, drc_index;
};

int mem_request_write(struct xact *x, const struct dlpar_request *request)
{
	const char *op = request->add ? "add" : "remove";
	char cmd[DLPAR_CMD_MAX];
	int err;

	dlpar_cmd_encode(cmd, request);
	x->is_long = x->dr->may_yield;
	err = xact_step_begin(x, op, "write " DLPAR " %s", cmd);
	x->is_long = false;
	if (err)
		return err < 0 ? err : 0;
	err = xact_step_end(x, dlpar_write(x->dr->root, request));
	return err ? xact_fail(x, DR_FAULT_KERNEL, op, err, "%s", cmd) : 0;
}

/* ---- Inverses ---- */

/* Count the LMBs of a range that are in another state and can change it. */
static int range_count_others(struct xact *x, const struct range *range,
			      enum lmb_state state, uint32_t *n)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct mem_state now;
	int err = mem_state_read(&now, &m, x->dr);
	size_t at;

	*n = 0;
	for (uint32_t i = 0; !err && i < range->count; i++) {
		if (!mem_state_find(&now, range->drc_index + i, &at) ||
		    now.lmbs[at].state == LMB_FIXED)
			continue;
		err = mem_state_correct_one(&now, x, at);
		*n += now.lmbs[at].state != state;
	}
	return err;
}

static int range_undo(struct xact *x, const struct range *range, bool was_added)
{
	const struct dlpar_request request = {
		.resource = "memory",
		.add = !was_added,
		.form = range->count > 1 ? DLPAR_BY_RANGE : DLPAR_BY_INDEX,
		.count = range->count,
		.drc_index = range->drc_index,
	};
	uint32_t n;
	const enum lmb_state before = was_added ? LMB_FREE : LMB_OWNED;
	int err = range_count_others(x, range, before, &n);

	if (err || !n)
		return err;
	err = mem_request_write(x, &request);
	if (range_count_others(x, range, before, &n) || n)
		return err ? err : -EIO;
	return 0;
}

static int range_undo_add(struct xact *x, void *arg)
{
	return range_undo(x, arg, true);
}

static int range_undo_remove(struct xact *x, void *arg)
{
	return range_undo(x, arg, false);
}

static void range_encode(struct journal_line *line, const void *arg)
{
	const struct range *range = arg;

	journal_put(line, "0x%x", range->count);
	journal_put(line, "0x%08x", range->drc_index);
}

static int range_decode(struct recovery *r, void **arg)
{
	struct range *range = *arg = mem_new(recovery_mem(r), struct range);

	return recovery_number(r, &range->count) &&
			       recovery_number(r, &range->drc_index) &&
			       range->count <= MEM_BATCH_MAX
		       ? 0
		       : -EBADMSG;
}

const struct undo_kind undo_memory_add = {
	.name = "memory-add",
	.leaves = "memory node isolation allocation",
	.undo = range_undo_add,
	.encode = range_encode,
	.decode = range_decode,
};

const struct undo_kind undo_memory_remove = {
	.name = "memory-remove",
	.leaves = "memory node isolation allocation",
	.undo = range_undo_remove,
	.encode = range_encode,
	.decode = range_decode,
};

static int range_push(struct xact *x, const struct undo_kind *kind, uint32_t count,
		      uint32_t drc_index)
{
	struct range *range = mem_new(x->mem, struct range);

	*range = (struct range){ count, drc_index };
	return xact_push(x, kind, range);
}

/* ---- An LMB that neither Linux nor firmware counts as its own ---- */

struct reclaim {
	struct connector c;
	struct drc_parent parent;
	char name[32];
	char root[2]; /* "/" */
};

static int reclaim_undo(struct xact *x, void *arg)
{
	const struct reclaim *reclaim = arg;
	_cleanup_mem_ struct mem m = { 0 };
	struct mem_state now;
	size_t at;
	int err = mem_state_read(&now, &m, x->dr);
	int has = 0;

	if (!err && mem_state_find(&now, reclaim->c.drc.index, &at)) {
		err = mem_state_correct_one(&now, x, at);
		has = err ? err : mem_state_has_block(&now, at);
		if (!err && now.lmbs[at].state != LMB_FREE)
			return 0;
	}
	/* Never from memory that Linux has, or may have. */
	if (err || has)
		return err ? err : has < 0 ? has : 0;
	return logical_reclaim(x, &reclaim->c);
}

static void reclaim_encode(struct journal_line *line, const void *arg)
{
	const struct reclaim *reclaim = arg;

	journal_put(line, "0x%08x", reclaim->c.drc.index);
	journal_put(line, "%s", reclaim->name);
}

static struct reclaim *reclaim_new(struct mem *m, uint32_t drc_index, const char *name)
{
	struct reclaim *reclaim = mem_new(m, struct reclaim);

	snprintf(reclaim->name, sizeof(reclaim->name), "%s", name);
	reclaim->root[0] = '/';
	reclaim->parent.path = reclaim->root;
	reclaim->c.parent = &reclaim->parent;
	reclaim->c.drc = (struct drc){ .index = drc_index,
				       .power_domain = DRC_NO_POWER_DOMAIN,
				       .name = reclaim->name,
				       .type = "MEM" };
	return reclaim;
}

static int reclaim_decode(struct recovery *r, void **arg)
{
	uint32_t drc_index;
	const char *name;

	if (!recovery_number(r, &drc_index))
		return -EBADMSG;
	name = recovery_word(r);
	*arg = name ? reclaim_new(recovery_mem(r), drc_index, name) : NULL;
	return *arg ? 0 : -EBADMSG;
}

const struct undo_kind undo_lmb_reclaim = {
	.name = "lmb-reclaim",
	.leaves = "isolation allocation",
	.undo = reclaim_undo,
	.encode = reclaim_encode,
	.decode = reclaim_decode,
};

int mem_request_push_reclaim(struct xact *x, const struct drc *drc, bool was_owned)
{
	int err = was_owned ? range_push(x, &undo_memory_remove, 1, drc->index) : 0;

	return err ? err
		   : xact_push(x, &undo_lmb_reclaim,
			       reclaim_new(x->mem, drc->index, drc->name));
}

/* ---- The inverse of a request for which the kernel chooses LMBs ---- */

/* As many ranges as a line of the journal can name. */
enum { SET_RANGES = 128 };

/* The LMBs that the partition owned before. */
struct owned_set {
	size_t n;
	struct range range[SET_RANGES];
};

static bool set_has(const struct owned_set *set, uint32_t drc_index)
{
	for (size_t i = 0; i < set->n; i++)
		if (drc_index - set->range[i].drc_index < set->range[i].count)
			return true;
	return false;
}

/* Make exactly the LMBs of the set owned. *others is the number of LMBs that differed. */
static int set_apply(struct xact *x, const struct owned_set *set, bool change,
		     size_t *others)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct mem_state now;
	int err = mem_state_read(&now, &m, x->dr), first;

	if (!err)
		err = mem_state_correct(&now, x);
	first = err;
	*others = 0;
	for (size_t i = 0; !err && i < now.n; i++) {
		const struct mem_lmb *lmb = &now.lmbs[i];
		bool add = set_has(set, lmb->drc_index);
		const struct dlpar_request request = { .resource = "memory",
						       .add = add,
						       .form = DLPAR_BY_INDEX,
						       .count = 1,
						       .drc_index = lmb->drc_index };

		if (lmb->state == LMB_FIXED || (lmb->state == LMB_OWNED) == add)
			continue;
		++*others;
		if (change && mem_request_write(x, &request) && !first)
			first = -EIO;
		if (x->is_unknown)
			break;
	}
	return first;
}

static int set_restore(struct xact *x, void *arg)
{
	size_t others;
	int err = set_apply(x, arg, true, &others);

	if (x->is_unknown || !others)
		return err;
	err = set_apply(x, arg, false, &others);
	return err || !others ? err : -EIO;
}

static void set_encode(struct journal_line *line, const void *arg)
{
	const struct owned_set *set = arg;

	for (size_t i = 0; i < set->n; i++) {
		journal_put(line, "0x%x", set->range[i].count);
		journal_put(line, "0x%08x", set->range[i].drc_index);
	}
}

static int set_decode(struct recovery *r, void **arg)
{
	struct owned_set *set = *arg = mem_new(recovery_mem(r), struct owned_set);
	struct range *range;

	do {
		range = &set->range[set->n];
	} while (recovery_number(r, &range->count) &&
		 recovery_number(r, &range->drc_index) && ++set->n < SET_RANGES);
	return 0;
}

const struct undo_kind undo_memory_set = {
	.name = "memory-set",
	.leaves = "memory node isolation allocation",
	.undo = set_restore,
	.encode = set_encode,
	.decode = set_decode,
};

/* Fill the set. Return false if there are more ranges than a line can name. */
static bool set_fill(struct owned_set *set, const struct mem_state *state)
{
	for (size_t i = 0; i < state->n; i++) {
		const struct mem_lmb *lmb = &state->lmbs[i];
		struct range *last = set->n ? &set->range[set->n - 1] : NULL;

		if (lmb->state != LMB_OWNED)
			continue;
		if (last && lmb->drc_index == last->drc_index + last->count) {
			last->count++;
			continue;
		}
		if (set->n == SET_RANGES)
			return false;
		set->range[set->n++] = (struct range){ 1, lmb->drc_index };
	}
	return true;
}

/* Push the inverse. If the set has too many ranges, wait for the request without a
 * deadline. */
static int set_push(struct mem_job *job)
{
	struct owned_set *set = mem_new(job->x.mem, struct owned_set);

	if (set_fill(set, &job->state))
		return xact_push(&job->x, &undo_memory_set, set);
	job->x.is_patient = true;
	return 0;
}

/* Return true if a failure undoes all requests. One request alone should be all or
 * nothing by itself, but the kernel's own undo can fail, and firmware can refuse to
 * release an LMB. */
bool mem_job_is_undone(const struct mem_job *job)
{
	return job->all_or_nothing && job->wanted > 1;
}

/* Drop or keep the inverse when the result is known and final. */
void mem_request_settle(struct mem_job *job, bool is_done)
{
	struct xact *x = &job->x;
	struct dr_error error = x->error;

	if (x->is_unknown || !x->n_undo || (mem_job_is_undone(job) && is_done))
		return;
	if (is_done)
		xact_keep(x, x->n_undo);
	else
		xact_drop(x);
	x->error = error;
}

/* Each request has an inverse until its result is known, if something may undo it. */
int mem_request_push(struct mem_job *job, const struct dlpar_request *request)
{
	return mem_job_is_undone(job) || xact_is_limited(&job->x) || job->x.dr->may_yield
		       ? mem_request_push_always(job, request)
		       : 0;
}

int mem_request_push_always(struct mem_job *job, const struct dlpar_request *request)
{
	if (job->by_count)
		return set_push(job);
	return range_push(&job->x, job->add ? &undo_memory_add : &undo_memory_remove,
			  request->count, request->drc_index);
}
