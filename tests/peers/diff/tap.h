/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tap.h - print results in the Test Anything Protocol on stdout */
#pragma once
#include <stdbool.h>

#include "tests/peers/diff/known.h"

struct tap {
	unsigned int number, failed;
};

void tap_result(struct tap *tap, bool ok, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Print a result that could not be determined, with the reason. */
void tap_skip(struct tap *tap, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Print lines of explanation. */
void tap_note(const char *text);
/* Print one result for each entry, which fails if the entry was not used. */
void tap_known(struct tap *tap, const struct known *known);
/* Print the plan. Return the program's exit status. */
int tap_end(const struct tap *tap);
