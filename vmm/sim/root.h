/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * root.h - the root file system of a simulated guest
 *
 * It lives in the guest's own mount namespace and shows the machine's files, with private
 * copies on write. Changes by the guest's programs stay in the guest and vanish with it.
 * /dev, /run, /var/log and /var/tmp start empty. /proc and /sys are mounted when the
 * simulated kernel serves its files.
 *
 * Devices, terminals and control files of this computer cannot be changed through it. A
 * mount namespace of a later user namespace locks all of these mounts.
 *
 * Errors:  negative errno; *what names the step that failed.
 * Layer:   papr-vmm, simulated guest (runs inside it, before any command)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The first step, and the step that opens /dev/fuse. */
#define ROOT_PRIVATE "private mounts"
#define ROOT_FUSE    "/dev/fuse"

/* Return true if a guest has no file of the machine at this absolute path: it has its own
 * directory there. */
bool root_hides(const char *path);

/* Build everything but the kernel's files. *memory: /dev/mem, memory_bytes: its size. papr_devices:
 * NULL-terminated names in /dev of the devices through which Linux makes firmware's calls
 * for programs. *mirror: the process that serves this computer's files. */
int root_build(int *memory, uint64_t memory_bytes, const char *const *papr_devices,
	       pid_t *mirror, const char **what);
/* Mount FUSE for root_enter(). *fuse: /dev/fuse. */
int root_mount_fuse(int *fuse);
/* Mount procfs for root_enter(), with the caller's process ids. It shows the files of the
 * whole computer read-only. */
int root_mount_proc(void);
/* Open this procfs, or return a negative errno. */
int root_open_proc(void);
/* Mount the kernel's files, which are served by now, and make this the root. *files
 * receives the root directory of these files, which no path reaches any more. */
int root_enter(int *files, const char **what);
