// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>

#include "libdrmgr/core/error.h"
#include "kern/root.h"
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

void dr_error_read(struct dr_error *error, const struct kern_root *root,
		   enum dr_fault none, int err)
{
	const struct kern_unread *unread = root->unread;
	bool is_none =
		err == -ENOENT || err == -ENODEV || err == -EBADMSG || err == -E2BIG;

	*error = (struct dr_error){ .err = err };
	error->fault = is_none		? none
		       : err == -ENOMEM ? DR_FAULT_MEMORY
					: DR_FAULT_UNREAD;
	if (error->fault == DR_FAULT_UNREAD)
		snprintf(error->what, sizeof(error->what), "%s",
			 unread && unread->err == err ? unread->path : "a file");
}
