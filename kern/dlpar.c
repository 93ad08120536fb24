// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kern/dlpar.h"
#include "kern/sysfs.h"
#include "wire/dlpar_cmd.h"

#define DLPAR_FILE "sys/kernel/dlpar"

int dlpar_probe(const struct kern_root *root, const char *resource)
{
	char list[256];
	int err = sysfs_text(root, list, sizeof(list), DLPAR_FILE);

	if (err)
		return err;
	return dlpar_list_has(list, resource) ? 0 : -EOPNOTSUPP;
}

int dlpar_by_index(const struct kern_root *root, const char *resource, bool add,
		   uint32_t drc_index)
{
	char cmd[DLPAR_CMD_MAX];
	size_t len = dlpar_cmd_by_index(cmd, resource, add, drc_index);

	return kern_write(root, DLPAR_FILE, cmd, len);
}
