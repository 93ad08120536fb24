/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * migrate.h - move this partition to another machine, or hibernate it
 *
 * The host has prepared a stream and gives its number. The kernel waits until the stream
 * is ready and suspends the partition. Some kernels do not update the device tree
 * afterwards: then it is done here.
 *
 * A migration cannot be undone. If it fails, the partition is where it was before.
 *
 * Errors:  negative errno and result->error.
 * Source:  PAPR+ 14.9.4.5, 7.4.8; Linux 6.1 arch/powerpc/platforms/pseries/mobility.c and
 *          suspend.c; older kernels: ibm,suspend-me by the rtas system call
 */
#pragma once

#include "libdrmgr/tree/tree_update.h"

#define MIGRATION_FILE	 "sys/kernel/mobility/migration"
#define MIGRATION_API	 "sys/kernel/mobility/api_version"
#define HIBERNATION_FILE "sys/devices/system/power/hibernate"

struct migration {
	uint64_t stream;
	bool hibernate;
	/* Called before each try: the partition may not be ready yet. */
	void (*before)(void *priv);
	void *priv;
	/* The result. */
	bool has_moved;
	int status; /* 0, a positive errno of the kernel's file, or firmware's status */
	struct tree_update tree;
};

/* Return 1 if this kernel supports it and firmware allows it, 0, or a negative errno. */
int migration_is_possible(const struct kern_root *root);
int hibernation_is_possible(const struct kern_root *root);

/* Return 0 if migration is a firmware call, 1 if it is the kernel's file. Other values
 * are unknown versions. */
int migration_api(const struct kern_root *root);

/* Parse hexadecimal digits, with or without 0x. Return false if they are invalid or 0. */
bool migration_stream(const char *text, uint64_t *stream);

/* Run the migration. Return 0 if the partition was resumed on the other machine; m->tree
 * shows whether its device tree is complete. */
int migration_run(struct dr_ctx *dr, struct migration *m, struct dr_result *result);
