/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * boot.h - kernel and initrd in the guest's memory
 *
 * Each machine reset loads both again. The guest's own firmware finds them through
 * /chosen. With the client interface, their memory is claimed before the guest runs.
 *
 * Source:  ELF; addresses as QEMU 7.2
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/base/machine.h"

struct papr_vmm;

enum { BOOT_KERNEL_BASE = 0x400000 };

/* If a size is 0, that image does not exist. The client may move the initrd by setting
 * "linux,initrd-start" and "-end". */
struct boot {
	uint64_t kernel_base, kernel_size; /* size in memory, not in the file */
	uint64_t initrd_base, initrd_size;
	bool kernel_le;
};

static inline struct boot *boot_of(const struct papr_vmm *vmm)
{
	return machine_of(vmm)->boot;
}

/* Load both images and fill in boot_of(vmm). Return 0, -EFAULT (they do not fit in memory)
 * or -EINVAL (an ELF image of another architecture, or damaged). */
int boot_load(struct papr_vmm *vmm);
