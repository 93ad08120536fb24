/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * programs.h - paths of the project's other programs
 *
 * They are installed next to this program. PATH is not searched, because root runs them.
 */
#pragma once

#include <stddef.h>

enum program { PROGRAM_DRMGR, PROGRAM_RTAS_EVENT };

/* Find a program. Return 0, -ENOENT if it does not exist, or -ENAMETOOLONG. */
int program_path(enum program program, char *path, size_t size);
