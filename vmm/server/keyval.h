/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keyval.h - the "a=b,c=d" of QEMU's command line, and the words in it
 *
 * Shape:   pairs between commas, a doubled comma is one in a value; a word without '='
 *          is a switch: "server" is server=on, "nowait" is wait=off. The first may go
 *          without its name when it has a usual one.
 * Memory:  a keyval owns the text that its options point into.
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vmm/paprvmm.h"

struct keyval {
	struct papr_option *options;
	size_t n;
	char *text;
};

/* implied: the name of a first word without '=', or NULL. 0, -EINVAL (an empty name),
 * -ENOMEM. */
int keyval_parse(struct keyval *kv, const char *text, const char *implied);
void keyval_free(struct keyval *kv); /* all zero is fine */

/* The last value of this name, or NULL. */
const char *keyval_get(const struct keyval *kv, const char *name);

/* Moves the first of this name, which says what a list is about, to the front; false if
 * there is none. */
bool keyval_put_first(struct keyval *kv, const char *name);

/* "on", "off" and their kin; 0 or -EINVAL. */
int word_bool(const char *word, bool *out);
/* The whole word, decimal, 0x... or 0...: 0, -EINVAL, -ERANGE. */
int word_u64(const char *word, uint64_t *out);
int word_u32(const char *word, uint32_t *out);
/* Pairs of digits into out, as many as have room; how many there are, or -EINVAL. */
ssize_t word_hex(const char *word, uint8_t *out, size_t room);
/* Bytes: "512M", "1.5G", a bare number is in unit. 0, -EINVAL, -ERANGE. */
int word_size(const char *word, uint64_t unit, uint64_t *out);
