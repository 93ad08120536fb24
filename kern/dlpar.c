// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kern/cleanup.h"
#include "kern/dlpar.h"
#include "kern/sysfs.h"

#define DLPAR_FILE "sys/kernel/dlpar"

enum { RECORD_BYTES = 8192 }; /* of the kernel's log, at most */

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

int dlpar_log_open(const struct kern_root *root)
{
	int log = kern_open(root, "dev/kmsg", O_RDONLY | O_NONBLOCK);

	if (log >= 0 && lseek(log, 0, SEEK_END) < 0) {
		cleanup_close(&log);
		return -errno;
	}
	return log;
}

int dlpar_log_find(int log, const char *text, char *found, size_t size)
{
	char record[RECORD_BYTES + 1];
	bool is_lost = false;
	const char *at;
	ssize_t n;

	for (;;) { /* a read returns one record */
		n = read(log, record, RECORD_BYTES);
		is_lost |= n < 0 && errno == EPIPE;
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n <= 0)
			return n && errno != EAGAIN ? -errno : is_lost ? -EPIPE : 0;
		record[n] = '\0';
		at = strstr(record, text);
		if (!at)
			continue;
		snprintf(found, size, "%.*s", (int)strcspn(at, "\n"), at);
		return 1;
	}
}

int dlpar_finds_connector(const struct kern_root *root, uint32_t drc_index)
{
	_cleanup_close_ int log = dlpar_log_open(root);
	char rest[2];
	int err;

	if (log < 0)
		return log;
	err = dlpar_by_index(root, "dt", true, drc_index);
	if (!err)
		dlpar_by_index(root, "dt", false, drc_index);
	return err == -EIO ? dlpar_log_find(log, "returned from configure-connector",
					    rest, sizeof(rest))
			   : 1;
}
