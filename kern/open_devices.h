/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * open_devices.h - the device files that processes have open, from /proc/PID/fd
 *
 * Layer:   kern
 */
#pragma once

#include "kern/root.h"

typedef int open_visitor(void *to, int pid, bool is_block, unsigned int major,
			 unsigned int minor);

struct open_facts {
	/* Visit each device that a process has open, once a process, except memory devices
	 * (/dev/null), until the visitor returns another value than 0. Return 0, that value,
	 * -EPERM without the right to read all, -ETIMEDOUT after 2 s, or a negative errno. */
	int (*visit)(void *priv, const struct kern_root *root, open_visitor *visit,
		     void *to);
	/* Read the number of a device file. Return 0, -ENOTBLK for another file, or a
	 * negative errno. */
	int (*number)(void *priv, const struct kern_root *root, const char *path,
		      bool *is_block, unsigned int *major, unsigned int *minor);
	void *priv;
};

extern const struct open_facts open_proc_facts;
