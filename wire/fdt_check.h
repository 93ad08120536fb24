/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fdt_check.h - check a flattened tree that is not trusted
 *
 * fdt_check_full() of libfdt 1.6 never returns if a property has the length 0xfffffff4:
 * the length moves its offset back to the same property. libfdt 1.8 refuses a block of
 * reservations that is not aligned, and accepts FDT_NOP after the root. This function
 * refuses both with each version. Use it instead.
 *
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stddef.h>

/* Check len bytes. Return 0 or a negative error of libfdt, as fdt_check_full() does. */
int fdt_check(const void *fdt, size_t len);
