/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dlpar.h - /sys/kernel/dlpar: requests that the kernel carries out by itself
 *
 * Memory and processors are the kernel's from the sensor to the device tree. It writes the
 * tree, and answers, only when all of a request is done or nothing is.
 * For device-tree nodes ("dt", where the kernel offers it) the kernel walks
 * ibm,configure-connector and attaches what it finds. Isolation, allocation, power and
 * slots stay the caller's. A successful removal proves nothing: look at the tree.
 *
 * Errors:  negative errno; -EOPNOTSUPP this kernel does not offer the resource.
 * Source:  Linux 6.12 arch/powerpc/platforms/pseries/dlpar.c
 * Layer:   kern
 */
#pragma once

#include <stdint.h>

#include "kern/root.h"
#include "wire/dlpar_cmd.h"

/* 0, -ENOENT no such file, -EOPNOTSUPP. */
int dlpar_probe(const struct kern_root *root, const char *resource);

/* add or remove what this DRC index stands for. */
int dlpar_by_index(const struct kern_root *root, const char *resource, bool add,
		   uint32_t drc_index);

/* Any request. */
int dlpar_write(const struct kern_root *root, const struct dlpar_request *request);
