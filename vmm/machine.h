/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * machine.h - the parts of one machine, and who owns which
 *
 * Each part has a file (or a family of files) of its own, and changes only there; the
 * others ask it through its header. This header gathers the parts, so that a handler
 * of a guest's call needs a single argument.
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include "vmm/boot.h"
#include "vmm/connectors.h"
#include "vmm/cpus.h"
#include "vmm/events.h"
#include "vmm/fault.h"
#include "vmm/memory.h"
#include "vmm/paprvmm.h"
#include "vmm/pci.h"
#include "vmm/powervm.h"
#include "vmm/rtas.h"
#include "vmm/tree.h"
#include "vmm/vio.h"

struct vof;

struct papr_vmm {
	struct papr_config cfg; /* with copies of its strings and blobs */
	struct papr_embedder env;

	struct device *devices;	      /* device.c: what was added, newest first */
	uint32_t anonymous_devices;   /* how many were added without an id, ever */
	struct connectors connectors; /* connectors.c: every DRC, by index */
	struct cpus cpus;	      /* cpus.c: cores and their threads */
	struct memory memory;	      /* memory.c: backends, DIMMs, LMBs */
	struct pci pci;		      /* pci.c: host bridges, buses, functions */
	struct vio *vios;	      /* vio.c: virtual adapters, newest first */
	struct event_queue events;    /* events.c: logs not yet fetched */
	struct tree tree;	      /* tree.c: the stored device tree */
	struct rtas_state rtas;	      /* rtas_*.c: clock, nvram, fwnmi */
	struct powervm powervm;	      /* powervm_*.c: lights, dumps, sequences */
	struct boot boot;	      /* boot.c: kernel and initrd, where they are */
	struct vof *vof;	      /* vof.c: claims, instances; NULL without x-vof */
	struct faults faults;	      /* fault.c */

	/* Vector 5 as the last CAS negotiated it; empty before, cleared by reset. */
	uint8_t ov5[256];
	bool ov5_guest_empty; /* no CAS since the reset */
	bool xics;	      /* interrupt mode: XICS, else XIVE */
	uint32_t compat_pvr;  /* 0: raw mode */
	bool pre_isa3_guest;  /* the last CAS had no PPC_3_00: hide radix from it */
	bool keep_vectors;    /* the next reset is CAS's own: it keeps what CAS chose */
	uint32_t caller;      /* the processor that calls: papr_vmm_set_cpu() */
	bool started;	      /* reset once: what is added now is hot-plugged */
};

/* Tells the embedder; every field but type may be left out. */
void machine_tell(const struct papr_vmm *vmm, const struct papr_event *event);

/* One line for the host's log. */
void machine_log(const struct papr_vmm *vmm, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Was this bit (byte counted from 1, mask as in its byte) negotiated by the last CAS? */
bool machine_negotiated(const struct papr_vmm *vmm, unsigned int byte, uint8_t mask);

/* Fills in the words of a public error, once: a later call changes nothing.
 * Returns err, so that it can end a function. */
int papr_fail(struct papr_error *error, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int papr_fail_class(struct papr_error *error, enum papr_error_class class, int err,
		    const char *format, ...) __attribute__((format(printf, 4, 5)));
