/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slot_control.h - Linux takes up, or lets go of, a host bridge or a logical slot
 *
 * Through add_slot and remove_slot of the rpadlpar_io module. Each pushes its inverse.
 *
 * Errors:  negative errno, and xact.error.
 */
#pragma once

#include "libdrmgr/core/xact.h"

/* Not a bus: a device of the hypervisor. */
bool slot_is_virtual(const struct connector *c);

/* Whose node (NULL: planned) is there. What counts is that Linux has the bus or device then:
 * the module fails also where slots of an earlier host bridge are in the way of some of
 * the new ones. */
int slot_take_up(struct xact *x, const struct connector *c, const char *node);

/* Whose functions are gone, and whose node is still there. */
int slot_give_up(struct xact *x, const struct connector *c, const char *node);
