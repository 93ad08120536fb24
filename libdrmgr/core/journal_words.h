/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal_words.h - the words of a journal's line
 */
#pragma once

#include <stddef.h>

/* Cuts a line into its words, in place, each as it was put. Their number; -EBADMSG there
 * are more than max, or one is not as it should be. */
int journal_words(char *line, char **word, size_t max);
