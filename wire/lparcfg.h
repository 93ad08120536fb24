/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lparcfg.h - the lines of /proc/ppc64/lparcfg, and the lines written to it
 *
 * Shape:   a line "lparcfg 1.9", then lines "KEY=VALUE". Values are decimal numbers or
 *          texts. One write is one line, for a key that can be changed.
 * Units:   partition_entitled_capacity in hundredths of a processor, entitled_memory in
 *          bytes; the kernel counts both in 64 bits.
 * Memory:  a value points into the caller's text, which needs no NUL.
 * Errors:  negative errno; -ENOENT the key is missing, -EBADMSG its value is no number,
 *          -ERANGE the number exceeds 64 bits.
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

enum { LPARCFG_LINE_MAX = 64 }; /* the kernel's buffer: a line and its NUL */

/* Find the value of the first line with this key. The whole key must match. Return 0 or
 * -ENOENT. */
int lparcfg_find(const char *text, size_t len, const char *key, const char **value,
		 size_t *value_len);

/* Read the value of this key as a number. Return 0 or an error listed above. */
int lparcfg_number(const char *text, size_t len, const char *key, uint64_t *value);

/* Write "KEY=VALUE\n" into line[LPARCFG_LINE_MAX]. Return its length, or
 * -ENAMETOOLONG. */
int lparcfg_line(char *line, const char *key, uint64_t value);
