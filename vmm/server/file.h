/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.h - regular files, and nothing that could block
 *
 * Errors:  negative errno; -EINVAL: this is no regular file.
 * Layer:   papr-vmm
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* A descriptor; flags as for open(). A new file has mode 0600. */
int file_open(const char *path, int flags);

/* All of it into *out, of malloc(). 0, -EFBIG (more than max), -EIO (it shrinks)... */
int file_read(const char *path, uint64_t max, void **out, size_t *bytes);
