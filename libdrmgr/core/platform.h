/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * platform.h - detect the platform and its capabilities
 */
#pragma once

#include "libdrmgr/core/context.h"

enum platform { PLATFORM_UNKNOWN, PLATFORM_POWERNV, PLATFORM_KVM_GUEST, PLATFORM_LPAR };

/* Return 0, or the errno of the reading. */
int platform_read(const struct kern_root *root, enum platform *platform);

/* Return "PowerVM pSeries LPAR" and the like. */
const char *platform_name(enum platform platform);

/* Check that the device tree is that of a CHRP machine. Return 0, -ENOENT if the tree has
 * no type, -EINVAL, or the errno of the reading. */
int platform_check_chrp(const struct kern_root *root);

/* Load the module that configures host bridges and logical slots, unless it is loaded.
 * Return 0, the exit status of modprobe, or a negative errno. */
int platform_load_slot_control(const struct kern_root *root);

/* UNKNOWN: a captured tree lacks the folder where the capability would be. */
enum capability_answer { CAPABILITY_UNKNOWN, CAPABILITY_NO, CAPABILITY_YES };

/* One capability of drmgr --capabilities. */
struct dr_capability {
	const char *key;   /* "cpu_dlpar" */
	const char *label; /* "CPU DLPAR"; NULL: not printed */
	const char *file;  /* the file that shows the capability, below the root */
	enum capability_answer answer;
};

enum { CAPABILITIES = 10 };

/* Fill caps[] in the order in which they are printed. */
void capabilities_read(const struct kern_root *root,
		       struct dr_capability caps[CAPABILITIES]);
