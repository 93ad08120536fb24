/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stdout_end.h - close standard output at the end of a command
 */
#pragma once

/* Close standard output. Return status, or failed if status is 0 and not all could be
 * written. Print a message, unless the reader has closed the pipe: "lsslot | head". */
int stdout_end(const char *program, int status, int failed);

/* Close standard output of a program that has changed the machine. Return status in any
 * case. Print a message after any error. */
int stdout_end_of_change(const char *program, int status);
