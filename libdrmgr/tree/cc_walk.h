/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cc_walk.h - ask firmware what a connector adds to the device tree
 *
 * A walk that is left half-way keeps the connector from being isolated for good, so
 * whatever goes wrong, the rest of it is read and dropped.
 *
 * Errors:  negative errno; -EREMOTEIO firmware ended the walk, -EBADMSG and -E2BIG it
 *          told nonsense.
 * Source:  PAPR+ 13.5.3.5
 */
#pragma once

#include "libdrmgr/core/xact.h"
#include "wire/fdt_frag.h"

/* A complete and checked fragment; free it in any case. */
int cc_walk(struct xact *x, const struct connector *c, struct fdt_frag *frag);

/* For a look at it: its nodes go nowhere, and need not say whose they are. */
int cc_walk_only(struct xact *x, const struct connector *c, struct fdt_frag *frag);

/* Reads a walk that somebody else left to its end, whatever it says. -EREMOTEIO: firmware
 * does not come to an end, not the second time either. */
int cc_drain(struct xact *x, const struct connector *c);

/* The same for a node that is there, whoever has put it there: firmware counts a connector
 * as configured when it was read to the end. Notes what went wrong. */
int cc_take_up(struct xact *x, const struct connector *c);
