/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.h - a growing buffer of bytes
 *
 * After the first failed allocation, `failed` is set and everything appended is dropped.
 *
 * Memory:  buf is owned; text_free() accepts a zeroed one.
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *buf;
	size_t len, size;
	bool failed;
};

void text_bytes(struct text *t, const void *bytes, size_t len);
void text_add(struct text *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void text_free(struct text *t);

/* Parse what a program writes as the kernel does: a whole number with C's prefixes, and at most
 * one newline. Return 0, -EINVAL or -ERANGE. */
int text_number(const char *bytes, size_t len, uint64_t max, uint64_t *n);
