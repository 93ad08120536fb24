/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * machine.h - the parts of one machine, and their owners
 *
 * Each part has its own file (or family of files), and only that code changes it. Other
 * code uses its header. This header gathers the parts, so that the handler of a guest's
 * call needs a single argument.
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include "vmm/firmware/boot.h"
#include "vmm/dr/connectors.h"
#include "vmm/cpu/cpus.h"
#include "vmm/events/events.h"
#include "vmm/base/fault.h"
#include "vmm/machine/machine_types.h"
#include "vmm/memory/memory.h"
#include "vmm/memory/numa.h"
#include "vmm/paprvmm.h"
#include "vmm/pci/pci.h"
#include "vmm/powervm/powervm.h"
#include "vmm/rtas/rtas.h"
#include "vmm/tree/tree.h"
#include "vmm/vio/vio.h"

struct vof;

struct papr_vmm {
	struct papr_config cfg; /* strings and blobs are copies */
	struct papr_embedder env;
	const struct machine_type *type;

	struct device *devices;	      /* device.c: added devices, newest first */
	uint32_t anonymous_devices;   /* number of devices ever added without an id */
	struct connectors connectors; /* connectors.c: every DRC, by index */
	struct cpus cpus;	      /* cpus.c: cores and their threads */
	struct memory memory;	      /* memory.c: backends, DIMMs, LMBs */
	struct numa numa;	      /* numa.c: NUMA nodes */
	struct pci pci;		      /* pci.c: host bridges, buses, functions */
	struct vio *vios;	      /* vio.c: virtual adapters, newest first */
	struct event_queue events;    /* events.c: logs not yet fetched */
	struct tree tree;	      /* tree.c: the stored device tree */
	struct rtas_state rtas;	      /* rtas_*.c: clock, nvram, fwnmi */
	struct powervm powervm;	      /* powervm_*.c: lights, dumps, sequences */
	struct boot boot;	      /* boot.c: addresses of kernel and initrd */
	struct vof *vof;	      /* vof.c: claims, instances; NULL without x-vof */
	struct faults faults;	      /* fault.c */

	/* Vector 5 as the last CAS negotiated it. Zero before a CAS; a reset clears
	 * it. */
	uint8_t ov5[256];
	bool ov5_guest_empty; /* no CAS since the reset */
	bool xics;	      /* interrupt mode: XICS, else XIVE */
	uint32_t compat_pvr;  /* 0: raw mode */
	bool pre_isa3_guest;  /* no PPC_3_00 in the last CAS: hide radix from the guest */
	bool keep_vectors; /* CAS itself causes the next reset: keep what it negotiated */
	uint32_t caller;   /* processor that makes the calls: papr_vmm_set_cpu() */
	bool started;	   /* was reset once: devices added now are hot-plugged */
};

/* Report an event to the embedder. Only the type is required. */
void machine_tell(const struct papr_vmm *vmm, const struct papr_event *event);

/* Write one line to the host's log. */
void machine_log(const struct papr_vmm *vmm, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Return true if the last CAS negotiated this bit. byte counts from 1, mask selects the
 * bit in its byte. */
bool machine_negotiated(const struct papr_vmm *vmm, unsigned int byte, uint8_t mask);

/* Set the text of a public error. If the text is set already, it does not change. Return
 * err, so that the call can end a function. */
int papr_fail(struct papr_error *error, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int papr_fail_class(struct papr_error *error, enum papr_error_class class, int err,
		    const char *format, ...) __attribute__((format(printf, 4, 5)));
