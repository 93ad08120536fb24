/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * machine_types.h - machine types, and everything in which they differ
 *
 * The type pseries-V is what QEMU V does by default. It is not what a later QEMU does
 * when it is started with that type's name.
 *
 * Source:  QEMU 7.2 and 10.0, measured (make check-diff)
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Constants of a processor model. */
struct cpu_model {
	const char *name;      /* "power9"; NULL: has only its long name */
	const char *core_type; /* "power9_v2.0-spapr-cpu-core" */
	const char *node;      /* "PowerPC,POWER9" */
	uint32_t pvr;
	uint32_t host_threads; /* threads per physical core; 0: not reported */
	bool isa3;	       /* radix translation, XIVE interrupts */
};

/* Architecture levels with an "ibm,pa-features" of their own. */
enum cpu_level { CPU_2_06, CPU_2_07, CPU_3_00, CPU_3_10, CPU_LEVELS };

enum { CPU_FEATURES_BYTES = 76 };

/* A compatibility level that CAS can negotiate. */
struct compat_level {
	uint32_t pvr; /* logical PVR */
	uint16_t
		first_chip; /* upper half of the PVR of the oldest chip with this level */
};

struct pci_model;

struct machine_type {
	const char *name;		    /* "pseries-7.2" */
	unsigned int major, minor;	    /* version of QEMU */
	const char *cpu_model;		    /* the default */
	const struct cpu_model *cpu_models; /* the last entry has no core_type */
	/* "ibm,pa-features" by level: length, specifier type, attribute bytes. */
	const uint8_t (*pa_features)[CPU_FEATURES_BYTES];
	const struct pci_model *const *cards;
	const struct compat_level *compat_levels; /* ascending; the last has no pvr */
	bool mem_unplug_error; /* a kept DIMM is also reported by MEM_UNPLUG_ERROR */
	bool singlestep;       /* query-status has this member */
	bool pi_features;      /* cores have "ibm,pi-features" */
	bool dawr1;	       /* POWER10 and later: announces a second watchpoint */
	bool capacity_is_ram;  /* without DIMM slots, ibm,lrdr-capacity counts the RAM */
	bool checks_ids;       /* device_add refuses an id that is no identifier */
	bool driver_is_text; /* device_add: a driver that is no JSON string is missing */
	bool names_cold_cards; /* an error of device_add names a card that must be cold */
};

/* Newest first. The last entry has no name. */
extern const struct machine_type machine_types[];

/* Find a type by its name. "pseries" and NULL are the newest. Return NULL if unknown. */
const struct machine_type *machine_type_find(const char *name);
