/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dlpar_cmd.h - requests of /sys/kernel/dlpar, and the list it reads as
 *
 * Shape:   "RESOURCE add|remove index 0x%08x", no newline. The file reads as
 *          resource names joined by commas, newline at the end.
 * Source:  Linux 6.12 arch/powerpc/platforms/pseries/dlpar.c
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DLPAR_CMD_MAX = 64 };

/* Text of a request by index, NUL-terminated in cmd[DLPAR_CMD_MAX]; its length. */
size_t dlpar_cmd_by_index(char *cmd, const char *resource, bool add, uint32_t drc_index);

/* Does the list name this resource? */
bool dlpar_list_has(const char *list, const char *resource);
