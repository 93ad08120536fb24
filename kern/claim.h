/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * claim.h - whether a block device is claimed in the running system
 *
 * The kernel gives a block device to one holder that opens it with O_EXCL: a mounted file
 * system, an external journal, swap, a layer, in any mount namespace. sysfs lists few of
 * these holders. Tests have their own struct claim_facts.
 *
 * Source:  Linux block/bdev.c, bd_prepare_to_claim(); open(2), O_EXCL
 * Layer:   kern
 */
#pragma once

#include "kern/deadline.h"
#include "kern/root.h"

enum claim {
	CLAIM_UNKNOWN, /* no device file, no right, an error, or the deadline passed */
	CLAIM_FREE,
	CLAIM_HELD,
};

struct claim_facts {
	/* Open the file of a block device, "vda" or "cciss!c0d0", for itself alone, and close
	 * it at once. Its number must be this one. */
	enum claim (*test)(void *priv, const struct kern_root *root, const char *name,
			   unsigned int major, unsigned int minor,
			   const struct deadline *dl);
	void *priv;
};

extern const struct claim_facts claim_open_facts;
