// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libdrmgr/core/error.h"
#include "librtas/trace_text.h"
#include "wire/rtas_args.h"

const char *dr_refusal_text(int err)
{
	return rtas_refusal_text(&(struct rtas_trace){ .kind = TRACE_CALL, .err = err });
}

bool dr_error_has_reason(const struct dr_error *error)
{
	return error->fault == DR_FAULT_FIRMWARE && error->status != RTAS_PARAMETER_ERROR;
}
