/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * slot_nodes.h - compare PCI nodes of the device tree with the functions of Linux
 *
 * Nothing is changed.
 *
 * Errors:  negative errno of the reading.
 */
#pragma once

#include "libdrmgr/core/xact.h"

/* What the nodes of a bus describe and Linux does not have. */
struct slot_missing {
	bool bridge;
	bool function_0; /* another function of its card waits for it */
};

/* Return true for the "class-code" of a PCI to PCI bridge. */
bool slot_is_bridge_class(uint32_t class);

/* Return 1 for the node of a PCI to PCI bridge, 0, or an error. */
int slot_is_bridge(const struct xact *x, const char *node);

/* Return the node of function 0 if this is another function of a card; otherwise NULL.
 * The caller frees it. */
char *slot_function_0(const char *node);

/* Return 1 if Linux has neither this function nor function 0 of its card, 0, or an error.
 * Until function 0 exists, another function does not answer, and a scan of the bus skips
 * it. */
int slot_waits_for_function_0(const struct xact *x, const char *node);

/* Find out what Linux does not have of the nodes of a bus. Return 0 or an error. */
int slot_read_missing(const struct xact *x, const char *bus,
		      struct slot_missing *missing);
