// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "kern/overlay.h"
#include "kern/sysfs.h"
#include "wire/number.h"

#define OVERLAY_FILE "proc/device-tree-overlay"

/* "papr-dt-overlay 1 backend=...": a later version does all that this one did. */
static bool is_understood(const char *line)
{
	static const char word[] = "papr-dt-overlay ";
	uint64_t version;

	if (strncmp(line, word, strlen(word)) != 0)
		return false;
	line += strlen(word);
	return !number_read(line, strcspn(line, " \n"), 10, &version) && version;
}

int overlay_probe(const struct kern_root *root)
{
	char line[128];
	int fd, err = sysfs_text(root, line, sizeof(line), OVERLAY_FILE);

	if (err)
		return err;
	if (!is_understood(line))
		return -EOPNOTSUPP;

	/* Reading tells nothing of what is allowed, and to open it changes nothing. */
	fd = kern_open(root, OVERLAY_FILE, O_WRONLY);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

int overlay_write(const struct kern_root *root, const void *blob, size_t len)
{
	return kern_write(root, OVERLAY_FILE, blob, len);
}
