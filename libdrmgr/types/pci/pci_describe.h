/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pci_describe.h - list the devices that Linux has for a PCI node
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "libdrmgr/core/result.h"

/* Replace the devices by the functions at or below the node (NULL: none). Unknown
 * facts remain empty. */
void pci_describe(const struct dr_ctx *dr, struct mem *m, const char *node,
		  struct dr_devices *devices);

/* Give the other connectors of a removal those of the described devices that are below their
 * nodes. */
void pci_describe_others(struct dr_result *result);

/* Begin to receive events, before devices are added, or read those that wait: there is room for
 * a few. */
void pci_expect(struct dr_ctx *dr);

/* Describe the nodes of n results. They were added since pci_expect(): wait once until drivers and
 * udevd have finished with all of them, so that all devices exist and names are final. If they do
 * not, warn, and list the present ones. */
void pci_describe_added(struct dr_ctx *dr, struct dr_result *results, size_t n);
