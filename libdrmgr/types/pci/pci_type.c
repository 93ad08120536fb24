// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libdrmgr/types/pci/slot_list.h"
#include "libdrmgr/types/types.h"

const struct dr_type type_pci = {
	.name = "pci",
	.title = "hot-plug slots of PCI",
	.usage = "-c pci -s <drc_name | drc_index> {-i | -a [-I] | -r [-I] | -R [-I]}",
	.actions = 1 << DR_ADD | 1 << DR_REMOVE | 1 << DR_QUERY | 1 << DR_REPLACE |
		   1 << DR_IDENTIFY,
	.list = &slot_list_pci_ops,
	.members = slot_members,
	.none = "There are no PCI hot plug slots on this system.",
	.unknown = "The specified PCI slot is either invalid\n"
		   "or does not support hot plug operations.",
};
