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

#include "drmgr/model/xact.h"

/* Senses that it can be had, allocates, unisolates. The inverse gives it back. */
int logical_acquire(struct xact *x, const struct connector *c);

/* Isolates, waiting for outstanding translations to end, and gives it back. The inverse
 * takes it again. */
int logical_release(struct xact *x, const struct connector *c);

/* What a sensor state says about a resource; empty for others. */
const char *logical_sense_text(int32_t sense);
