/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * utf8.h - characters and their bytes
 *
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A code point that a text may hold: no surrogate, no noncharacter. */
bool utf8_is_character(uint32_t code);

/* The character at p, and in *len how many bytes it takes; -1 if there is none, *len is
 * 1 then. left is at least 1. */
int32_t utf8_decode(const uint8_t *p, size_t left, size_t *len);

/* The number of bytes put into out, 1 to 4. */
size_t utf8_encode(uint32_t code, char out[4]);
