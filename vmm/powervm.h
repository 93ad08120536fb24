/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * powervm.h - what x-powervm=on adds: the RTAS calls that PowerVM has and QEMU lacks
 *
 * The machine is made of places, each with a location code: itself, its board, cores,
 * modules, host bridges, functions. Vital product data, indicators and sensors are
 * about them, and are made from what is there at the time.
 *
 * A long answer is fetched by several calls, each with the sequence number that the one
 * before it gave. Numbers are given once: one that was given but is not the latest, or
 * whose content changed, is answered "start over" (-4), one that never was, -3.
 *
 * Source:  PAPR+ 7.3 (calls, statuses), 7.4 (indices, dynamic indicators and sensors)
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/rtas.h"

enum {
	LOCATION_BYTES = PAPR_LOCATION_BYTES, /* NUL included */
	POWERVM_DUMPS = 16,
	POWERVM_DUMP_BYTES = 16 << 20, /* of one */
	POWERVM_ACTIVATIONS = 3,       /* calls that one of ibm,activate-firmware takes */
	POWERVM_PAGE = 4096,	       /* of a work area that has no length of its own */
};

/* Statuses of these calls alone. */
enum {
	RTAS_MORE_DATA = 1,
	RTAS_START_OVER = -4,
	RTAS_NOT_AUTHORIZED = -9002,
};

/* One answer in parts. */
struct rtas_sequence {
	uint32_t next; /* what the next call must bring; 0: none is under way */
	size_t offset;
	uint32_t crc; /* of the whole content when it began */
};

enum { LED_FAULT = 9006, LED_IDENTIFY = 9007, LEDS = 2 };

/* A location some light of which is on. */
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
	bool complete; /* the guest has had all of it */
	size_t bytes;
	uint8_t content[];
};

/* A partition that moves, or is about to. */
struct migration {
	uint64_t stream; /* 0: none, ever */
	uint8_t state;	 /* enum vasi_state */
	unsigned int waits;
	size_t area_bytes; /* of an answer of ibm,update-...; 0: all */
	bool counts_words, aborts;
};

struct powervm {
	struct change *changes; /* oldest first */
	struct migration migration;
	uint32_t last_number; /* the last sequence number that was given, 1: none */
	struct rtas_sequence vpd, indices, attestation, perftools;
	uint8_t command[12]; /* what is attested */
	struct led *leds;
	struct dump *dumps;	/* oldest first */
	uint32_t errinjct;	/* token of the open facility; 0: closed */
	uint32_t last_errinjct; /* the last one that was given */
	uint32_t activation;	/* how often the running one was answered "busy" */
	uint32_t power_on[7];	/* year, month, ... ns; year 0: never set */
	uint8_t restart_policy; /* system parameter 21 */
};

void powervm_init(struct powervm *p);
void powervm_free(struct powervm *p);
/* The guest that began something is gone; lights, dumps and the clock stay. */
void powervm_reset(struct papr_vmm *vmm);
/* Properties of /rtas beside the tokens. */
void powervm_put_props(struct fdt_out *out);

/* ---- powervm_sequence.c ---- */

/* Where the call with this number goes on in content with this checksum: 0, or the
 * status that refuses it. */
int32_t sequence_enter(const struct powervm *p, struct rtas_sequence *s, uint32_t number,
		       uint32_t crc);
/* The call got the content up to offset: the number to be answered. */
uint32_t sequence_leave(struct powervm *p, struct rtas_sequence *s, size_t offset,
			bool more);
/* The whole of a step over plain bytes: as much as fits into room at addr. Status; number
 * and length for the answer. */
struct sequence_part {
	uint64_t addr;
	size_t room;
	uint32_t number; /* in: of the call; out: of the next one */
	uint32_t bytes;
};
int32_t sequence_serve(struct papr_vmm *vmm, struct rtas_sequence *s, const void *content,
		       size_t bytes, struct sequence_part *part);
/* The outputs of a call that answers status, next number, length. */
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
	uint64_t memory; /* bytes of a module */
};

/* Everything, in an order that stays while nothing comes or goes, until fn says true. */
typedef bool place_fn(const struct place *place, void *arg);
bool places_each(const struct papr_vmm *vmm, place_fn *fn, void *arg);
bool place_is_there(const struct papr_vmm *vmm, const char *location);
/* 7 characters that tell this machine from others. */
void place_serial(const struct papr_vmm *vmm, char serial[8]);

/* ---- powervm_leds.c ---- */

bool led_is_on(const struct papr_vmm *vmm, const char *location, uint32_t type);
/* 0, -EINVAL no such light, -ENOENT no such place, -ENOMEM. */
int led_set(struct papr_vmm *vmm, const char *location, uint32_t type, bool on);
/* The location of a light that has a number, for set-indicator and get-sensor-state.
 * False: none of this type and number, or no x-powervm. */
bool led_by_index(const struct papr_vmm *vmm, uint32_t type, uint32_t index,
		  char location[LOCATION_BYTES]); /* rtas_indices.c */

/* ---- powervm_changes.c ---- */

/* The guest is on another machine: it is told what is prepared for that. */
void powervm_changes_arrive(struct papr_vmm *vmm);
/* Makes them in a malloc'ed tree whose root is at the path above ("": it is the whole
 * one). 0 or -ENOMEM, then nothing is changed. */
int powervm_changes_apply(const struct papr_vmm *vmm, const char *above, void **fdt,
			  size_t *size);

/* ---- powervm_migration.c ---- */

/* ibm,suspend-me: does the guest move now? */
bool powervm_migrates(struct papr_vmm *vmm);

/* ---- The calls, one family a file; their table is in rtas_powervm.c ---- */

/* An answer "busy" to such a call: its sequence number is the one to come again with. */
void powervm_keep_number(rtas_fn *fn, struct rtas_frame *f);

rtas_fn rtas_get_vpd; /* rtas_vpd.c */
rtas_fn rtas_get_indices, rtas_dynamic_sensor,
	rtas_dynamic_indicator;					/* rtas_indices.c */
rtas_fn rtas_platform_dump, rtas_scan_log_dump;			/* rtas_dump.c */
rtas_fn rtas_physical_attestation, rtas_lpar_perftools;		/* rtas_attest.c */
rtas_fn rtas_update_nodes, rtas_update_properties;		/* powervm_changes.c */
rtas_fn rtas_open_errinjct, rtas_errinjct, rtas_close_errinjct; /* rtas_errinjct.c */
