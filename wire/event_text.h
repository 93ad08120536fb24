/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * event_text.h - texts for the numbers in an event log
 *
 * Arguments are decoded fields and may have any value; dates are BCD. For an unknown
 * value a function returns "Unknown" or NULL, as its comment says. For NULL the caller
 * prints the number. Spelling and punctuation are the traditional ones of these logs,
 * mistakes included: programs search for them.
 *
 * Source:  PAPR+ 10.2, 10.3; the output of librtasevent 2.0.4
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Initiators and targets, from 0: names that PAPR defines, then numbers up to 4 bits. */
#define EVENT_ENTITIES                                                                   \
	"Unknown", "CPU", "PCI", "ISA", "Memory", "Power Management", "Hot Plug", "(7)", \
		"(8)", "(9)", "(10)", "(11)", "(12)", "(13)", "(14)", "(15)"

/* The fixed part. "Unknown" if PAPR defines no meaning. */
const char *event_severity_text(uint32_t severity);
const char *event_disposition_text(uint32_t disposition);
const char *event_entity_text(uint32_t entity); /* initiator and target */
const char *event_type_text(uint32_t type);

/* PH. Months: "" for an unused value, "(Unknown)" above December. Creators: "Unknown". */
const char *event_month_text(uint32_t bcd);
const char *event_creator_text(uint32_t creator);

/* UH. NULL for unknown values. */
const char *event_subsystem_text(uint32_t subsystem);
const char *event_subtype_text(uint32_t subtype);
const char *event_uh_severity_text(uint32_t severity);

/* EPOW of version 6. "" for 0, NULL for unknown values. */
const char *event_epow_text(uint32_t modifier);

/* IE. NULL for unknown values. */
const char *event_io_type_text(uint32_t type);
const char *event_io_scope_text(uint32_t scope);
const char *event_io_subtype_text(uint32_t subtype);

/* Hot plug. "" for 0, "Unknown" for unknown values. */
const char *event_hp_type_text(uint32_t type);
const char *event_hp_action_text(uint32_t action);
const char *event_hp_id_text(uint32_t id);

/* Call-outs of an SRC. NULL for unknown values. */
const char *event_fru_priority_text(uint32_t priority);
const char *event_fru_component_text(uint32_t component);
