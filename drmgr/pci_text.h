/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci_text.h - the words for what went wrong with a PCI slot
 */
#pragma once

#include "drmgr/model/pci_ops.h"

/* One or more lines without the last newline, malloc'ed; NULL without memory. c may be
 * NULL when no slot was found yet. */
char *pci_error_text(const struct dr_error *error, const struct connector *c);
