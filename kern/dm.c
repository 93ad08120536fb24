// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>

#include "kern/dm.h"

enum { ANSWER_BYTES = 16 * 1024 };

/* Read the kernel's answer. After its header it has a struct, then a text that ends with
 * a NUL. */
static int dm_read_answer(const struct dm_ioctl *answer, char *target, size_t target_size,
			  char *status, size_t status_size)
{
	const char *end = (const char *)answer + ANSWER_BYTES, *text;
	struct dm_target_spec spec;

	if (answer->flags & DM_BUFFER_FULL_FLAG)
		return -E2BIG;
	if (!answer->target_count || answer->data_start < sizeof(*answer) ||
	    answer->data_start > ANSWER_BYTES - sizeof(spec))
		return -EBADMSG;
	memcpy(&spec, (const char *)answer + answer->data_start, sizeof(spec));
	text = (const char *)answer + answer->data_start + sizeof(spec);
	snprintf(target, target_size, "%.*s", (int)sizeof(spec.target_type),
		 spec.target_type);
	snprintf(status, status_size, "%.*s", (int)(end - text), text);
	return 0;
}

static int dm_read_status(void *priv, const struct kern_root *root, unsigned int major,
			  unsigned int minor, char *target, size_t target_size,
			  char *status, size_t status_size)
{
	_cleanup_close_ int fd = kern_open(root, "dev/mapper/control", O_RDWR);
	_cleanup_free_ struct dm_ioctl *request = calloc(1, ANSWER_BYTES);

	(void)priv;
	if (fd < 0)
		return fd;
	if (!request)
		return -ENOMEM;
	*request = (struct dm_ioctl){
		.version = { DM_VERSION_MAJOR, 0, 0 },
		.data_size = ANSWER_BYTES,
		.data_start = sizeof(*request),
		/* Without a flush, so that it does not wait for a device that hangs. */
		.flags = DM_NOFLUSH_FLAG,
		.dev = makedev(major, minor),
	};
	if (ioctl(fd, DM_TABLE_STATUS, request) < 0)
		return -errno;
	return dm_read_answer(request, target, target_size, status, status_size);
}

const struct dm_facts dm_control_facts = { .status = dm_read_status };
