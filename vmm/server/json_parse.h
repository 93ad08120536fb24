/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_parse.h - make a JSON value of its tokens
 *
 * Shape:   tokens as json_feed.h finds them; each ends with a NUL. Integers that fit in
 *          no 64 bits become floating-point numbers. A key must not occur twice.
 * Memory:  the caller owns the value and the text.
 * Source:  error texts of QEMU 7.2
 * Layer:   papr-vmm
 */
#pragma once

#include <json-c/json.h>
#include <stddef.h>

/* Parse n tokens. Return NULL, or the error's text. */
char *json_parse(const char *tokens, size_t n, json_object **value);
