/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * init.h - the agent of a simulated guest, which starts its commands
 *
 * It builds the guest's root file system and traps the system calls that the simulated
 * kernel handles. Then it runs the commands that papr-vmm requests and reports how they
 * ended. When it exits, the guest ends.
 *
 * The guest's programs are not trusted, the agent is: it reports their status. It is in the
 * process and user namespaces above those of the guest, so they cannot name it.
 *
 * Layer:   papr-vmm, simulated guest (runs inside it)
 */
#pragma once

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

/* The namespaces of the guest itself. Its agent is in others, above these. */
#define INIT_NAMESPACES \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)

struct init_config {
	int link; /* socket to papr-vmm */
	uint64_t memory_bytes;
	/* Names of /dev/papr-*, NULL-terminated. Their ioctls are trapped. */
	const char *const *papr_devices;
	bool ctl; /* make the socket for papr-vmm ctl */
};

_Noreturn void init_main(const struct init_config *config);
