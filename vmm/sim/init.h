/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * init.h - the first process of a simulated guest
 *
 * It builds the guest's root file system and traps the system calls that the simulated
 * kernel handles. Then it runs the commands that papr-vmm requests and reports how they
 * ended. When it exits, the guest ends.
 *
 * Layer:   papr-vmm, simulated guest (runs inside it)
 */
#pragma once

#include <stdint.h>

struct init_config {
	int link; /* socket to papr-vmm */
	uint64_t memory_bytes;
	const char *folder; /* working directory of the first command */
	/* Names of /dev/papr-*, NULL-terminated. Their ioctls are trapped. */
	const char *const *papr_devices;
};

_Noreturn void init_main(const struct init_config *config);
