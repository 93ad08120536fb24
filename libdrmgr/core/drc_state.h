/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drc_state.h - isolation, allocation, power, visual indicator, sensor of a connector
 *
 * The only place that changes them. Nothing here pushes an inverse: what a change is
 * taken back with depends on the operation it is part of.
 *
 * Errors:  negative errno; -EREMOTEIO firmware refused, and xact.error has its status.
 * Source:  PAPR+ 13.5.3.1 to 13.5.3.4
 */
#pragma once

#include "libdrmgr/core/xact.h"

int drc_isolate(struct xact *x, const struct connector *c);
int drc_unisolate(struct xact *x, const struct connector *c);

/* As drc_isolate(), but waits for outstanding translations to end. */
int drc_isolate_patiently(struct xact *x, const struct connector *c);

/* The resource of a logical connector is made this partition's, or given back. */
int drc_allocate(struct xact *x, const struct connector *c);
int drc_deallocate(struct xact *x, const struct connector *c);

/* level: DRC_POWER_ON or DRC_POWER_OFF. */
int drc_power(struct xact *x, const struct connector *c, uint32_t level);

int drc_led(struct xact *x, const struct connector *c, enum drc_led led);

/* *sense: enum drc_sense, or the negative status that the sensor answered. */
int drc_sense(struct xact *x, const struct connector *c, int32_t *sense);
