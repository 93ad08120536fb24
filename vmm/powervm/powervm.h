/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * powervm.h - x-powervm=on: the RTAS calls that PowerVM has and QEMU lacks
 *
 * The machine consists of places, each with a location code: itself, its board, cores,
 * modules, host bridges, functions. Vital product data, indicators and sensors belong
 * to places. They are built from the current machine at each call.
 *
 * The guest reads a long answer with several calls. Each call passes the sequence
 * number that the previous call returned. Each number is issued once. If a number is
 * not the latest, or if the content has changed, the call returns "start over" (-4). A
 * number that was never issued returns -3.
 *
 * Source:  PAPR+ 7.3 (calls, statuses), 7.4 (indices, dynamic indicators and sensors)
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/base/hcall.h"
#include "vmm/base/machine.h"
#include "vmm/rtas/rtas.h"

enum {
	LOCATION_BYTES = PAPR_LOCATION_BYTES, /* with NUL */
	POWERVM_DUMPS = 16,
	POWERVM_DUMP_BYTES = 16 << 20, /* per dump */
	POWERVM_ACTIVATIONS = 3, /* calls until one ibm,activate-firmware completes */
	POWERVM_PAGE = 4096,	 /* size of a work area that has no length argument */
};

/* Statuses that only these calls return. */
enum {
	RTAS_MORE_DATA = 1,
	RTAS_START_OVER = -4,
	RTAS_NOT_AUTHORIZED = -9002,
};

/* An answer that is read in parts. */
struct rtas_sequence {
	uint32_t next; /* number that the next call must pass; 0: not begun */
	size_t offset;
	uint32_t crc; /* of the whole content at the beginning */
};

enum { LED_FAULT = 9006, LED_IDENTIFY = 9007, LEDS = 2 };

/* A location with at least one indicator on. */
struct led {
	struct led *next;
	char location[LOCATION_BYTES];
	bool on[LEDS];
};

struct dump {
	struct dump *next;
	uint64_t tag;
	uint64_t expected; /* sequence number of the next call; 0: not begun */
	size_t offset;
	bool complete; /* the guest has read all of it */
	size_t bytes;
	uint8_t content[];
};

/* A partition migration, prepared or running. */
struct migration {
	uint64_t stream; /* 0: no migration was ever prepared */
	uint8_t state;	 /* enum vasi_state */
	unsigned int waits;
	size_t area_bytes; /* of an answer of ibm,update-...; 0: the whole area */
	bool counts_words, aborts;
};

struct powervm {
	struct change *changes; /* oldest first */
	struct migration migration;
	uint32_t last_number; /* last issued sequence number; 1: none */
	struct rtas_sequence vpd, indices, attestation, perftools;
	uint8_t command[12]; /* header of the command to attest */
	struct led *leds;
	struct dump *dumps;	/* oldest first */
	uint32_t errinjct;	/* token of the open facility; 0: closed */
	uint32_t last_errinjct; /* last issued token */
	uint32_t activation;	/* number of "busy" answers to the current call */
	uint32_t power_on[7];	/* year, month, ... ns; year 0: never set */
};

static inline struct powervm *powervm_of(const struct papr_vmm *vmm)
{
	return machine_of(vmm)->powervm;
}

void powervm_init(struct powervm *p);
void powervm_free(struct powervm *p);
/* Drop the state of calls that the guest has begun. Indicators, dumps and times are
 * kept. */
void powervm_reset(struct papr_vmm *vmm);
/* Write the properties of /rtas that are not tokens. */
void powervm_put_props(struct fdt_out *out);

/* ---- powervm_sequence.c ---- */

/* Begin or continue an answer with this checksum at this sequence number. Return 0, or
 * the status that refuses the number. */
int32_t sequence_enter(const struct powervm *p, struct rtas_sequence *s, uint32_t number,
		       uint32_t crc);
/* Record that the answer was read up to offset. Return the sequence number to report. */
uint32_t sequence_leave(struct powervm *p, struct rtas_sequence *s, size_t offset,
			bool more);
/* Serve one call for plain bytes: copy as much as fits into room at addr. Return the
 * status. *part receives the next number and the length. */
struct sequence_part {
	uint64_t addr;
	size_t room;
	uint32_t number; /* in: of this call; out: of the next one */
	uint32_t bytes;
};
int32_t sequence_serve(struct papr_vmm *vmm, struct rtas_sequence *s, const void *content,
		       size_t bytes, struct sequence_part *part);
/* Set the outputs of a call: status, next number, length. */
void sequence_answer(struct rtas_frame *f, int32_t status,
		     const struct sequence_part *part);

/* ---- powervm_places.c ---- */

enum place_kind {
	PLACE_SYSTEM,
	PLACE_BOARD,
	PLACE_CORE,
	PLACE_DIMM,
	PLACE_PHB,
	PLACE_PCI
};

struct place {
	enum place_kind kind;
	char location[LOCATION_BYTES];
	char description[64];
	char part[20];	 /* part number */
	uint64_t memory; /* size of a memory module, in bytes */
};

/* Call fn for each place until it returns true. The order does not change as long as no
 * device is added or removed. */
typedef bool place_fn(const struct place *place, void *arg);
bool places_each(const struct papr_vmm *vmm, place_fn *fn, void *arg);
bool place_is_there(const struct papr_vmm *vmm, const char *location);

/* ---- powervm_leds.c ---- */

bool led_is_on(const struct papr_vmm *vmm, const char *location, uint32_t type);
/* Set an indicator. Return 0, -EINVAL (unknown type), -ENOENT (unknown place) or
 * -ENOMEM. */
int led_set(struct papr_vmm *vmm, const char *location, uint32_t type, bool on);
/* ---- powervm_changes.c ---- */

/* Activate the changes that are prepared for a migration: the guest has arrived. */
void powervm_changes_arrive(struct papr_vmm *vmm);
/* Apply the active changes to a malloc'ed tree, which may be replaced. above is the path
 * of its root, "" for the whole tree. Return 0, or -ENOMEM with the tree unchanged. */
int powervm_changes_apply(const struct papr_vmm *vmm, const char *above, void **fdt,
			  size_t *size);

/* ---- powervm_migration.c ---- */

rtas_fn rtas_migrate; /* ibm,suspend-me */

/* ---- The calls, one family per file ---- */

extern const struct rtas_handler rtas_powervm_calls[]; /* rtas_powervm.c */

rtas_fn rtas_get_vpd; /* rtas_vpd.c */
rtas_fn rtas_get_indices, rtas_dynamic_sensor, rtas_dynamic_indicator, rtas_set_led,
	rtas_get_led;						/* rtas_indices.c */
rtas_fn rtas_platform_dump, rtas_scan_log_dump;			/* rtas_dump.c */
rtas_fn rtas_physical_attestation, rtas_lpar_perftools;		/* rtas_attest.c */
rtas_fn rtas_update_nodes, rtas_update_properties;		/* powervm_changes.c */
rtas_fn rtas_open_errinjct, rtas_errinjct, rtas_close_errinjct; /* rtas_errinjct.c */

/* ---- Hypercalls ---- */

hcall_fn hcall_join, hcall_prod; /* powervm_migration.c */
hcall_fn hcall_vasi_signal, hcall_vasi_state;

extern const struct state_section state_powervm;
