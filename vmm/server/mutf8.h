/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mutf8.h - characters of QMP's strings, in modified UTF-8
 *
 * Shape:   UTF-8, except that U+0000 is C0 80: a C string can contain it. Surrogates,
 *          noncharacters and other overlong forms are not valid.
 * Layer:   papr-vmm
 */
#pragma once

#include <stddef.h>

enum { MUTF8_MAX = 4 }; /* bytes of a character */

/* Return the first character of a string that is not empty, or -1 if it is not valid. *len
 * receives its number of bytes; of one that is not valid, those that look like a part of
 * it. */
int mutf8_decode(const char *text, size_t *len);
/* Return the number of bytes, or 0 if this is no valid character. */
size_t mutf8_encode(int character, char out[MUTF8_MAX]);
