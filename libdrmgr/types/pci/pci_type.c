// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libdrmgr/types/pci/pci_text.h"
#include "libdrmgr/types/pci/slot_list.h"
#include "libdrmgr/types/runs.h"
#include "libdrmgr/types/types.h"

static int pci_check(const struct dr_request *request, char **text)
{
	if (request->action == DR_IDENTIFY && request->skip_identify)
		return request_refuse(text,
				      "Cannot specify the -i and -I option together");
	if (!request->key && request->action != DR_ADD && request->action != DR_QUERY)
		return request_refuse(text, "A drc name or index must be specified");
	return request_check_action(
		request,
		"The '-r', '-a', '-R' or '-i' option must be spcified for PCI operations",
		text);
}

const struct dr_type type_pci = {
	.name = "pci",
	.title = "PCI hot-plug slots",
	.usage = "-c pci -s <drc_name | drc_index> {-i | -a [-I] | -r [-I] | -R [-I]}",
	.actions = 1 << DR_ADD | 1 << DR_REMOVE | 1 << DR_QUERY | 1 << DR_REPLACE |
		   1 << DR_IDENTIFY,
	.several = 1 << DR_ADD | 1 << DR_REMOVE,
	.check = pci_check,
	.run = &run_pci,
	.list = &slot_list_pci_ops,
	.members = slot_members,
	.none = PCI_NO_SLOTS,
	.unknown = PCI_INVALID_SLOT,
	.none_present = "No PCI slot has a card",
	.none_absent = "Each PCI slot has a card",
};
