/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ids.h - the user and group ids of a simulated guest
 *
 * Errors:  negative errno.
 * Source:  user_namespaces(7), newuidmap(1)
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <sys/types.h>

enum { IDS_BYTES = 4096 };

/* Read the ranges of this user namespace from a file of procfs, each with three numbers:
 * inside, outside, count. Write them so that they map every id to itself. */
int ids_read(const char *path, char text[IDS_BYTES]);

/* Map the ids of the new user namespace whose first process is pid: for root all of this
 * user namespace, for a user its own id, and subordinate ids if it has any. */
int ids_map(pid_t pid);
