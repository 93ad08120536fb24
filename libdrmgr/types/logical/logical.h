/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * logical.h - logical connectors: what they stand for is allocated, not plugged in
 *
 * Host bridges, processors, memory, virtual slots. Acquired: allocated and unisolated,
 * with or without nodes in the device tree. Released: isolated and given back.
 *
 * Errors:  negative errno, and xact.error with is_logical set.
 * Source:  PAPR+ 13.5.3, 13.7
 */
#pragma once

#include "libdrmgr/core/xact.h"

/* Does the sensor say that it can be had? */
int logical_check(struct xact *x, const struct connector *c);

/* For steps that are made elsewhere: an error is told in the words for these. Returns
 * err. */
int logical_note(struct xact *x, int err);

/* Senses that it can be had, allocates, unisolates. The inverse gives it back. */
int logical_acquire(struct xact *x, const struct connector *c);

/* Could it be had? Senses, allocates, gives it back: QEMU's firmware says of a connector
 * with nothing behind it that it can be had, until it is asked to allocate it. */
int logical_try(struct xact *x, const struct connector *c);

/* Has one of these met with a connector that has nothing behind it? */
bool logical_is_not_there(const struct dr_error *error);
/* Does firmware give a reason, other than that there is no such connector? */
bool logical_is_refused(const struct dr_error *error);

/* Isolates, waiting for outstanding translations to end, and gives it back. The inverse
 * takes it again. */
int logical_release(struct xact *x, const struct connector *c);

/* The kernel was to add this, which could be had then, and failed: it can have left it
 * acquired, in the middle of a walk, where its own way back is refused. Gives it back. */
int logical_reclaim(struct xact *x, const struct connector *c);

/* The kernel was to remove this, and failed: it can have isolated the connector, and has
 * undone that or not. Then firmware refuses the next isolation until all is walked again. */
int logical_settle(struct xact *x, const struct connector *c);

/* What a sensor state says about a resource; empty for others. */
const char *logical_sense_text(int32_t sense);
