// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/core/error_text.h"
#include "libdrmgr/types/partition/acc.h"
#include "libdrmgr/types/runs.h"
#include "kern/text.h"

static char *acc_error_text(const struct dr_error *error, const struct drc *drc)
{
	static const struct error_words none = { 0 };

	switch ((int)error->fault) {
	case DR_FAULT_NOT_CAPABLE:
		return text_of("Could not open \"/%s\" to write QoS credits",
			       error->what);
	case DR_FAULT_KERNEL:
		return text_of("Could not write QoS credits: %s", strerror(-error->err));
	case DR_FAULT_TREE:
		return text_of("QoS credits were written, but the kernel has %s",
			       error->what);
	default:
		return error_text(error, drc, &none);
	}
}

static int acc_run_prepare(struct run *run)
{
	run->requested = 1;
	return 0;
}

static bool acc_run_step(struct run *run)
{
	static const struct drc gzip = { .name = "gzip", .type = "acc" };
	struct dr_result result = { 0 };

	run_begin(run, &gzip);
	run_end(run, &gzip,
		acc_set_credits(run->dr, (unsigned int)run->request.count, &result),
		&result);
	mem_end(&result.mem);
	return true;
}

const struct run_ops run_acc = {
	.is_single = true,
	.has_own_hooks = true,
	.leaves = "credits",
	.prepare = acc_run_prepare,
	.step = acc_run_step,
	.words = acc_error_text,
};
