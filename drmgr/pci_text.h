/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci_text.h - the words for what went wrong with a PCI slot
 */
#pragma once

#include "libdrmgr/core/result.h"

/* As error_text(). */
char *pci_error_text(const struct dr_error *error, const struct drc *drc);
