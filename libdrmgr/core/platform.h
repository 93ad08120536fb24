/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * platform.h - which machine is this, and what can it do
 */
#pragma once

#include "libdrmgr/core/context.h"

enum platform { PLATFORM_UNKNOWN, PLATFORM_POWERNV, PLATFORM_KVM_GUEST, PLATFORM_LPAR };

enum platform platform_read(const struct kern_root *root);

/* "PowerVM pSeries LPAR"... */
const char *platform_name(enum platform platform);

/* Is the device tree that of a CHRP machine? 0; -ENOENT it does not say; -EINVAL no. */
int platform_check_chrp(const struct kern_root *root);

/* Is the module there that takes up host bridges and logical slots? */
bool platform_has_slot_control(const struct kern_root *root);

/* Loads it where it is not. 0, or what modprobe ended with. */
int platform_load_slot_control(const struct kern_root *root);

/* One thing that drmgr --capabilities tells. */
struct capability {
	const char *key;   /* "cpu_dlpar" */
	const char *label; /* "CPU DLPAR"; NULL: not announced */
	const char *file;  /* what was looked for, below the root */
	bool has;
};

enum { CAPABILITIES = 10 };

/* Fills caps[] in the order in which they are printed. */
void capabilities_read(const struct kern_root *root,
		       struct capability caps[CAPABILITIES]);
