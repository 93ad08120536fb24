/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vof_claim.h - which parts of memory the client has claimed
 *
 * Aligned claims go upwards: what lies below the last one is given out again only to
 * who asks for its very address.
 *
 * Units:   bytes; addresses below 4 GiB.
 * Source:  IEEE 1275-1994 6.3.2.3 (claim, release); order as QEMU 7.2
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VOF_CLAIMS = 4096 };

/* What a claim that failed answers. */
#define VOF_NO_CLAIM UINT64_MAX

struct vof_claim {
	uint64_t start, size;
};

struct vof_claims {
	struct vof_claim *all; /* ascending, apart; some may touch */
	size_t n;
	uint64_t base; /* aligned claims start here or above */
	uint64_t top;  /* end of what can be claimed */
};

/* Room for all that can be claimed; nothing can be yet. 0 or -ENOMEM. */
int vof_claims_init(struct vof_claims *claims);
/* Nothing claimed of top bytes; at most 4 GiB of them can be. */
void vof_claims_reset(struct vof_claims *claims, uint64_t top);
void vof_claims_free(struct vof_claims *claims);

/* align 0: at virt; else at a multiple of align, wherever there is room. The start, or
 * VOF_NO_CLAIM. */
uint64_t vof_claim(struct vof_claims *claims, uint64_t virt, uint64_t size,
		   uint64_t align);
/* Exactly what was claimed before; false if it was not. */
bool vof_release(struct vof_claims *claims, uint64_t start, uint64_t size);

/* Calls put(arg, start, size) for the space behind each claim, also where there is none
 * (size 0), up to the end of memory, and for the space before the first one. */
void vof_claims_free_space(const struct vof_claims *claims, uint64_t end,
			   void (*put)(void *arg, uint64_t start, uint64_t size),
			   void *arg);
