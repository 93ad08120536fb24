/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pci_text.h - texts of errors of a PCI slot
 */
#pragma once

#include "libdrmgr/core/result.h"

/* The message if no slot can be configured. */
#define PCI_NOTHING                                                          \
	"Nothing to configure: no populated PCI slot without a device-tree " \
	"node."

/* Return the text of an error; see error_text(). */
char *pci_error_text(const struct dr_error *error, const struct drc *drc);
