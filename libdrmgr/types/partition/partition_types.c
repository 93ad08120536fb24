// SPDX-License-Identifier: LGPL-2.1-or-later
/* Types without connectors that can be listed. */
#include "libdrmgr/types/types.h"

/* Linux has no driver for these ports of the Host Ethernet Adapter since 6.5. */
const struct dr_type type_port = {
	.name = "port",
	.title = "ports of the Host Ethernet Adapter",
	.usage = "-c port {-a | -r | -Q} -s drc_name",
	.actions = 1 << DR_ADD | 1 << DR_REMOVE | 1 << DR_QUERY,
	.none = "There are no LHEA ports on this system.",
	.unknown = "The specified port was not found.",
};

const struct dr_type type_acc = {
	.name = "acc",
	.title = "credits of the compression accelerator",
	.usage = "-c acc -t <accelType> -q <QoS_credit_count>",
	.actions = 1 << DR_NO_ACTION | 1 << DR_ADD | 1 << DR_REMOVE,
};
