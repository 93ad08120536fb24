// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libdrmgr/core/error_text.h"
#include "libdrmgr/types/pci/pci_text.h"
#include "kern/text.h"
#include "kern/cleanup.h"

/* Texts without variable parts. */
static const char *const plain_texts[] = {
	[DR_FAULT_NONE_LEFT] = "Nothing to configure: no populated PCI slot without "
			       "a device-tree node.",
	[DR_FAULT_NO_SLOTS] = PCI_NO_SLOTS,
	[DR_FAULT_UNKNOWN] = PCI_INVALID_SLOT,
	[DR_FAULT_NOT_HOTPLUG] = PCI_INVALID_SLOT,
	[DR_FAULT_DISPLAY] = "DLPAR of display adapters is not supported.",
	[DR_FAULT_OCCUPIED] = "The specified PCI slot is already occupied.",
	[DR_FAULT_NO_CARD] = "No PCI card was detected in the specified PCI slot.",
	[DR_FAULT_NO_NODE] =
		"There is no configured card to remove from the specified PCI slot.",
};

char *pci_error_text(const struct dr_error *error, const struct drc *drc)
{
	static const struct error_words words = { plain_texts, ARRAY_SIZE(plain_texts) };

	if (error->fault == DR_FAULT_TOO_FEW)
		return text_of("Only %s requested PCI slots hold a card that is not "
			       "configured.",
			       error->what);
	if (error->fault == DR_FAULT_NO_INDEX)
		return text_of("Could not find drc_name for index %s\n" PCI_INVALID_SLOT,
			       error->what);
	return error_text(error, drc, &words);
}
