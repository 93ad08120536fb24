/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * error.h - errors for users: code, message and hint
 *
 * All programs have the codes and hints of libdrmgr.
 */
#pragma once

#include "cli/json_util.h"
#include "libdrmgr/drmgr.h"

/* Put the code of an error, its message, and the hint for the code. */
void json_put_error(json_object *object, enum dr_code code, const char *message);

/* Return the object of an error; NULL, which is null: DR_CODE_NONE. */
json_object *error_object(enum dr_code code, const char *message);

/* After the messages of a failure: if standard error is a terminal, print the hint. For a
 * wrong command line, the message says already what to do. */
void error_print_hint(enum dr_code code);
