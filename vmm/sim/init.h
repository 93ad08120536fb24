/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * init.h - the first process of a simulated guest
 *
 * It makes the guest's root and files, catches the system calls that are the simulated
 * kernel's, then runs what papr-vmm asks for and tells how it ended. The guest ends with
 * it.
 *
 * Layer:   papr-vmm, simulated guest (runs inside it)
 */
#pragma once

#include <stdint.h>

struct init_config {
	int link; /* to papr-vmm */
	uint64_t memory_bytes;
	const char *folder; /* that the first command starts in */
	/* Names of /dev/papr-*, NULL behind the last: their ioctls are caught. */
	const char *const *papr_devices;
};

_Noreturn void init_main(const struct init_config *config);
