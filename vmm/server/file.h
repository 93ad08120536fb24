/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.h - access to regular files, which never block
 *
 * Errors:  negative errno; -EINVAL: this is not a regular file.
 * Layer:   papr-vmm
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Open a regular file and return its descriptor. flags: as for open(). A new file has
 * mode 0600. */
int file_open(const char *path, int flags);

/* Take over a descriptor that papr-vmm inherited: programs do not inherit it. -EBADF: it
 * does not exist, or is the program's own. */
int file_take_over(int fd);

/* Read the whole file into *out, which the caller frees. Fails with -EFBIG (larger than
 * max), -EIO (the file shrinks), and others. */
int file_read(const char *path, uint64_t max, void **out, size_t *bytes);
