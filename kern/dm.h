/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dm.h - the state of a device-mapper mapping of the running system
 *
 * sysfs has the name of a mapping and its parts, but not its type. The kernel returns the
 * type through /dev/mapper/control, to root only. Tests have their own struct dm_facts.
 *
 * Errors:  negative errno of the failing system call.
 * Source:  Linux uapi/linux/dm-ioctl.h; Documentation/admin-guide/device-mapper
 * Layer:   kern
 */
#pragma once

#include "kern/root.h"

struct dm_facts {
	/* Read name and state of a mapping's first target: "raid", "raid1 2 AA 64/64 idle
	 * 0". */
	int (*status)(void *priv, const struct kern_root *root, unsigned int major,
		      unsigned int minor, char *target, size_t target_size, char *status,
		      size_t status_size);
	void *priv;
};

extern const struct dm_facts dm_control_facts;
