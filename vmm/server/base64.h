/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base64.h - bytes as the text of RFC 4648, section 4
 *
 * Layer:   papr-vmm
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* How much text so many bytes make, without NUL. */
size_t base64_length(size_t bytes);
/* No NUL is put. */
void base64_encode(const uint8_t *bytes, size_t n, char *text);
/* The number of bytes, at most 3/4 of the text; or -EINVAL. text and bytes may be one. */
ssize_t base64_decode(const char *text, size_t len, uint8_t *bytes);
