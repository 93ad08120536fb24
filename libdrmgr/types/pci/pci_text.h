/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pci_text.h - texts of errors of a PCI slot
 */
#pragma once

#include "libdrmgr/core/result.h"

/* Messages of operations, and of lists. */
#define PCI_NO_SLOTS "There are no PCI hot plug slots on this system."
#define PCI_INVALID_SLOT                             \
	"The specified PCI slot is either invalid\n" \
	"or does not support hot plug operations."

/* Return the text of an error; see error_text(). */
char *pci_error_text(const struct dr_error *error, const struct drc *drc);
