/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keyval.h - parse the "a=b,c=d" of QEMU's command line, and the words in it
 *
 * Shape:   pairs separated by commas; a doubled comma is one comma of a value. A word
 *          without '=' is a switch: "server" is server=on, "nowait" is wait=off. The
 *          first pair may omit its name if the option has an implied one.
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

/* Parse the text. implied: the name of a first word without '=', or NULL. Fails with
 * -EINVAL (an empty name) or -ENOMEM. */
int keyval_parse(struct keyval *kv, const char *text, const char *implied);
void keyval_free(struct keyval *kv); /* all zero is fine */

/* Return the last value of this name, or NULL. */
const char *keyval_get(const struct keyval *kv, const char *name);

/* Move the first option with this name to the front: it decides what the list describes.
 * Return false if the name does not exist. */
bool keyval_put_first(struct keyval *kv, const char *name);

/* Parse "on", "off" and their synonyms. Return 0 or -EINVAL. */
int word_bool(const char *word, bool *out);
/* Return true if the word is an identifier: a letter, then letters, digits, "-._". */
bool word_is_id(const char *word);
/* Parse the whole word as a number: decimal, 0x... or 0.... Return 0, -EINVAL or
 * -ERANGE. */
int word_u64(const char *word, uint64_t *out);
int word_u32(const char *word, uint32_t *out);
/* Decode pairs of hexadecimal digits. out receives as many bytes as there is room for.
 * Return the number of all bytes, or -EINVAL. */
ssize_t word_hex(const char *word, uint8_t *out, size_t room);
/* Parse a size in bytes: "512M", "1.5G"; a number without suffix is in unit. Return 0,
 * -EINVAL or -ERANGE. */
int word_size(const char *word, uint64_t unit, uint64_t *out);
