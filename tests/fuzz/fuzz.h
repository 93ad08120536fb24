/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz.h - what a decoder gets to see, and what must hold whatever it is
 *
 * Each target is one file; libFuzzer's own main looks for inputs (make fuzz), replay.c
 * goes through those that are kept (make check).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert(), not switched off by NDEBUG. */
#define MUST(condition)                                                                 \
	do {                                                                            \
		if (!(condition)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                        \
		}                                                                       \
	} while (0)
