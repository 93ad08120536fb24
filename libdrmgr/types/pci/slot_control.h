/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * slot_control.h - configure or unconfigure a host bridge or a logical slot in Linux
 *
 * Uses add_slot and remove_slot of the rpadlpar_io module. Each change pushes its
 * inverse.
 *
 * Errors:  negative errno, and xact.error.
 */
#pragma once

#include "libdrmgr/core/xact.h"

/* Return true for a virtual device, which has no bus. */
bool slot_is_virtual(const struct connector *c);

/* Configure a slot whose node exists (NULL: planned). Success means that Linux has the
 * bus or the device. The module may report an error even then: if slots of an earlier
 * host bridge conflict with the new ones. */
int slot_control_add(struct xact *x, const struct connector *c, const char *node);

/* Unconfigure a slot whose functions are removed and whose node still exists. */
int slot_control_remove(struct xact *x, const struct connector *c, const char *node);
