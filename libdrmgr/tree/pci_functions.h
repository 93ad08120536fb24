/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pci_functions.h - remove the PCI functions of a device-tree node from Linux
 *
 * A function must be removed before its node is detached. No step pushes an inverse: the
 * inverse depends on the operation.
 *
 * Errors:  negative errno, and xact.error. -EBUSY: the function still exists.
 */
#pragma once

#include "libdrmgr/core/xact.h"
#include "kern/pci.h"

/* List all functions of Linux, the farthest from the host bridge first. */
int functions_list(struct xact *x, struct pci_functions *list);

/* Return true if the function's node is top or below it; with keeps_top, only if it is
 * below. */
bool function_is_part(const struct pci_function *fn, const char *top, bool keeps_top);

/* Remove a function. It is no error if it was removed with a bridge above it. */
int function_remove(struct xact *x, const char *address);

/* Unconfigure every function at or below the node, the farthest first. */
int functions_unconfigure(struct xact *x, const char *node);
/* Likewise, but not the function of the node itself. */
int functions_unconfigure_below(struct xact *x, const char *node);
