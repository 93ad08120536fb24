/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dlpar_cmd.h - requests to /sys/kernel/dlpar, and the list that it returns
 *
 * Shape:   a request is "RESOURCE add|remove ", then "index 0x%08x", "count %u" or
 *          "indexed-count %u 0x%08x", without newline; only memory supports counts.
 *          Reading the file returns resource names separated by commas, with a newline at
 *          the end.
 * Source:  Linux 6.12 arch/powerpc/platforms/pseries/dlpar.c
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DLPAR_CMD_MAX = 64 };

enum dlpar_form {
	DLPAR_BY_INDEX,
	DLPAR_BY_COUNT, /* count of them; the kernel chooses */
	DLPAR_BY_RANGE, /* count of them in a row, the first is drc_index */
};

struct dlpar_request {
	const char *resource; /* "memory" */
	bool add;
	enum dlpar_form form;
	uint32_t count, drc_index; /* only what the form needs */
};

/* Write a request into cmd[DLPAR_CMD_MAX], NUL-terminated. Return its length. */
size_t dlpar_cmd_encode(char *cmd, const struct dlpar_request *request);

/* Write a request by index, as dlpar_cmd_encode() does. */
size_t dlpar_cmd_by_index(char *cmd, const char *resource, bool add, uint32_t drc_index);

/* Return true if the list has this resource. */
bool dlpar_list_has(const char *list, const char *resource);
