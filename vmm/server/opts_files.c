// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel, initrd and firmware. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/server/opts_parts.h"

/* They go below 4 GiB, with other things beside them. */
#define MAX_FILE_BYTES (UINT64_C(2) << 30)

static int read_all(int fd, uint8_t *buf, size_t size)
{
	while (size) {
		ssize_t n = read(fd, buf, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO; /* it shrinks */
		buf += n;
		size -= (size_t)n;
	}
	return 0;
}

/* *out is malloc'ed. */
static int load_open(int fd, const void **out, size_t *bytes)
{
	struct stat st;
	uint8_t *buf;
	int err;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size > MAX_FILE_BYTES)
		return S_ISREG(st.st_mode) ? -EFBIG : -EINVAL;
	buf = malloc((size_t)st.st_size + 1);
	if (!buf)
		return -ENOMEM;
	err = read_all(fd, buf, (size_t)st.st_size);
	if (err) {
		free(buf);
		return err;
	}
	*out = buf;
	*bytes = (size_t)st.st_size;
	return 0;
}

static int load(struct opts *opts, const char *path, const void **out, size_t *bytes)
{
	int fd, err;

	if (!path)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return opts_fail(opts, -errno, "%s: %s", path, strerror(errno));
	err = load_open(fd, out, bytes);
	close(fd);
	return err ? opts_fail(opts, err, "%s: %s", path, strerror(-err)) : 0;
}

int opts_load_files(struct opts *opts)
{
	struct papr_config *config = &opts->host.config;
	const void *bios = NULL;
	int err = load(opts, opts->kernel, &config->kernel, &config->kernel_bytes);

	if (!err)
		err = load(opts, opts->initrd, &config->initrd, &config->initrd_bytes);
	/* Nobody runs it: all that is to be seen of it is the place that it takes. */
	if (!err)
		err = load(opts, opts->bios, &bios, &config->firmware_bytes);
	free((void *)(uintptr_t)bios);
	return err;
}
