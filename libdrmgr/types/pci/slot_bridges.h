/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * slot_bridges.h - have Linux find the bridges of a slot's bus, with their buses
 *
 * The slot driver makes an ordinary device of every node without a device type, even of a
 * bridge. No scan finds the cards below such a half bridge: it has no bus.
 *
 * Errors:  negative errno.
 */
#pragma once

#include "libdrmgr/types/pci/slot_place.h"

/* Remove half bridges from Linux. Only a scan that finds the bridge again scans for the
 * cards below it. */
int slot_remove_half_bridges(struct xact *x, const struct place *place);

/* Have the bridges above a new bridge pass the cycles for its bus. Linux does not: at the
 * first scan of a bridge, firmware has not described the cards below it, so the bridge gets
 * one bus number (Linux 6.1, run in a guest). The numbers remain reserved after an undo. Set xact.error. */
int slot_widen_bridges(struct xact *x, const char *node);

/* Have Linux find a bridge again if it has made a half bridge of it. Set xact.error. */
int slot_reopen_bridge(struct xact *x, const struct connector *c, const char *node);
