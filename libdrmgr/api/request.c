// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libdrmgr/api/context.h"
#include "libdrmgr/core/type.h"

int dr_check(struct dr *dr, const struct dr_request *request)
{
	static const struct dr_error error = { .fault = DR_FAULT_REQUEST };
	char *text = NULL;
	int err = request->type->check(request, &text);

	return err ? context_fail(dr, &error, text, err) : 0;
}
