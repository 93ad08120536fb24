/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * error_text.h - the words for what firmware, the kernel or the device tree met with
 *
 * What differs by connector type is that type's: pci_text.h, phb_text.h...
 */
#pragma once

#include "libdrmgr/core/result.h"

/* Faults for which a type has a sentence that says all: by enum dr_fault, NULL where it
 * has none. */
struct error_words {
	const char *const *by_fault;
	size_t n;
};

/* One or more lines without the last newline, malloc'ed; NULL without memory. drc is
 * NULL when no connector was found yet. */
char *error_text(const struct dr_error *error, const struct drc *drc,
		 const struct error_words *words);
