// SPDX-License-Identifier: LGPL-2.1-or-later
/* Steps, and what Linux loses. */
#include "libdrmgr/core/context.h"
#include "libdrmgr/impact/impact.h"

const char *dr_step_get_op(const struct dr_step *step)
{
	return step->op;
}

const char *dr_step_get_args(const struct dr_step *step)
{
	return step->args;
}

unsigned int dr_step_get_number(const struct dr_step *step)
{
	return step->number;
}

bool dr_step_is_planned(const struct dr_step *step)
{
	return step->is_planned;
}

bool dr_step_is_call(const struct dr_step *step)
{
	return step->is_call;
}

bool dr_step_get_status(const struct dr_step *step, int32_t *status)
{
	if (!step->is_call || step->err || step->is_planned)
		return false;
	*status = step->status;
	return true;
}

int dr_step_get_errno(const struct dr_step *step)
{
	return step->err;
}

int64_t dr_step_get_ns(const struct dr_step *step)
{
	return step->ns;
}

const char *dr_impact_get_kind(const struct dr_impact *impact)
{
	return impact_kind_name(impact->kind);
}

const char *dr_impact_get_what(const struct dr_impact *impact)
{
	return impact->what;
}

const char *dr_impact_get_through(const struct dr_impact *impact)
{
	return impact->through;
}

const char *dr_impact_get_unknown(const struct dr_impact *impact)
{
	return impact->carrier.name;
}

bool dr_impact_is_fatal(const struct dr_impact *impact)
{
	return impact->is_fatal;
}

bool dr_impact_is_degraded(const struct dr_impact *impact)
{
	return impact->is_degraded;
}

bool dr_impact_is_unsure(const struct dr_impact *impact)
{
	return impact->is_unsure;
}

bool dr_impact_is_note(const struct dr_impact *impact)
{
	return impact->is_note;
}

int dr_impact_get_pid(const struct dr_impact *impact)
{
	return impact->pid;
}
