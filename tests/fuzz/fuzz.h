/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz.h - input for a decoder, and conditions for any input
 *
 * Each target is one file. libFuzzer's own main searches inputs (make fuzz), replay.c
 * uses those in tests/data/corpus (make check).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert(), NDEBUG does not disable it. */
#define MUST(condition)                                                                 \
	do {                                                                            \
		if (!(condition)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                        \
		}                                                                       \
	} while (0)
