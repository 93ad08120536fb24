/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hcall.h - the hypercalls of this machine
 *
 * Source:  PAPR+ 14; the private range as QEMU 7.2 include/hw/ppc/spapr.h
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdint.h>

#include "vmm/paprvmm.h"
#include "wire/hcall.h" /* numbers and return codes: H_SUCCESS, KVMPPC_H_CAS, ... */

/* Run a hypercall. args are r4..r12, results overwrite them. Return r3. */
typedef int64_t hcall_fn(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS]);

hcall_fn hcall_cas;	  /* cas.c */
hcall_fn hcall_home_node; /* numa.c */
hcall_fn hcall_memop;	  /* memop.c */
hcall_fn hcall_update_dt; /* update_dt.c */
hcall_fn hcall_vof;	  /* vof.c; registered with x-vof=on only */
hcall_fn hcall_put_term;  /* console.c: H_PUT_TERM_CHAR */
hcall_fn hcall_get_term;  /* console.c: H_GET_TERM_CHAR */
/* powervm_migration.c; registered with x-powervm=on only */
hcall_fn hcall_join, hcall_prod, hcall_vasi_signal, hcall_vasi_state;
hcall_fn
	hcall_energy_scale_info; /* powervm_energy.c; registered with x-powervm=on only */

/* Run CAS for the client interface. It has no reply buffer: the new tree is stored,
 * nothing is written to the guest. Return the status. */
int64_t cas_negotiate(struct papr_vmm *vmm, uint64_t vector);

/* Forget what was negotiated, at a machine reset. If CAS itself caused the reset, keep
 * it. */
void cas_reset(struct papr_vmm *vmm);

/* Return vector 5 as this machine offers it, before any negotiation. */
void cas_offer(const struct papr_vmm *vmm, uint8_t ov5[256]);
