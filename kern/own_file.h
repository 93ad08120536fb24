/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * own_file.h - files and directories that no other user can have created or can change
 *
 * Others may write to a directory such as /var/lock. There another user's file can deny
 * access to ours, but never redirect it. Links are not followed, an open of a FIFO does
 * not wait, and the open file is checked.
 *
 * Errors:  negative errno; -EPERM it is not our own.
 * Layer:   kern (libkernio)
 */
#pragma once

#include <sys/stat.h>

#include "kern/root.h"

/* Open our own file in a directory, with these flags and O_CLOEXEC. mode is for a file
 * that is created. Return the descriptor. */
int own_file_open(int dir, const char *name, int flags, unsigned int mode);
/* The same, with what fstat(2) says of the file. */
int own_file_open_stat(int dir, const char *name, int flags, unsigned int mode,
		       struct stat *st);

/* Return true if only root can change or replace the file at an absolute path without links,
 * and every folder above it. A sticky folder is safe. */
bool own_path_is_safe(const char *path);

/* Find a program in a folder, both as absolute paths, that root may run: an executable file
 * that is safe as above. Its links are resolved, because one may change between this test
 * and the start. *path receives its path, which the caller frees. Return 0, -ENOENT: it is no
 * such file, -EPERM: it is not safe. */
int own_program_find(const char *folder, const char *name, char **path);

/* Open a directory below the root that only this user can enter. Return the descriptor, or
 * -EPERM, also if others can enter it. */
int own_dir_open(const struct kern_root *root, const char *path);
/* The same. Create the directory if it does not exist. */
int own_dir_make(const struct kern_root *root, const char *path);
