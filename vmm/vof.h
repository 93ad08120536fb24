/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vof.h - virtual Open Firmware: the client interface without a firmware
 *
 * A machine with x-vof answers the client's calls itself, from the stored tree, which
 * is then the tree that the client sees and changes. A few bytes of firmware in the
 * guest turn a call into the hypercall.
 *
 * Source:  IEEE 1275-1994 6.3 (services), QEMU 7.2 behaviour
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/paprvmm.h"
#include "vmm/vof_claim.h"

enum {
	VOF_INSTANCES = 1024, /* open at a time */
	VOF_ROOM = 1 << 20,   /* bytes that the client may add to the tree */
};

struct vof_instance {
	uint32_t ihandle;
	uint32_t phandle;
	char *path; /* as it was opened */
};

struct vof {
	struct vof_claims claims;
	struct vof_instance *instances;
	size_t n_instances;
	uint32_t last_ihandle;
	uint32_t stdout_ihandle, stdout_phandle; /* 0: no terminal */
	char *bootargs;				 /* what the client set; NULL: nothing */
	uint64_t stack;				 /* r1 at entry */
};

/* What a machine with x-vof has beyond others, and what a reset does with it: after
 * boot_load() and after the tree was built and stored, which it completes. 0, -ENOMEM,
 * -EFAULT what must be claimed does not fit. */
int vof_init(struct papr_vmm *vmm);
void vof_free(struct vof *vof); /* NULL is fine */
int vof_reset(struct papr_vmm *vmm);

/* The stored tree is new: phandles, bootargs, terminal and free memory into it. */
int vof_finish_tree(struct papr_vmm *vmm);
