/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * error_text.h - texts of errors of firmware, the kernel or the device tree
 *
 * Texts of a connector type are in its own file: pci_text.h, phb_text.h...
 */
#pragma once

#include "libdrmgr/core/result.h"

/* The message of DR_FAULT_AMBIGUOUS, with error->what. */
#define ERROR_AMBIGUOUS "Several connectors have this name, specify one of %s"

/* A type's complete texts for faults, by enum dr_fault; NULL: the type has no text. */
struct error_words {
	const char *const *by_fault;
	size_t n;
};

/* Return one or more lines without the last LF, or NULL if there is no memory. The caller
 * frees them. drc is NULL if no connector was found yet. */
char *error_text(const struct dr_error *error, const struct drc *drc,
		 const struct error_words *words);
