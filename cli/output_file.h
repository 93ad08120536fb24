/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output_file.h - write a whole file, so that an error leaves the older one as it was
 *
 * Errors:  negative errno.
 * Layer:   process; needs libc alone
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* Write all bytes. */
int output_write_all(int fd, const void *bytes, size_t len);

/* Replace the contents of a file, or create it with this mode. The new file is written beside
 * it, synchronized and renamed; it keeps the mode of the older one, and its owner if this is
 * permitted. A symbolic link stays, a hard link does not. What is no plain file, is a mount, or
 * is in a folder that cannot be written, is written in its place. */
int output_replace(const char *path, mode_t mode, const void *bytes, size_t len);
