// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libdrmgr/types/pci/pci_text.h"
#include "libdrmgr/types/pci/slot_list.h"
#include "libdrmgr/types/logical/logical_query.h"
#include "libdrmgr/types/runs.h"
#include "libdrmgr/types/types.h"

static int slot_check(const struct dr_request *request, char **text)
{
	if (!request->key)
		return request_refuse(text, "A drc name must be specified");
	return request_check_action(request,
				    "The '-r', '-a', or '-Q' option must be "
				    "specified for slot operations.",
				    text);
}

const struct dr_type type_slot = {
	.name = "slot",
	.title = "logical slots: PCI slots and virtual devices",
	.usage = "-c slot {-a | -r | -Q} -s <drc_name | drc_index>",
	.actions = 1 << DR_ADD | 1 << DR_REMOVE | 1 << DR_QUERY,
	.check = slot_check,
	.run = &run_slot,
	.can_remove = lslot_can_remove,
	.list = &slot_list_logical_ops,
	.members = slot_members,
	.none = "There are no DR slots on this system.",
	.unknown = PCI_INVALID_SLOT,
};
