// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>

#include "libdrmgr/core/result.h"

void dr_result_forget_devices(struct dr_result *result)
{
	for (size_t i = 0; i < result->n; i++)
		kern_names_free(&result->devices[i].interfaces);
	free(result->devices);
	result->devices = NULL;
	result->n = 0;
}

void dr_result_free(struct dr_result *result)
{
	dr_result_forget_devices(result);
	kern_names_free(&result->left);
	free(result->node);
	result->node = NULL;
	free(result->partner_node);
	result->partner_node = NULL;
}
