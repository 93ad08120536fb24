/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * linux_cpus.h - the processor numbers of Linux, and their hardware threads
 *
 * Only processors that are present: sysfs has a folder for every possible one. Old kernels
 * and captures may lack the list of those; then each folder is read.
 *
 * Memory:  that of the caller's list.
 * Source:  Linux 6.1 Documentation/admin-guide/cputopology.rst,
 *          arch/powerpc/kernel/sysfs.c (physical_id)
 */
#pragma once

#include "libdrmgr/core/number_map.h"
#include "kern/root.h"

/* More than any Linux is built for. Limits the memory that a damaged list can use. */
enum { LINUX_CPUS_MAX = 1 << 16 };

struct linux_cpu {
	uint32_t number;   /* cpu4: 4 */
	uint32_t hardware; /* its thread, as in the device tree */
	bool is_online;
	bool is_unknown; /* neither the list nor the processor's own file has its state */
};

struct linux_cpus {
	struct linux_cpu *list; /* by number */
	size_t n;
	bool is_missing; /* a capture without any processor of Linux */
	struct number_map by_hardware;
};

/* Read the processors. Return 0 or the errno of the reading. If sysfs lists none, the
 * list is empty. */
int linux_cpus_read(struct linux_cpus *cpus, struct mem *m, const struct kern_root *root);

/* Return the processor of a hardware thread, or NULL. */
const struct linux_cpu *linux_cpus_find(const struct linux_cpus *cpus, uint32_t hardware);
