/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cas.h - ibm,client-architecture-support, and the guest's replacement of the tree
 *
 * Source:  PAPR+ B.6.2.3; hypercalls as QEMU 7.2
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include "vmm/base/hcall.h"

hcall_fn hcall_cas;	  /* cas.c */
hcall_fn hcall_update_dt; /* update_dt.c */

/* Run CAS for the client interface. It has no reply buffer: the new tree is stored,
 * nothing is written to the guest. Return the status. */
int64_t cas_negotiate(struct papr_vmm *vmm, uint64_t vector);

/* Forget what was negotiated, at a machine reset. If CAS itself caused the reset, keep
 * it. */
void cas_reset(struct papr_vmm *vmm);

/* Return vector 5 as this machine offers it, before any negotiation. */
void cas_offer(const struct papr_vmm *vmm, uint8_t ov5[256]);
