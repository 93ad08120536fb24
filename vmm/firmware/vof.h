/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vof.h - virtual Open Firmware: the client interface without a firmware
 *
 * A machine with x-vof answers the client's calls itself, from the stored tree. The
 * client sees and changes that tree. A few bytes of firmware in the guest turn a call
 * into the hypercall.
 *
 * Source:  IEEE 1275-1994 6.3 (services), QEMU 7.2 behaviour
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/base/hcall.h"
#include "vmm/firmware/vof_claim.h"
#include "vmm/paprvmm.h"

enum {
	VOF_INSTANCES = 1024, /* open at the same time */
	VOF_ROOM = 1 << 20,   /* bytes that the client may add to the tree */
};

struct vof_instance {
	uint32_t ihandle;
	uint32_t phandle;
	char *path; /* as passed to open */
};

struct vof {
	struct vof_claims claims;
	struct vof_instance *instances;
	size_t n_instances;
	uint32_t last_ihandle;
	uint32_t stdout_ihandle, stdout_phandle; /* 0: no terminal */
	char *bootargs;				 /* set by the client; NULL: not set */
	uint64_t stack;				 /* r1 at entry */
};

/* Create, free and reset the state of x-vof. Call vof_reset() after boot_load() and after
 * the tree was built and stored; it completes the tree. Return 0, -ENOMEM, or -EFAULT if
 * memory that must be claimed does not fit. */
int vof_init(struct papr_vmm *vmm);
void vof_free(struct vof *vof); /* vof may be NULL */
int vof_reset(struct papr_vmm *vmm);

/* Complete a new stored tree: add phandles, bootargs, terminal and free memory. */
int vof_finish_tree(struct papr_vmm *vmm);

hcall_fn hcall_vof; /* registered with x-vof=on only */

extern const struct state_section state_vof;
