/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * journal_words.h - split a line of a journal into words
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Split a line into its decoded words, in place. Return their number. -EBADMSG: there are
 * more than max, or one is damaged. */
int journal_words(char *line, char **word, size_t max);

/* Read a word of "0x" and digits. Return false if it is another word. */
bool journal_number(const char *word, uint32_t *v);

/* Join the words from the i-th on with blanks, as far as they fit. */
void journal_words_join(char *const *word, int i, int n, char *text, size_t size);
