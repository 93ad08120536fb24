/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hcall.h - a hypercall as its handler sees it
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
