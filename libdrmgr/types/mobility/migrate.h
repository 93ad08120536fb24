/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * migrate.h - this partition goes to another machine, or to sleep
 *
 * The host has prepared a stream, whose number it gives; the kernel waits until it is
 * ready and suspends the partition. Where the kernel does not make the device tree what
 * the new machine's firmware says, that is done here.
 *
 * Nothing of it can be undone: who is told that it failed is where he was before.
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
	/* Before each try: the partition may not be ready to go yet. */
	void (*before)(void *priv);
	void *priv;
	/* What came of it: */
	bool has_moved;
	int status; /* 0; or a positive errno of the kernel's file, or firmware's status */
	struct tree_update tree;
};

/* Whether this kernel can, and firmware allows it. */
bool migration_is_possible(const struct kern_root *root);
bool hibernation_is_possible(const struct kern_root *root);

/* 0: by a call into firmware; 1: the kernel's file. Others are not known. */
int migration_api(const struct kern_root *root);

/* Hexadecimal digits, with or without 0x, of a number that is not 0. False: not so. */
bool migration_stream(const char *text, uint64_t *stream);

/* Goes. 0: it has come back on the other machine; m->tree tells whether its tree is
 * complete. */
int migration_run(struct dr_ctx *dr, struct migration *m, struct dr_result *result);
