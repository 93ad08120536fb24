/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sized.h - public structures of callers that may be older or newer than this library
 *
 * Each begins with its size, a size_t. Members that a shorter struct does not have are
 * zero. Members that the library does not know must be zero.
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stddef.h>

/* Read a caller's struct into one of known bytes. Return 0, or -EINVAL: its size is below
 * that of its first member, or it sets members that the library does not know. */
int sized_get(void *to, size_t known, const void *from);

/* Write a struct of known bytes to a caller's struct. Members that the library does not know
 * become zero. Return 1, or -EINVAL: its size is below that of its first member. */
int sized_put(void *to, const void *from, size_t known);
