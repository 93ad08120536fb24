/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * resolve.h - find the connector that a user or a program names
 *
 * A key is, in this order:
 *   "0x" and digits       a DRC index
 *   a DRC name            also followed by '/' and further parts
 *   an address            of a PCI function: "0000:00:01.0"
 *   a path                of a device-tree node: "/pci@800000020000000/ethernet@1", also
 *                         below /proc/device-tree
 *   a name of Linux       interface, disk, partition, NVMe controller, processor, device on
 *                         the bus vio: "eth1", "sda2", "nvme0n1", "cpu4", "30000002"
 *   a location code       of a node that occupies the connector
 *   digits                a DRC index, unless RESOLVE_NO_DIGITS
 * A path or a name of Linux stands for the connector whose node is this node or the nearest
 * node above it.
 *
 * Errors:  -ENOENT no connector (DR_FAULT_NO_INDEX for "0x", else DR_FAULT_UNKNOWN),
 *          -ENOTUNIQ several (DR_FAULT_AMBIGUOUS, error->what lists their indexes).
 */
#pragma once

#include "libdrmgr/core/connector.h"

enum resolve_rules {
	RESOLVE_ALL = 0,
	/* Digits are too easily a quantity, or the number of a processor. */
	RESOLVE_NO_DIGITS = 1,
};

/* Find the connector of a key; read its occupants if none are read. Return 0 and *found, or
 * a negative errno and *error. */
int connectors_find(struct connectors *cs, const struct dr_ctx *dr, const char *key,
		    enum resolve_rules rules, const struct connector **found,
		    struct dr_error *error);

/* Find the node of a key that names no connector, because firmware's table does not list the
 * one that the node occupies. Return NULL if there is no such node. */
const struct occupant *connectors_find_unlisted(struct connectors *cs,
						const struct dr_ctx *dr, const char *key);

enum { RESOLVE_TEXT_MAX = 12 };
/* Write the key of an index, "0x40000008", and return it. */
const char *resolve_text(uint32_t index, char text[RESOLVE_TEXT_MAX]);

/* Read the number of "0x" and hexadecimal digits. Return false for any other text. */
bool resolve_index(const char *key, uint32_t *index);
