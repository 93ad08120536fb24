/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * option.h - finds, reads and checks options of devices and objects
 *
 * Errors:  negative errno; -EINVAL with QEMU's message. A missing option leaves *value
 *          unchanged and is not an error.
 * Source:  QEMU 7.2 error texts
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/paprvmm.h"

/* Return the value of the last option of this name, or NULL if it is missing. */
const char *option_get(const struct papr_option *options, size_t n, const char *name);

/* Read a number in C notation, at most max. */
int option_u32(const struct papr_option *options, size_t n, const char *name,
	       uint32_t max, uint32_t *value, struct papr_error *error);
/* The same for a property that QEMU reads with visitors: type is in the text of errors. */
int option_number(const struct papr_option *options, size_t n, const char *name,
		  const char *type, uint32_t max, uint32_t *value,
		  struct papr_error *error);
int option_s32(const struct papr_option *options, size_t n, const char *name,
	       int32_t *value, struct papr_error *error);
/* Read a size that may end with K, M, G, T or P, in either case, with an optional B. */
int option_size(const struct papr_option *options, size_t n, const char *name,
		uint64_t *value, struct papr_error *error);
/* Read "on", "yes", "true", "y" or their opposites. */
int option_bool(const struct papr_option *options, size_t n, const char *name,
		bool *value, struct papr_error *error);
/* Read a UUID of 36 characters into 16 bytes. *given receives whether the option
 * exists. */
int option_uuid(const struct papr_option *options, size_t n, const char *name,
		uint8_t uuid[16], bool *given, struct papr_error *error);

/* Accept only the options of a list that ends with NULL, "driver" and "id". Otherwise return -EINVAL with "Property
 * 'DRIVER.NAME' not found". */
int option_check_names(const struct papr_option *options, size_t n, const char *driver,
		       const char *const *names, struct papr_error *error);
