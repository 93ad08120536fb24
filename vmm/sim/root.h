/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * root.h - the root file system of a simulated guest
 *
 * Inside the guest's own mount namespace. It looks like the machine's, with private
 * copies on write: whatever the guest's programs do to files stays in the guest and goes
 * with it. /dev, /run, /var/log, /var/tmp start empty; /proc and /sys are put into place
 * when the kernel's files are served.
 *
 * Errors:  negative errno, with *what naming the step.
 * Layer:   papr-vmm, simulated guest (runs inside it, before any command)
 */
#pragma once

#include <stdint.h>

struct root_fds {
	int fuse, memory, dev, proc;
};

/* Everything but the kernel's files; memory_bytes: size of /dev/mem. papr_devices: names
 * in /dev, NULL behind the last, of the devices by which Linux makes firmware's calls for
 * programs. */
int root_build(struct root_fds *fds, uint64_t memory_bytes,
	       const char *const *papr_devices, const char **what);
/* The kernel's files are served: puts them into place and makes this the root. *files:
 * the directory above all of them, which nobody reaches by a path any more. */
int root_enter(const char *folder, int *files, const char **what);
