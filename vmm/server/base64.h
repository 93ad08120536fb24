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

/* Return the length of the text for so many bytes, without NUL. */
size_t base64_length(size_t bytes);
/* Encode n bytes. The text receives no NUL. */
void base64_encode(const uint8_t *bytes, size_t n, char *text);
/* Decode the text. Return the number of bytes, at most 3/4 of the text's length, or
 * -EINVAL. text and bytes may be the same buffer. */
ssize_t base64_decode(const char *text, size_t len, uint8_t *bytes);
