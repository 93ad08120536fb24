/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * random.h - spapr-rng, a device whose random numbers the guest reads with H_RANDOM
 *
 * A machine has at most one, from its start.
 *
 * Errors:  negative errno, with QEMU's text.
 * Source:  PAPR+ 14.15.4 (H_RANDOM); QEMU 7.2's device tree
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>

#include "vmm/base/device.h"
#include "vmm/base/hcall.h"
#include "vmm/base/option.h"

int random_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
	       struct papr_error *error);
void random_free(struct papr_vmm *vmm);
bool random_exists(const struct papr_vmm *vmm);
void random_put_node(const struct papr_vmm *vmm, struct fdt_out *out);

hcall_fn hcall_random; /* only if the device exists */
