/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * option.h - options of devices and objects: found, read, checked
 *
 * Errors:  negative errno; -EINVAL with QEMU's words. An option that is not there
 *          leaves *value as it was and is no error.
 * Source:  QEMU 7.2 error texts
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/paprvmm.h"

/* The value of the option of this name, the last one if there are several; NULL: not
 * given. */
const char *option_get(const struct papr_option *options, size_t n, const char *name);

/* A number in C's notation, at most max. */
int option_u32(const struct papr_option *options, size_t n, const char *name,
	       uint32_t max, uint32_t *value, struct papr_error *error);
int option_s32(const struct papr_option *options, size_t n, const char *name,
	       int32_t *value, struct papr_error *error);
/* A number that may end with K, M, G, T (either case, an optional B behind it). */
int option_size(const struct papr_option *options, size_t n, const char *name,
		uint64_t *value, struct papr_error *error);
/* "on", "yes", "true", "y" and their opposites. */
int option_bool(const struct papr_option *options, size_t n, const char *name,
		bool *value, struct papr_error *error);
/* 36 characters into 16 bytes; *given says whether there was one. */
int option_uuid(const struct papr_option *options, size_t n, const char *name,
		uint8_t uuid[16], bool *given, struct papr_error *error);

/* No option but these (NULL-terminated), "driver" and "id": -EINVAL "Property
 * 'DRIVER.NAME' not found". */
int option_check_names(const struct papr_option *options, size_t n, const char *driver,
		       const char *const *names, struct papr_error *error);
