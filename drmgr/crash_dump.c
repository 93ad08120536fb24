// SPDX-License-Identifier: GPL-2.0-or-later
/* Source: Linux 6.10 Documentation/ABI/testing/sysfs-devices-memory,
 * sysfs-devices-system-cpu, sysfs-kernel-fadump. */
#include <stdio.h>
#include <string.h>

#include "cli/common.h"
#include "drmgr/crash_dump.h"

/* Return true if a file of the kernel exists and begins with 1. */
static bool crash_flag(const char *root, const char *name)
{
	_cleanup_free_ char *path = text_of("%s/sys/%s", root, name);
	FILE *in = path ? fopen(path, "re") : NULL;
	bool is_set = in && getc(in) == '1';

	if (in)
		fclose(in);
	return is_set;
}

const char *crash_dump_after(const char *root, bool is_memory)
{
	if (crash_flag(root, "kernel/fadump/registered") ||
	    crash_flag(root, "kernel/fadump_registered")) {
		if (!is_memory) /* the documentation names only memory */
			return NULL;
		return crash_flag(root, "kernel/fadump/hotplug_ready") ? "follows"
								       : "reload";
	}
	if (!crash_flag(root, "kernel/kexec_crash_loaded"))
		return NULL;
	return crash_flag(root, is_memory ? "devices/system/memory/crash_hotplug"
					  : "devices/system/cpu/crash_hotplug")
		       ? "follows"
		       : "reload";
}
