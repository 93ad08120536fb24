// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libdrmgr/types/types.h"

const struct dr_type type_phib = {
	.name = "phib",
	.title = "hibernation of the partition",
	.usage = "-m -p {check | pre} -s <stream_id> -n <self-arp secs>",
	.actions = 1 << DR_HIBERNATE,
};

const struct dr_type type_pmig = {
	.name = "pmig",
	.title = "migration of the partition",
	.usage = "-m -p {check | pre} -s <stream_id>",
	.actions = 1 << DR_MIGRATE,
};
