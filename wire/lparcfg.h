/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lparcfg.h - the lines of /proc/ppc64/lparcfg, and what is written to it
 *
 * Shape:   a line "lparcfg 1.9", then lines "KEY=VALUE". Values are decimal numbers or
 *          texts. One write is one line, of a key that can be changed.
 * Units:   partition_entitled_capacity in hundredths of a processor, entitled_memory in
 *          bytes; the kernel counts both in 64 bits.
 * Memory:  a value points into the caller's text, which needs no NUL.
 * Errors:  negative errno; -ENOENT no such key, -EBADMSG its value is no number, -ERANGE
 *          one of more than 64 bits.
 * Source:  Linux 6.1 arch/powerpc/platforms/pseries/lparcfg.c
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define LPARCFG_CPU_CAPACITY "partition_entitled_capacity"
#define LPARCFG_CPU_WEIGHT   "capacity_weight"
#define LPARCFG_MEM_CAPACITY "entitled_memory"
#define LPARCFG_MEM_WEIGHT   "entitled_memory_weight"

enum { LPARCFG_LINE_MAX = 64 }; /* the kernel's buffer: the line and a NUL */

/* The value of the first line with this key: the whole key, not one that starts so. */
int lparcfg_find(const char *text, size_t len, const char *key, const char **value,
		 size_t *value_len);

/* The same where it is a number. */
int lparcfg_number(const char *text, size_t len, const char *key, uint64_t *value);

/* "KEY=VALUE\n" in line[LPARCFG_LINE_MAX]; its length, or -ENAMETOOLONG. */
int lparcfg_line(char *line, const char *key, uint64_t value);
