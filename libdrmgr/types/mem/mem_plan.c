// SPDX-License-Identifier: LGPL-2.1-or-later
/* Choose LMBs and divide them into batches. */
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/core/drc_state.h"
#include "libdrmgr/types/mem/mem_job.h"

/* ---- Checks before the first request ---- */

static int mem_job_check_sensor(struct mem_job *job, size_t at)
{
	struct xact *x = &job->x;
	int32_t sense;

	if (mem_state_sense(&job->state, x, at, false, &sense) ||
	    sense == DRC_SENSE_UNUSABLE)
		return 0;
	xact_fail(x, DR_FAULT_SENSE, "sense", -EINVAL, "sensor state %d", sense);
	x->error.status = sense;
	return -EINVAL;
}

int mem_job_find(struct mem_job *job, const char *key, size_t *at)
{
	struct xact *x = &job->x;
	uint64_t block;
	uint32_t index;
	int err = lmb_find(&job->state.list, key, &index, &x->error);

	if (err || mem_state_find(&job->state, index, at))
		return err;
	if (lmb_key_is_block(key, &block))
		return xact_fail(x, DR_FAULT_NOT_HOTPLUG, NULL, -EINVAL, "%s", key);
	return xact_fail(x, strncmp(key, "0x", 2) ? DR_FAULT_UNKNOWN : DR_FAULT_NO_INDEX,
			 NULL, -ENOENT, "%s", key);
}

static int mem_job_check_lmb(struct mem_job *job, size_t at)
{
	const struct mem_lmb *lmb = &job->state.lmbs[at];
	struct xact *x = &job->x;

	if (lmb->state == LMB_FIXED)
		return xact_fail(x, DR_FAULT_NOT_HOTPLUG, NULL, -EINVAL, "reserved");
	if (job->add && lmb->state == LMB_OWNED)
		return xact_fail(x, DR_FAULT_OWNED, NULL, -EINVAL, "owned");
	if (!job->add && lmb->state == LMB_FREE)
		return xact_fail(x, DR_FAULT_NOT_OWNED, NULL, -EINVAL, "not owned");
	return job->add ? mem_job_check_sensor(job, at) : 0;
}

int mem_job_one(struct mem_job *job, size_t at)
{
	int err = mem_state_correct_one(&job->state, &job->x, at);

	err = err ? xact_unread(&job->x, NULL, err) : mem_job_check_lmb(job, at);
	job->wanted = 1;
	job->queue[job->n_queue++] = at;
	return err;
}

/* ---- By quantity ---- */

/* Queue free LMBs. Stop at the wanted number: each costs a call. */
static void mem_job_queue_usable(struct mem_job *job)
{
	struct mem_state *s = &job->state;
	bool can_sense = true;
	int32_t sense;

	for (size_t i = 0; i < s->n && job->n_queue < job->wanted; i++) {
		if (s->lmbs[i].state != LMB_FREE || s->lmbs[i].is_left)
			continue;
		if (can_sense && mem_state_sense(s, &job->x, i, false, &sense))
			can_sense = false;
		/* Linux may have it, and the property not show it. */
		if (!can_sense || sense != DRC_SENSE_UNUSABLE)
			mem_state_correct_one(s, &job->x, i);
		if (s->lmbs[i].state == LMB_FREE &&
		    (!can_sense || sense == DRC_SENSE_UNUSABLE))
			job->queue[job->n_queue++] = i;
	}
}

static int mem_job_queue_turn(struct mem_job *job)
{
	job->next = 0;
	return numa_next(&job->numa, job->lmbs, job->state.n, job->wanted - job->n_done,
			 job->queue, &job->n_queue);
}

/* Begin a choice by NUMA nodes. Return 1 if there are nodes. */
static int mem_job_begin_numa(struct mem_job *job)
{
	const struct mem_state *s = &job->state;
	int err;

	if (!s->list.affinity.depth)
		return 0;
	err = numa_read(&job->numa, s->list.mem, job->x.dr->root);
	if (err)
		return err == -ENOMEM ? err : 0;
	job->lmbs = mem_array(s->list.mem, s->n + 1, sizeof(*job->lmbs));
	if (!job->lmbs)
		return -ENOMEM;
	for (size_t i = 0; i < s->n; i++)
		job->lmbs[i] = (struct numa_lmb){ s->lmbs[i].node,
						  s->lmbs[i].state != LMB_OWNED ||
							  s->lmbs[i].is_left };
	job->by_numa = true;
	err = mem_job_queue_turn(job);
	return err ? err : 1;
}

static int mem_job_too_few(struct mem_job *job, size_t n)
{
	return xact_fail(&job->x, DR_FAULT_TOO_FEW, job->add ? "add" : "remove", -ENOSPC,
			 "%zu of %zu", n, job->wanted);
}

static int mem_job_plan_removal(struct mem_job *job)
{
	const struct mem_state *s = &job->state;
	size_t owned = mem_job_count(job, LMB_OWNED, false);
	int got;

	if (owned < job->wanted && !mem_state_correct(&job->state, &job->x))
		owned = mem_job_count(job, LMB_OWNED, false);
	if (!owned || (job->all_or_nothing && owned < job->wanted))
		return mem_job_too_few(job, owned);
	got = mem_job_begin_numa(job);
	for (size_t i = 0; !got && i < s->n && job->n_queue < job->wanted; i++)
		if (s->lmbs[i].state == LMB_OWNED && !s->lmbs[i].is_left)
			job->queue[job->n_queue++] = i;
	return got < 0 ? got : 0;
}

int mem_job_quantity(struct mem_job *job, size_t wanted)
{
	int err = 0;

	job->wanted = wanted;
	if (job->add)
		mem_job_queue_usable(job);
	if (!job->add)
		err = mem_job_plan_removal(job);
	else if (!job->n_queue || (job->all_or_nothing && job->n_queue < wanted))
		err = mem_job_too_few(job, job->n_queue);
	job->by_count = !job->by_numa && !job->has_left &&
			(!job->all_or_nothing || wanted <= MEM_BATCH_MAX);
	job->in_ranges = wanted > MEM_BATCH_MAX;
	return err == -ENOMEM ? xact_fail(&job->x, DR_FAULT_MEMORY, NULL, err, " ") : err;
}

/* ---- What programs need ---- */

int mem_job_check_sum(struct mem_job *job, bool is_named, uint64_t in_all)
{
	struct mem_state *s = &job->state;
	size_t n = job->n_queue, all = job->wanted, owned, at;
	uint32_t drc_index = s->lmbs[*job->queue].drc_index;
	int err;

	if (!is_named && !in_all && !job->all_or_nothing)
		return 0;
	/* The LMBs of an event have consecutive indexes. */
	for (; is_named && in_all > 1 && mem_state_find(s, ++drc_index, &at); in_all--)
		if (!mem_state_correct_one(s, &job->x, at) &&
		    s->lmbs[at].state == LMB_OWNED)
			job->queue[n++] = at;
	owned = mem_job_count(job, LMB_OWNED, false);
	if (!is_named && all > owned)
		all = owned;
	err = mem_needs_check(job, job->queue, n, all > n ? all - n : 0);
	job->planned = 0;
	return err;
}

/* ---- Batches ---- */

/* Return how many LMBs of the queue, from the next one on, follow each other in the table
 * and by index, in either direction. */
static size_t mem_job_run_length(const struct mem_job *job)
{
	const struct mem_lmb *lmbs = job->state.lmbs;
	const size_t *q = job->queue + job->next;
	size_t left = job->n_queue - job->next, n = 1;
	bool up = left > 1 && q[1] > q[0];

	while (n < left && n < MEM_BATCH_MAX) {
		size_t low = up ? q[n - 1] : q[n], high = up ? q[n] : q[n - 1];

		if (high != low + 1 || lmbs[high].drc_index != lmbs[low].drc_index + 1)
			break;
		n++;
	}
	return n;
}

static size_t mem_job_portion(const struct mem_job *job)
{
	size_t left = job->n_queue - job->next;

	/* If a KVM guest gets only a part of a count, the kernel cannot give that part back. */
	if (job->by_count && job->next >= job->single_to &&
	    (job->all_or_nothing || !job->add || !job->is_kvm_guest))
		return left < MEM_BATCH_MAX ? left : MEM_BATCH_MAX;
	return !job->by_count && job->in_ranges && job->next >= job->single_to
		       ? mem_job_run_length(job)
		       : 1;
}

int mem_job_next(struct mem_job *job, struct mem_batch *b)
{
	const size_t *places;
	size_t low;
	int err;

	/* The journal has the inverse of an incomplete undo. It would remove another LMB
	 * in the same place, too. */
	if (job->x.is_unknown || job->x.is_undo_incomplete)
		return 0;
	if (job->next == job->n_queue && job->by_numa && job->n_done < job->wanted) {
		job->single_to = 0;
		err = mem_job_queue_turn(job);
		if (err)
			return xact_unread(&job->x, NULL, err);
	}
	if (job->next == job->n_queue || job->n_done == job->wanted)
		return 0;

	places = job->queue + job->next;
	*b = (struct mem_batch){ .places = places, .n = mem_job_portion(job) };
	low = places[0] < places[b->n - 1] ? places[0] : places[b->n - 1];
	b->request = (struct dlpar_request){
		.resource = "memory",
		.add = job->add,
		.form = job->by_count ? DLPAR_BY_COUNT
			: b->n > 1    ? DLPAR_BY_RANGE
				      : DLPAR_BY_INDEX,
		.count = (uint32_t)b->n,
		.drc_index = job->state.lmbs[low].drc_index,
	};
	job->next += b->n;
	return 1;
}
