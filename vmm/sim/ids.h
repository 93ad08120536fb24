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

/* What to write to "uid_map" and "gid_map" of a new user namespace */
struct ids {
	char uids[IDS_BYTES], gids[IDS_BYTES];
};

/* Read the ids of this user namespace, which may be a container's, to map each to itself. */
int ids_read(struct ids *ids);
/* Map the ids of the user namespace of process pid. proc: procfs that has this process. */
int ids_write(int proc, pid_t pid, const struct ids *ids);

/* Map the ids of the new user namespace whose first process is pid: for root all of this
 * user namespace, for a user its own id, and subordinate ids if it has any. */
int ids_map(pid_t pid);

/* Ids of this computer that have no number in this user namespace: stat(2) has this one for all of
 * them (-1: all ids have numbers), and Linux refuses to give them to a file. */
struct ids_foreign {
	unsigned int uid, gid;
	unsigned int known_uid, known_gid; /* what a file of such an owner can be given */
};

void ids_find_foreign(struct ids_foreign *foreign);
