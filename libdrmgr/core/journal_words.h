/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * journal_words.h - split a line of a journal into words
 */
#pragma once

#include <stddef.h>

/* Split a line into its decoded words, in place. Return their number. -EBADMSG: there are
 * more than max, or one is damaged. */
int journal_words(char *line, char **word, size_t max);

/* Join the words from the i-th on with blanks, as far as they fit. */
void journal_words_join(char *const *word, int i, int n, char *text, size_t size);
