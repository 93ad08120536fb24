/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rtas_names.h - the table of RTAS calls: names, shapes, status texts
 *
 * The call engine, the error texts and the host stub share this table. Buffer arguments
 * are the ones that the kernel's filter of the rtas system call checks.
 *
 * Source:  PAPR+ 7.3, 13.5.3; Linux 6.1 arch/powerpc/kernel/rtas.c (rtas_filters)
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rtas_call {
	RTAS_ACTIVATE_FIRMWARE,
	RTAS_CLOSE_ERRINJCT,
	RTAS_CONFIGURE_CONNECTOR,
	RTAS_DISPLAY_CHARACTER,
	RTAS_DISPLAY_MESSAGE,
	RTAS_ERRINJCT,
	RTAS_GET_CONFIG_ADDR_INFO2,
	RTAS_GET_DYNAMIC_SENSOR_STATE,
	RTAS_GET_INDICES,
	RTAS_GET_POWER_LEVEL,
	RTAS_GET_SENSOR_STATE,
	RTAS_GET_SYSTEM_PARAMETER,
	RTAS_GET_TIME_OF_DAY,
	RTAS_GET_VPD,
	RTAS_LPAR_PERFTOOLS,
	RTAS_OPEN_ERRINJCT,
	RTAS_PHYSICAL_ATTESTATION,
	RTAS_PLATFORM_DUMP,
	RTAS_READ_SLOT_RESET_STATE,
	RTAS_SCAN_LOG_DUMP,
	RTAS_SET_DYNAMIC_INDICATOR,
	RTAS_SET_EEH_OPTION,
	RTAS_SET_INDICATOR,
	RTAS_SET_POWER_LEVEL,
	RTAS_SET_SYSTEM_PARAMETER,
	RTAS_SET_TIME_FOR_POWER_ON,
	RTAS_SET_TIME_OF_DAY,
	RTAS_SUSPEND_ME,
	RTAS_UPDATE_NODES,
	RTAS_UPDATE_PROPERTIES,
	RTAS_CALLS,
};

/* Statuses that only some calls have, with a meaning of their own (PAPR+ 7.3). */
enum {
	RTAS_MORE = 1,
	RTAS_CHANGED = -4,
	RTAS_ALREADY_OPEN = -4,
	RTAS_PCI_INJECTION_OFF = -5,
	RTAS_SUSPEND_ABORTED = 9000,
	RTAS_NO_VALID_FIRMWARE = -9001,
	RTAS_NOT_AUTHORIZED = -9002,
	RTAS_NOT_SUSPENDABLE = -9004,
	RTAS_THREADS_ACTIVE = -9005,
	RTAS_COPROCESSOR = -9006,
	RTAS_BAD_LENGTH = -9999,
};

/* A buffer argument, as the kernel's filter defines it. */
struct rtas_buffer {
	int8_t arg;	 /* number of the address argument, -1: no buffer */
	int8_t size_arg; /* number of the size argument, -1: fixed */
	uint16_t bytes;	 /* fixed size; 1: only the first byte is checked */
	bool optional;	 /* address 0 allowed */
};

struct rtas_desc {
	const char *name; /* property of /rtas that holds the token */
	uint8_t nargs;
	uint8_t nret;
	uint8_t status_at; /* output cell of the status: 0, but 1 for open-errinjct */
	bool be_only;	   /* the system call of little-endian kernels refuses it */
	struct rtas_buffer buffer[2];
	/* Inputs that a busy reply replaces by its outputs, from output cell 1. They are
	 * the place in a sequence, which may move even if the call returned no data. */
	struct {
		uint8_t arg, cells;
	} place;
};

/* Return the description of a call; never NULL for call < RTAS_CALLS. */
const struct rtas_desc *rtas_desc(enum rtas_call call);

/* Return the call with this name, or RTAS_CALLS. */
enum rtas_call rtas_call_by_name(const char *name);

/* Return a short text for users; "unknown status" if PAPR defines no meaning. */
const char *rtas_status_text(enum rtas_call call, int32_t status);
