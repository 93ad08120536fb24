/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * papr_vmm.h - one machine with all its parts
 *
 * Only this folder sees the whole. A part reaches what all parts share by machine_of(),
 * itself and the parts below it by the functions of their headers: pci_of(), cpus_of().
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include "vmm/base/machine.h"
#include "vmm/cpu/cpus.h"
#include "vmm/dr/connectors.h"
#include "vmm/events/events.h"
#include "vmm/firmware/boot.h"
#include "vmm/iommu/iommu.h"
#include "vmm/memory/memory.h"
#include "vmm/memory/numa.h"
#include "vmm/pci/pci.h"
#include "vmm/powervm/powervm.h"
#include "vmm/rtas/rtas.h"
#include "vmm/tree/tree.h"
#include "vmm/vio/vio.h"

struct papr_vmm {
	struct machine shared; /* the first member: see machine_of() */
	struct connectors connectors;
	struct iommu iommu;
	struct tree tree;
	struct event_queue events;
	struct cpus cpus;
	struct memory memory;
	struct numa numa;
	struct pci pci;
	struct rtas_state rtas;
	struct powervm powervm;
	struct boot boot;
};

/* Sections of the saved state that are about several parts */
extern const struct state_section state_config, state_connectors, state_general;

/* Return true with x-powervm=on. */
bool machine_is_powervm(const struct papr_vmm *vmm);

/* Return true if the library or the embedder answers this hypercall. An embedder that does
 * not list its hypercalls answers all. */
bool hcall_is_answered(const struct papr_vmm *vmm, uint64_t nr);
