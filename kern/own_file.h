/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * own_file.h - files and folders that nobody else can have put there or can change
 *
 * Where others may write to the folder, as to /var/lock, a stranger's file can deny
 * ours, never redirect it: no links followed, no waiting for the other end of a pipe, and
 * what was opened is looked at.
 *
 * Errors:  negative errno; -EPERM it is not our own.
 * Layer:   kern (libkernio)
 */
#pragma once

#include "kern/root.h"

/* A regular file of this user's with one name? 0, -EPERM. */
int own_file_check(int fd);

/* Opens a file of our own in a folder, with these flags and O_CLOEXEC; mode is that of
 * one it creates. Descriptor. */
int own_file_open(int dir, const char *name, int flags, unsigned int mode);

/* A folder below the root that only this user can enter, created where it is missing.
 * Descriptor; -EPERM also where others can enter it. */
int own_dir_open(const struct kern_root *root, const char *path);
