/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * machine_types.h - machine types, and everything in which they differ
 *
 * The type pseries-V is what QEMU V does by default. It is not what a later QEMU does
 * when it is started with that type's name.
 *
 * Source:  QEMU 7.2, 10.0 and 11.1, measured (make check-diff). Of older ones only the
 *          default processor, FWNMI and UPDATE_DT are known; the rest is as in 7.2.
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

struct pci_cards;

/* What device_add says about an id with other characters than identifiers have. */
enum device_ids { ID_EXPECTED, ID_ANY, ID_INVALID };

struct machine_type {
	const char *name;		    /* "pseries-7.2" */
	unsigned int major, minor;	    /* version of QEMU */
	const char *cpu_model;		    /* the default */
	const struct cpu_model *cpu_models; /* the last entry has no core_type */
	/* "ibm,pa-features" by level: length, specifier type, attribute bytes. */
	const uint8_t (*pa_features)[CPU_FEATURES_BYTES];
	const struct pci_cards *cards;
	const struct compat_level *compat_levels; /* ascending; the last has no pvr */
	bool no_update_dt;			  /* lacks KVMPPC_H_UPDATE_DT */
	bool no_fwnmi;				  /* cap-fwnmi is off by default */
	/* NUMA: does not offer form 2; by form 1, nodes share all domains but the last;
	 * has two reference points then, and not three. */
	bool no_form2, no_domains, two_points;
	bool numa_mem;	       /* -numa node,mem= */
	bool prefers_sockets;  /* -smp: counts sockets, not cores, of unspecified ones */
	bool mem_unplug_error; /* a kept DIMM is also reported by MEM_UNPLUG_ERROR */
	bool singlestep;       /* query-status has this member */
	bool pi_features;      /* cores have "ibm,pi-features" */
	bool dawr1;	       /* POWER10 and later: announces a second watchpoint */
	bool capacity_is_ram;  /* without DIMM slots, ibm,lrdr-capacity counts the RAM */
	bool kernel_dump;      /* has ibm,configure-kernel-dump */
	bool vof_has_names;    /* nextprop lists "name" first, in the tree or not */
	enum device_ids device_ids;
	bool driver_is_text; /* device_add: a driver that is no JSON string is missing */
	bool cpu_qom_type;   /* query-cpus-fast has the member qom-type */
	bool mapped_backend; /* an error of object-del says that a backend is mapped */
	bool names_cold_cards; /* an error of device_add names a card that must be cold */
};

/* Newest first. The last entry has no name. */
extern const struct machine_type machine_types[];

/* Find a type by its name. "pseries" and NULL are the newest. Return NULL if unknown. */
const struct machine_type *machine_type_find(const char *name);

/* Find a type's model by "power9" or "power9_v2.0", in any case, or by its core_type.
 * Return NULL if the type does not have it. */
const struct cpu_model *cpu_model_find(const struct machine_type *type, const char *name);
const struct cpu_model *cpu_model_of_core(const struct machine_type *type,
					  const char *core_type);
