/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vof_claim.h - the memory that the client has claimed
 *
 * Aligned claims go upwards. Free memory below the last claim is only given to a claim
 * of that exact address.
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

/* Result of a claim that failed. */
#define VOF_NO_CLAIM UINT64_MAX

struct vof_claim {
	uint64_t start, size;
};

struct vof_claims {
	struct vof_claim *all; /* ascending, disjoint; some may be adjacent */
	size_t n;
	uint64_t base; /* aligned claims start here or above */
	uint64_t top;  /* end of claimable memory */
};

/* Allocate an empty set of claims; top is still 0, so that claims fail. Return 0 or
 * -ENOMEM. */
int vof_claims_init(struct vof_claims *claims);
/* Drop all claims. top is the size of memory; at most 4 GiB are claimable. */
void vof_claims_reset(struct vof_claims *claims, uint64_t top);
void vof_claims_free(struct vof_claims *claims);

/* Claim size bytes. If align is 0, claim them at virt, otherwise at any free multiple of
 * align. Return the start, or VOF_NO_CLAIM. */
uint64_t vof_claim(struct vof_claims *claims, uint64_t virt, uint64_t size,
		   uint64_t align);
/* Release a claim of exactly this start and size. Return false if it does not exist. */
bool vof_release(struct vof_claims *claims, uint64_t start, uint64_t size);

/* Call put(arg, start, size) for the free space after each claim up to the end of memory.
 * size may be 0. If there is space before the first claim, it is reported first. */
void vof_claims_free_space(const struct vof_claims *claims, uint64_t end,
			   void (*put)(void *arg, uint64_t start, uint64_t size),
			   void *arg);
