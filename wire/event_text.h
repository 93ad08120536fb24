/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * event_text.h - what the numbers of an event log mean, in words
 *
 * Arguments are fields as they were decoded: any value may come, and dates are BCD.
 * A function either has a word for every value (the last line of its comment says
 * which), or NULL for those that have no meaning; then the caller shows the number.
 * Spelling and punctuation are those that the logs of these systems have always been
 * printed with, slips included: programs look for them.
 *
 * Source:  PAPR+ 10.2, 10.3; the output of librtasevent 2.0.4
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Initiators and targets from 0 on: those that PAPR numbers, and what is printed for the
 * others of 4 bits. */
#define EVENT_ENTITIES                                                                   \
	"Unknown", "CPU", "PCI", "ISA", "Memory", "Power Management", "Hot Plug", "(7)", \
		"(8)", "(9)", "(10)", "(11)", "(12)", "(13)", "(14)", "(15)"

/* The fixed part. "Unknown" where PAPR has no meaning. */
const char *event_severity_text(uint32_t severity);
const char *event_disposition_text(uint32_t disposition);
const char *event_entity_text(uint32_t entity); /* initiator and target */
const char *event_type_text(uint32_t type);

/* PH. "" for a month that is not in use and "(Unknown)" beyond December; "Unknown". */
const char *event_month_text(uint32_t bcd);
const char *event_creator_text(uint32_t creator);

/* UH: all NULL for what is unknown. */
const char *event_subsystem_text(uint32_t subsystem);
const char *event_subtype_text(uint32_t subtype);
const char *event_uh_severity_text(uint32_t severity);

/* EPOW of version 6: "" for 0, NULL. */
const char *event_epow_text(uint32_t modifier);

/* IE: NULL. */
const char *event_io_type_text(uint32_t type);
const char *event_io_scope_text(uint32_t scope);
const char *event_io_subtype_text(uint32_t subtype);

/* Hot plug: "" for 0, "Unknown". */
const char *event_hp_type_text(uint32_t type);
const char *event_hp_action_text(uint32_t action);
const char *event_hp_id_text(uint32_t id);

/* Call-outs of an SRC: NULL. */
const char *event_fru_priority_text(uint32_t priority);
const char *event_fru_component_text(uint32_t component);
