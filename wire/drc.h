/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * drc.h - dynamic reconfiguration connectors: numbers, and one connector
 *
 * Source:  PAPR+ 13.5.3 (indicators, sensors), 13.5.2 (properties)
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdint.h>

/* set-indicator types. */
enum drc_indicator {
	DRC_ISOLATION = 9001,
	DRC_DR_INDICATOR = 9002, /* the visual indicator of a slot */
	DRC_ALLOCATION = 9003,
};

enum drc_isolation { DRC_ISOLATE = 0, DRC_UNISOLATE = 1 };

enum drc_led {
	DRC_LED_OFF = 0,
	DRC_LED_ON = 1,
	DRC_LED_IDENTIFY = 2,
	DRC_LED_ACTION = 3
};

enum drc_allocation { DRC_UNUSABLE = 0, DRC_USABLE = 1 };

/* get-sensor-state type, and its values. */
enum { DRC_ENTITY_SENSE = 9003 };

enum drc_sense {
	DRC_SENSE_EMPTY = 0,
	DRC_SENSE_PRESENT = 1,
	DRC_SENSE_UNUSABLE = 2,
	DRC_SENSE_EXCHANGE = 3,
	DRC_SENSE_RECOVER = 4,
};

/* Statuses of these calls that the caller can handle. */
enum {
	DRC_SENSE_NEEDS_POWER_UNISOLATED = -9000, /* power on and unisolate, then sense */
	DRC_SENSE_NEEDS_POWER = -9001, /* power on, stay isolated, then sense */
	DRC_INDICATOR_MULTILEVEL = -9000,
	DRC_INDICATOR_TRANSLATIONS = -9001,
	DRC_POWER_WRONG_SPEED = -9000, /* a 33 MHz card next to a 66 MHz one */
};

/* set-power-level. */
enum { DRC_POWER_OFF = 0, DRC_POWER_ON = 100 };

/* The connector has no power domain of its own (live insertion). */
#define DRC_NO_POWER_DOMAIN 0xffffffffu

/* One connector as a property of its parent node describes it. The strings belong to the
 * code that filled it in. */
struct drc {
	uint32_t index; /* the key; names are for users only */
	uint32_t power_domain;
	const char *name;
	const char *type; /* "CPU", "MEM", "PHB", "SLOT", "28"... */
};
