// SPDX-License-Identifier: LGPL-2.1-or-later
/* Types without connectors that can be listed. */
#include <string.h>

#include "libdrmgr/types/runs.h"
#include "libdrmgr/types/types.h"

static int port_check(const struct dr_request *request, char **text)
{
	if (!request->key)
		return request_refuse(text, "A drc name  must be specified");
	return request_check_action(request,
				    "The '-r', '-a', or '-Q' option must be "
				    "specified for HEA operations.",
				    text);
}

/* Linux has no driver for these ports of the Host Ethernet Adapter since 6.5. */
const struct dr_type type_port = {
	.name = "port",
	.title = "ports of the Host Ethernet Adapter",
	.usage = "-c port {-a | -r | -Q} -s drc_name",
	.actions = 1 << DR_ADD | 1 << DR_REMOVE | 1 << DR_QUERY,
	.check = port_check,
	.run = &run_port,
	.runs_query = true,
	.none = "There are no LHEA ports on this system.",
	.unknown = "The specified port was not found.",
};

static int acc_check(const struct dr_request *request, char **text)
{
	if (!request->accelerator)
		return request_refuse(text, "-t gzip must be specified");
	if (strcmp(request->accelerator, "gzip") != 0)
		return request_refuse(text, "Invalid Accelerator type: %s",
				      request->accelerator);
	if (!request->has_count)
		return request_refuse(text,
				      "-q and the number of credits must be specified");
	if (request->count > UINT16_MAX)
		return request_refuse(text, "-q: there are at most 65535 credits");
	return request->action == DR_QUERY
		       ? request_refuse(text, "Credits cannot be queried")
		       : 0;
}

const struct dr_type type_acc = {
	.name = "acc",
	.title = "credits of the compression accelerator",
	.usage = "-c acc -t <accelType> -q <QoS_credit_count>",
	.actions = 1 << DR_NO_ACTION | 1 << DR_ADD | 1 << DR_REMOVE,
	.check = acc_check,
	.run = &run_acc,
};
