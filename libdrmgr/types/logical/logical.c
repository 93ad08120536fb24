// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/tree/cc_walk.h"
#include "libdrmgr/core/drc_state.h"
#include "libdrmgr/types/logical/logical.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/core/undo_kinds.h"

/* Mark an error as one of a logical connector, which has its own texts. */
static int logical_note(struct xact *x, int err)
{
	if (err && !x->is_undoing)
		x->error.is_logical = true;
	return err;
}

static int logical_check_available(struct xact *x, const struct connector *c)
{
	int32_t sense;
	int err = drc_sense(x, c, &sense);
	bool is_first = !x->error.fault && !x->is_undoing;

	if (err || sense == DRC_SENSE_UNUSABLE)
		return err;
	err = xact_fail(x, DR_FAULT_SENSE, "sense", -EREMOTEIO, "sensor state %d: %s",
			sense, drc_sense_text(sense));
	if (is_first)
		x->error.status = sense;
	return err;
}

/* A connector, and whether both steps were made: only then the second is undone. */
struct change {
	const struct connector *c;
	bool is_complete;
};

static int change_push(struct xact *x, const struct undo_kind *kind,
		       const struct connector *c, struct change **change)
{
	*change = mem_new(x->mem, struct change);
	(*change)->c = c;
	return xact_push(x, kind, *change);
}

typedef int drc_step(struct xact *x, const struct connector *c);

static int logical_change(struct xact *x, const struct undo_kind *kind,
			  const struct connector *c, drc_step *first, drc_step *second)
{
	struct change *change;
	int err = change_push(x, kind, c, &change);

	if (err)
		return err;
	err = first(x, c);
	if (err == -EREMOTEIO)
		xact_drop(x);
	if (!err)
		err = second(x, c);
	if (!err)
		change->is_complete = true;
	return err;
}

/* Check that the sensor reports the connector as owned, or as not owned. */
static int logical_check_owned(struct xact *x, const struct connector *c, bool owned)
{
	int32_t sense;
	int err = drc_sense(x, c, &sense);

	if (err || (sense >= 0 && (sense == DRC_SENSE_PRESENT) == owned))
		return err;
	return xact_fail(x, DR_FAULT_SENSE, "sense", -EUCLEAN, "sensor state %d: %s",
			 sense, drc_sense_text(sense));
}

static void change_encode(struct journal_line *line, const void *arg)
{
	const struct change *change = arg;

	journal_put_connector(line, change->c);
}

/* Decode a change. It is unknown how many of its steps were made: the sensor tells. */
static int change_decode(struct recovery *r, void **arg)
{
	struct change change = { .c = recovery_connector(r) };
	struct change *made = *arg = mem_new(recovery_mem(r), struct change);

	*made = change;
	return change.c ? 0 : -EBADMSG;
}

/* Undo both steps, even if the first undo fails. */
static int logical_undo_acquire(struct xact *x, void *arg)
{
	struct change *change = arg;
	int err = 0, free_err;

	if (x->is_recovering) {
		int32_t sense;

		err = drc_sense(x, change->c, &sense);
		if (err || sense == DRC_SENSE_UNUSABLE)
			return err;
		err = tree_is_occupied(x, change->c);
		if (err)
			return err < 0 ? xact_unread(x, "isolate", err) : 0;
		change->is_complete = true;
	}
	if (change->is_complete)
		err = cc_isolate(x, change->c, true);
	free_err = drc_deallocate(x, change->c);
	if (!err)
		err = free_err;
	return err || !change->is_complete ? err
					   : logical_check_owned(x, change->c, false);
}

int logical_reclaim(struct xact *x, const struct connector *c)
{
	int32_t sense;
	int err = drc_sense(x, c, &sense);

	if (!err && sense < 0)
		err = xact_refused(x, "sense", RTAS_GET_SENSOR_STATE, sense);
	if (err || sense != DRC_SENSE_PRESENT)
		return err;
	err = cc_isolate(x, c, true);
	return err ? err : drc_deallocate(x, c);
}

const struct undo_kind undo_acquire = {
	.name = "acquire",
	.leaves = "isolation allocation",
	.undo = logical_undo_acquire,
	.encode = change_encode,
	.decode = change_decode,
};

int logical_acquire(struct xact *x, const struct connector *c)
{
	int err = logical_check_available(x, c);

	if (!err)
		err = logical_change(x, &undo_acquire, c, drc_allocate, drc_unisolate);
	return logical_note(x, err);
}

bool logical_is_missing(const struct dr_error *error)
{
	return error->is_logical &&
	       (error->fault == DR_FAULT_SENSE ||
		(error->fault == DR_FAULT_FIRMWARE && !strcmp(error->step, "allocate")));
}

static int logical_try_allocate(struct xact *x, const struct connector *c)
{
	size_t n = x->n_undo;
	struct change *change;
	int err = change_push(x, &undo_acquire, c, &change);

	if (err)
		return err;
	err = drc_allocate(x, c);
	if (err == -EREMOTEIO)
		xact_drop(x);
	xact_undo_to(x, n);
	return err || !x->is_undo_incomplete ? err
					     : xact_fail(x, DR_FAULT_UNDO, "deallocate",
							 -EUCLEAN, "%s", c->drc.name);
}

int logical_try(struct xact *x, const struct connector *c)
{
	int err = logical_check_available(x, c);

	return logical_note(x, err ? err : logical_try_allocate(x, c));
}

/* Allocate the connector again. If another partition has it now, set *is_lost. */
static int change_allocate_again(struct xact *x, const struct change *change,
				 bool *is_lost)
{
	struct rtas_args args = { .in = { DRC_ALLOCATION, change->c->drc.index,
					  DRC_USABLE } };
	int32_t sense, status;
	int err;

	*is_lost = false;
	if (!x->is_recovering)
		return change->is_complete ? drc_allocate(x, change->c) : 0;

	err = drc_sense(x, change->c, &sense);
	if (err || sense != DRC_SENSE_UNUSABLE)
		return err;
	err = xact_call(x, "allocate", RTAS_SET_INDICATOR, &args, &status);
	*is_lost = status != 0;
	return err;
}

/* Acquire the connector again. Firmware counts it as configured only when its walk was
 * read to the end. */
static int logical_undo_release(struct xact *x, void *arg)
{
	const struct change *change = arg;
	bool is_lost;
	int err = change_allocate_again(x, change, &is_lost);

	if (err || is_lost)
		return err;
	err = drc_unisolate(x, change->c);
	if (!err)
		err = cc_complete_released(x, change->c);
	return err ? err : logical_check_owned(x, change->c, true);
}

const struct undo_kind undo_logical_release = {
	.name = "logical-release",
	.leaves = "isolation allocation",
	.undo = logical_undo_release,
	.encode = change_encode,
	.decode = change_decode,
};

int logical_release(struct xact *x, const struct connector *c)
{
	return logical_note(x, logical_change(x, &undo_logical_release, c,
					      drc_isolate_patiently, drc_deallocate));
}
