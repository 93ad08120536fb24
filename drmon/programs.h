/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * programs.h - where the project's other programs are: as they were installed, beside this
 * one. No search path decides what root runs.
 */
#pragma once

#include <stddef.h>

enum program { PROGRAM_DRMGR, PROGRAM_RTAS_EVENT };

/* 0; -ENOENT it is not there, -ENAMETOOLONG. */
int program_path(enum program program, char *path, size_t size);
