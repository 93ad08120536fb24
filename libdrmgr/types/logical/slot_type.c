// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libdrmgr/types/pci/slot_list.h"
#include "libdrmgr/types/types.h"

const struct dr_type type_slot = {
	.name = "slot",
	.title = "logical slots: PCI slots and virtual devices of this partition",
	.usage = "-c slot {-a | -r | -Q} -s <drc_name | drc_index>",
	.actions = 1 << DR_ADD | 1 << DR_REMOVE | 1 << DR_QUERY,
	.list = &slot_list_logical_ops,
	.members = slot_members,
	.none = "There are no DR slots on this system.",
	.unknown = "The specified PCI slot is either invalid\n"
		   "or does not support hot plug operations.",
};
