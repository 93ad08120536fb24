// SPDX-License-Identifier: LGPL-2.1-or-later
/* Ports of the Host Ethernet Adapter: no kernel has a driver for them any more. */
#include <stdio.h>

#include "libdrmgr/types/runs.h"
#include "kern/text.h"

static char *port_error_text(const struct dr_error *error, const struct drc *drc)
{
	(void)drc;
	return text_of("%s", error->what);
}

/* Long-established messages are kept word for word. */
static int port_run_prepare(struct run *run)
{
	static const char probe[] = "sys/bus/ibmebus/probe";
	bool has_bus = kern_exists(run->dr->root, probe) > 0;

	if (!has_bus)
		dr_log_err(run->dr->log,
			   "Validating HEA DLPAR capability...no.\n"
			   "    stat(\"/%s\"): No such file or directory",
			   probe);
	run->error = (struct dr_error){ .fault = DR_FAULT_NOT_CAPABLE };
	snprintf(run->error.what, sizeof(run->error.what), "%s",
		 has_bus ? "HEA adapters are not supported by drmgr"
			 : "DLPAR HEA operations are not supported onthis kernel");
	return -ENOTSUP;
}

const struct run_ops run_port = {
	.has_own_hooks = true,
	.leaves = "",
	.prepare = port_run_prepare,
	.words = port_error_text,
};
