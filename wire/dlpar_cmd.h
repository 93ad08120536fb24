/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dlpar_cmd.h - requests of /sys/kernel/dlpar, and the list it reads as
 *
 * Shape:   "RESOURCE add|remove " and "index 0x%08x", "count %u", "indexed-count %u
 *          0x%08x", no newline; memory alone knows counts. The file reads as resource
 *          names joined by commas, newline at the end.
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
	DLPAR_BY_COUNT, /* so many, the kernel chooses which */
	DLPAR_BY_RANGE, /* so many that follow each other, from drc_index on */
};

struct dlpar_request {
	const char *resource; /* "memory" */
	bool add;
	enum dlpar_form form;
	uint32_t count, drc_index; /* as far as the form has them */
};

/* Text of a request, NUL-terminated in cmd[DLPAR_CMD_MAX]; its length. */
size_t dlpar_cmd_put(char *cmd, const struct dlpar_request *request);

/* The same of one by index. */
size_t dlpar_cmd_by_index(char *cmd, const char *resource, bool add, uint32_t drc_index);

/* Does the list name this resource? */
bool dlpar_list_has(const char *list, const char *resource);
