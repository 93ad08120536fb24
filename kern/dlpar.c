// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kern/cleanup.h"
#include "kern/dlpar.h"
#include "kern/sysfs.h"

#define DLPAR_FILE "sys/kernel/dlpar"
#define KERNEL_LOG "dev/kmsg"

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

/* Return 1 if a record that follows contains the text, else 0, or a negative errno. */
static int dlpar_log_has(int log, const char *text)
{
	char record[RECORD_BYTES + 1];
	ssize_t n;

	for (;;) { /* a read returns one record */
		n = read(log, record, RECORD_BYTES);
		if (n < 0 &&
		    (errno == EPIPE || errno == EINTR)) /* EPIPE: some are lost */
			continue;
		if (n <= 0)
			return n && errno != EAGAIN ? -errno : 0;
		record[n] = '\0';
		if (strstr(record, text))
			return 1;
	}
}

int dlpar_finds_connector(const struct kern_root *root, uint32_t drc_index)
{
	_cleanup_close_ int log = kern_open(root, KERNEL_LOG, O_RDONLY | O_NONBLOCK);
	int err;

	if (log < 0)
		return log;
	if (lseek(log, 0, SEEK_END) < 0)
		return -errno;
	err = dlpar_by_index(root, "dt", true, drc_index);
	if (!err)
		dlpar_by_index(root, "dt", false, drc_index);
	return err == -EIO ? dlpar_log_has(log, "returned from configure-connector") : 1;
}
