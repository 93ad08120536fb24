// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel, initrd and firmware. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/server/file.h"
#include "vmm/server/opts_parts.h"

/* The files are placed below 4 GiB, together with other data. */
#define MAX_FILE_BYTES (UINT64_C(2) << 30)

static int load(struct opts *opts, const char *path, const void **out, size_t *bytes)
{
	void *buf;
	int err = path ? file_read(path, MAX_FILE_BYTES, &buf, bytes) : 0;

	if (err)
		return opts_fail(opts, err, "%s: %s", path, strerror(-err));
	if (path)
		*out = buf;
	return 0;
}

/* Firmware is never executed: only its size is visible. */
static int measure(struct opts *opts, const char *path, size_t *bytes)
{
	int fd = file_open(path, O_RDONLY);
	struct stat st = { 0 };
	int err = fd < 0 ? fd : fstat(fd, &st) ? -errno : 0;

	if (fd >= 0)
		close(fd);
	if (!err && (uint64_t)st.st_size > MAX_FILE_BYTES)
		err = -EFBIG;
	if (err)
		return opts_fail(opts, err, "%s: %s", path, strerror(-err));
	*bytes = (size_t)st.st_size;
	return 0;
}

int opts_load_files(struct opts *opts)
{
	struct papr_config *config = &opts->host.config;
	int err = load(opts, opts->kernel, &config->kernel, &config->kernel_bytes);

	if (!err)
		err = load(opts, opts->initrd, &config->initrd, &config->initrd_bytes);
	if (!err && opts->bios)
		err = measure(opts, opts->bios, &config->firmware_bytes);
	return err;
}
