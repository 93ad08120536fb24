/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dm.h - the state of a device-mapper mapping of the running system
 *
 * sysfs has the name of a mapping and its parts, but not its type. The kernel returns the
 * type through /dev/mapper/control, to root only. Tests have their own struct dm_facts.
 *
 * Errors:  negative errno of the failing system call; -E2BIG, -EBADMSG: an answer that is
 *          too long or damaged.
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

enum dm_text { DM_TEXT_TABLE, DM_TEXT_STATUS };

/* Read a line for each target of a mapping: its first sector, its length, its type and its
 * arguments or its state, "0 2048 linear 8:16 384". The lines have no keys. *text is the
 * caller's to free; it is "" if there is no table. */
int dm_read_targets(const struct kern_root *root, unsigned int major, unsigned int minor,
		    enum dm_text which, char **text);
