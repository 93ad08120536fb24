/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci_describe.h - what Linux made of a PCI node, for people
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "libdrmgr/core/result.h"

/* The functions at or below the node (NULL: none) into result->devices, in place of what
 * is there. What cannot be found out is left out. */
void pci_describe(const struct dr_ctx *dr, const char *node, struct dr_result *result);
