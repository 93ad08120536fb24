// SPDX-License-Identifier: GPL-2.0-or-later
#include "libdrmgr/core/error.h"
#include "librtas/trace_text.h"

const char *dr_refusal_text(int err)
{
	return rtas_refusal_text(&(struct rtas_trace){ .kind = TRACE_CALL, .err = err });
}
