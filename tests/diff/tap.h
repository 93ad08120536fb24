/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tap.h - results as the Test Anything Protocol has them, on stdout
 */
#pragma once
#include <stdbool.h>

#include "tests/diff/known.h"

struct tap {
	unsigned int number, failed;
};

void tap_result(struct tap *tap, bool ok, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* A result that could not be found out, with the reason. */
void tap_skip(struct tap *tap, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Lines that explain. */
void tap_note(const char *text);
/* One result for each entry: fails if nothing made use of it. */
void tap_known(struct tap *tap, const struct known *known);
/* The plan; exit status of the program. */
int tap_end(const struct tap *tap);
