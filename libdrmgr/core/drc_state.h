/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * drc_state.h - isolation, allocation, power, visual indicator, sensor of a connector
 *
 * These states are changed only here. Nothing here pushes an inverse: the inverse depends
 * on the operation.
 *
 * Errors:  negative errno; -EREMOTEIO: firmware refused, and xact.error has its status.
 * Source:  PAPR+ 13.5.3.1 to 13.5.3.4
 */
#pragma once

#include "libdrmgr/core/xact.h"

int drc_isolate(struct xact *x, const struct connector *c);
int drc_unisolate(struct xact *x, const struct connector *c);

/* Like drc_isolate(), but wait for outstanding translations to end. */
int drc_isolate_patiently(struct xact *x, const struct connector *c);

/* Isolate the connector, and return 0 with firmware's status in *status. */
int drc_try_isolate(struct xact *x, const struct connector *c, int32_t *status);
/* The same, but wait for outstanding translations to end. */
int drc_try_isolate_patiently(struct xact *x, const struct connector *c, int32_t *status);

/* Allocate the resource of a logical connector to this partition, or release it. */
int drc_allocate(struct xact *x, const struct connector *c);
int drc_deallocate(struct xact *x, const struct connector *c);

/* Set the power level of the connector's domain: DRC_POWER_ON or DRC_POWER_OFF. */
int drc_power(struct xact *x, const struct connector *c, uint32_t level);

int drc_led(struct xact *x, const struct connector *c, enum drc_led led);

/* Read the entity-sense sensor. *sense is an enum drc_sense, or the sensor's negative
 * status. */
int drc_sense(struct xact *x, const struct connector *c, int32_t *sense);

/* Return the text for a sensor state of a logical connector; empty for other states. */
const char *drc_sense_text(int32_t sense);
