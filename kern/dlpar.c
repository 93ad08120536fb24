// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kern/dlpar.h"
#include "kern/sysfs.h"

#define DLPAR_FILE "sys/kernel/dlpar"

int dlpar_probe(const struct kern_root *root, const char *resource)
{
	char list[256];
	int err = sysfs_text(root, list, sizeof(list), DLPAR_FILE);
	struct stat st;

	/* Before Linux 4.2 it can only be written. */
	if (err == -EIO && !kern_lstat(root, DLPAR_FILE, &st) && !(st.st_mode & S_IRUSR))
		return -EOPNOTSUPP;
	if (err)
		return err;
	return dlpar_list_has(list, resource) ? 0 : -EOPNOTSUPP;
}

int dlpar_write(const struct kern_root *root, const struct dlpar_request *request)
{
	char cmd[DLPAR_CMD_MAX];
	size_t len = dlpar_cmd_encode(cmd, request);

	return kern_write(root, DLPAR_FILE, cmd, len);
}

int dlpar_by_index(const struct kern_root *root, const char *resource, bool add,
		   uint32_t drc_index)
{
	const struct dlpar_request request = { .resource = resource,
					       .add = add,
					       .drc_index = drc_index };

	return dlpar_write(root, &request);
}
