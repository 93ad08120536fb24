// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "drmgr/model/cc_walk.h"
#include "drmgr/model/drc_state.h"
#include "drmgr/model/logical.h"

const char *logical_sense_text(int32_t sense)
{
	static const char *const texts[] = {
		[DRC_SENSE_EMPTY] = "Unable to allocate the resource to the partition.",
		[DRC_SENSE_PRESENT] = "Resource is already assigned to the partition.",
		[DRC_SENSE_UNUSABLE] = "Resource is not available to the partition.",
		[DRC_SENSE_EXCHANGE] = "Resource is available for exchange.",
		[DRC_SENSE_RECOVER] = "Resource is available for recovery by partition.",
	};

	return sense >= 0 && sense < (int32_t)ARRAY_SIZE(texts) ? texts[sense] : "";
}

/* The words for it are those of logical connectors. */
static int as_logical(struct xact *x, int err)
{
	if (err && !x->is_undoing)
		x->error.is_logical = true;
	return err;
}

static int check_available(struct xact *x, const struct connector *c)
{
	int32_t sense;
	int err = drc_sense(x, c, &sense);
	bool is_first = !x->error.fault && !x->is_undoing;

	if (err || sense == DRC_SENSE_UNUSABLE)
		return err;
	err = xact_fail(x, DR_FAULT_SENSE, "sense", -EREMOTEIO, "sensor state %d: %s",
			sense, logical_sense_text(sense));
	if (is_first)
		x->error.status = sense;
	return err;
}

/* Isolation is refused while a walk is half-way: read it to its end, try once more. */
static int isolate(struct xact *x, const struct connector *c)
{
	int err = drc_isolate_patiently(x, c);

	if (err == -EREMOTEIO && !cc_drain(x, c))
		err = drc_isolate(x, c);
	return err;
}

/* A connector, and whether both steps were made: the second one is only taken back
 * then. */
struct change {
	const struct connector *c;
	bool is_complete;
};

static int push(struct xact *x, const struct undo_kind *kind, const struct connector *c,
		struct change **change)
{
	*change = calloc(1, sizeof(**change));
	if (!*change)
		return xact_fail(x, DR_FAULT_MEMORY, NULL, -ENOMEM, "%s", c->drc.name);
	(*change)->c = c;
	return xact_push(x, kind, *change);
}

/* Both, whatever becomes of the first. */
static int undo_acquire(struct xact *x, void *arg)
{
	const struct change *change = arg;
	int err = change->is_complete ? isolate(x, change->c) : 0;
	int free_err = drc_deallocate(x, change->c);

	return err ? err : free_err;
}

static const struct undo_kind undo_acquire_kind = {
	.name = "acquire",
	.undo = undo_acquire,
	.free_arg = free,
};

static int acquire(struct xact *x, const struct connector *c)
{
	struct change *change;
	int err = push(x, &undo_acquire_kind, c, &change);

	if (err)
		return err;
	err = drc_allocate(x, c);
	if (err == -EREMOTEIO)
		xact_drop(x);
	if (!err)
		err = drc_unisolate(x, c);
	if (!err)
		change->is_complete = true;
	return err;
}

int logical_acquire(struct xact *x, const struct connector *c)
{
	int err = check_available(x, c);

	return as_logical(x, err ? err : acquire(x, c));
}

/* Firmware counts a connector as configured when it was read to the end. */
static int undo_release(struct xact *x, void *arg)
{
	const struct change *change = arg;
	int err = change->is_complete ? drc_allocate(x, change->c) : 0;

	if (!err)
		err = drc_unisolate(x, change->c);
	return err ? err : cc_drain(x, change->c);
}

static const struct undo_kind undo_release_kind = {
	.name = "logical-release",
	.undo = undo_release,
	.free_arg = free,
};

static int release(struct xact *x, const struct connector *c)
{
	struct change *change;
	int err = push(x, &undo_release_kind, c, &change);

	if (err)
		return err;
	err = drc_isolate_patiently(x, c);
	if (err == -EREMOTEIO)
		xact_drop(x);
	if (!err)
		err = drc_deallocate(x, c);
	if (!err)
		change->is_complete = true;
	return err;
}

int logical_release(struct xact *x, const struct connector *c)
{
	return as_logical(x, release(x, c));
}
