/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lsslot_help.h - the texts of lsslot -h and --help, and which types have an option
 */
#pragma once

#include <stdbool.h>

#include "libdrmgr/drmgr.h"

/* Print the text of -h on standard error. */
void lsslot_print_usage(void);

/* Print the help of the type `word`, or of type_name if word is NULL, or of all types if
 * both are. Return 0; -EINVAL if there is no such list: a line on standard error has the
 * types. */
int lsslot_print_help(const char *word, const char *type_name);

/* Print that the word of an option is no type that can be listed, with the words of all
 * types, on standard error. */
void lsslot_print_types(const char *option, const char *word);

/* Return true if an option has a meaning for a type that can be listed. */
bool lsslot_has_option(const struct dr_type *type, char letter);

/* Return the words of the types that have an option: "pci, mem". The caller frees it; NULL:
 * no memory. */
char *lsslot_types_with(char letter);
