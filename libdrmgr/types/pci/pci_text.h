/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci_text.h - texts of errors of a PCI slot
 */
#pragma once

#include "libdrmgr/core/result.h"

/* Return the text of an error; see error_text(). */
char *pci_error_text(const struct dr_error *error, const struct drc *drc);
