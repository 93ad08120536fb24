/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * machine.h - what all parts of a machine share
 *
 * A part has its own folder, its state, and a header for the parts above it. It changes
 * its own state only. The folders have an order, and a part uses what is below it. What
 * it needs from above comes as a hook.
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "vmm/base/fault.h"
#include "vmm/base/mac.h"
#include "vmm/paprvmm.h"

struct fdt_out;
struct iommu;
struct rtas_table;
struct state_section;

enum tree_purpose {
	TREE_BOOT, /* all nodes and properties */
	TREE_CAS,  /* without boot arguments, initrd, kernel and the CAS offer */
};

/* What parts need from those above them */
struct machine_hooks {
	/* RTAS calls. If two tables have a call, the first one answers. The last row has
	 * no calls. */
	const struct rtas_table *rtas_tables;
	/* Sections of a saved state, in their order. The last one is NULL. */
	const struct state_section *const *sections;
	/* Write the root node and all others. */
	int (*put_nodes)(struct papr_vmm *vmm, enum tree_purpose purpose,
			 struct fdt_out *out);
	/* Apply what the host changed to a malloc'ed tree, which may be replaced. above
	 * is the path of its root, "" for the whole tree. Return 0, or -ENOMEM with the
	 * tree unchanged. */
	int (*amend_tree)(const struct papr_vmm *vmm, const char *above, void **fdt,
			  size_t *size);
};

struct machine {
	pthread_mutex_t lock;	/* recursive: callbacks may call */
	struct papr_config cfg; /* strings and blobs are copies */
	struct papr_machine_ops env;
	const struct machine_type *type;
	const struct machine_hooks *hooks;

	/* The parts, each described by its own header. */
	struct connectors *connectors; /* every DRC, by index */
	struct iommu *iommu;	       /* DMA windows */
	struct tree *tree;	       /* the stored device tree */
	struct event_queue *events;    /* logs not yet fetched */
	struct cpus *cpus;	       /* cores and their threads */
	struct memory *memory;	       /* backends, DIMMs, LMBs */
	struct numa *numa;	       /* NUMA nodes */
	struct pci *pci;	       /* host bridges, buses, functions */
	struct vio *vios;	       /* virtual adapters, newest first */
	struct vdev *vdevs;	       /* vio/vdev.c: by ascending address */
	uint32_t vdev_next;	       /* unused unit addresses begin with it */
	unsigned int n_vtys;	       /* terminals */
	bool macs_used[MAC_DEFAULTS];  /* mac.c */
	struct device *rng;	       /* vio/random.c: NULL: none */
	struct rtas_state *rtas;       /* nvram, fwnmi, interrupt sources */
	struct powervm *powervm;       /* lights, dumps, sequences */
	struct boot *boot;	       /* addresses of kernel and initrd */
	struct vof *vof;	       /* claims, instances; NULL without x-vof */

	struct faults faults;
	struct device *devices;	    /* device.c: added devices, newest first */
	uint32_t anonymous_devices; /* number of devices ever added without an id */

	/* Vector 5 as the last CAS negotiated it. Zero before a CAS; a reset clears
	 * it. */
	uint8_t ov5[256];
	bool ov5_guest_empty; /* no CAS since the reset */
	bool xics;	      /* interrupt mode: XICS, else XIVE */
	uint32_t compat_pvr;  /* 0: raw mode */
	bool pre_isa3_guest;  /* no PPC_3_00 in the last CAS: hide radix from the guest */
	bool keep_vectors; /* CAS itself causes the next reset: keep what it negotiated */
	int64_t clock_offset_ns; /* of the guest's time of day: set-time-of-day */
	uint32_t caller;	 /* processor that makes the current call */
	bool started;		 /* was reset once: devices added now are hot-plugged */
};

/* Return what the parts share. struct papr_vmm, whose content only machine/ knows, begins
 * with it. */
static inline struct machine *machine_of(const struct papr_vmm *vmm)
{
	const union {
		const struct papr_vmm *whole;
		struct machine *first;
	} is = { .whole = vmm };

	return is.first;
}

/* Hold the machine's lock until the end of the block. Each public function does. */
#define MACHINE_GUARD(vmm)                                                         \
	pthread_mutex_t *guard __attribute__((cleanup(machine_unguard), unused)) = \
		machine_guard(vmm)
static inline pthread_mutex_t *machine_guard(const struct papr_vmm *vmm)
{
	pthread_mutex_lock(&machine_of(vmm)->lock);
	return &machine_of(vmm)->lock;
}
static inline void machine_unguard(pthread_mutex_t **lock)
{
	pthread_mutex_unlock(*lock);
}

/* Report an event to the embedder. Only the type is required. */
void machine_tell(const struct papr_vmm *vmm, const struct papr_event *event);

/* Write one line to the host's log. */
void machine_log(const struct papr_vmm *vmm, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Return true if the last CAS negotiated this bit of vector 5: OV5_HP_EVT, ... */
bool machine_negotiated(const struct papr_vmm *vmm, unsigned int bit);

/* Return true if the embedder has XIVE, or this translation (PAPR_HASH, PAPR_RADIX). */
bool machine_has_xive(const struct papr_vmm *vmm);
bool machine_has_mmu(const struct papr_vmm *vmm, unsigned int mmu);

/* Write the machine's serial number, 7 characters. */
void machine_serial(const struct papr_vmm *vmm, char serial[8]);

/* Return the machine's time of day, in ns since 1970 UTC, or as a UTC date with the
 * nanoseconds within the second. machine_host_ns() does not have the guest's offset. */
struct tm;
int64_t machine_host_ns(const struct papr_vmm *vmm);
int64_t machine_clock_ns(const struct papr_vmm *vmm);
void machine_clock_date(const struct papr_vmm *vmm, struct tm *date, uint32_t *ns);

/* Set the text of a public error. If the text is set already, it does not change. Return
 * err, so that the call can end a function. */
int papr_fail(struct papr_error *error, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int papr_fail_class(struct papr_error *error, enum papr_error_class class, int err,
		    const char *format, ...) __attribute__((format(printf, 4, 5)));
