// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel, initrd and firmware. */
#include <stdlib.h>
#include <string.h>

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

int opts_load_files(struct opts *opts)
{
	struct papr_config *config = &opts->host.config;
	const void *bios = NULL;
	int err = load(opts, opts->kernel, &config->kernel, &config->kernel_bytes);

	if (!err)
		err = load(opts, opts->initrd, &config->initrd, &config->initrd_bytes);
	/* Firmware is never executed: only its size is visible. */
	if (!err)
		err = load(opts, opts->bios, &bios, &config->firmware_bytes);
	free((void *)(uintptr_t)bios);
	return err;
}
