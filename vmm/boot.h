/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * boot.h - kernel and initrd in the guest's memory
 *
 * Both are put there anew at each machine reset, whoever starts the kernel: the
 * guest's own firmware finds them through /chosen, the client interface has claimed
 * their memory before the guest runs.
 *
 * Source:  ELF; places as QEMU 7.2
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct papr_vmm;

enum { BOOT_KERNEL_BASE = 0x400000 };

/* Sizes 0: there is none. The initrd is where the client last said it is (it may set
 * "linux,initrd-start" and "-end"). */
struct boot {
	uint64_t kernel_base, kernel_size; /* size: memory, not file */
	uint64_t initrd_base, initrd_size;
	bool kernel_le;
};

/* Writes both and fills in vmm->boot. 0, -EFAULT no room in memory, -EINVAL an ELF
 * image that is none for this machine, or damaged. */
int boot_load(struct papr_vmm *vmm);
